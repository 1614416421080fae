// Puts a .br and a .gz beside every file of dist/ that gets smaller by it, so that the server
// compresses nothing while it serves. OOGST_BROTLI_QUALITY (0 to 11) trades time for bytes: the
// WebAssembly takes 0.4 s at 9 and 12 s at 11.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url).pathname;
const SMALLEST_BYTES = 1024;
const quality = Number(process.env.OOGST_BROTLI_QUALITY ?? 9);

for (const name of readdirSync(DIST, { recursive: true }).sort()) {
  const path = join(DIST, name);
  if (!statSync(path).isFile() || /\.(br|gz|png|jpg|woff2)$/.test(name)) continue;
  const bytes = readFileSync(path);
  if (bytes.length < SMALLEST_BYTES) continue;
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  if (brotli.length < bytes.length) writeFileSync(`${path}.br`, brotli);
  if (gzip.length < bytes.length) writeFileSync(`${path}.gz`, gzip);
}
