// Makes dist/sw.js of worker/sw.js: which files this build has, and a name that is its alone.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const WEB = new URL("../", import.meta.url).pathname;
const DIST = `${WEB}dist/`;

const files = readdirSync(DIST, { recursive: true })
  .filter((name) => statSync(join(DIST, name)).isFile())
  .filter((name) => !/\.(br|gz|map)$/.test(name) && !["sw.js", "build.json"].includes(name))
  .sort();
const worker = readFileSync(`${WEB}worker/sw.js`, "utf8");
const hash = createHash("sha256").update(worker);
for (const name of files) hash.update(name).update(readFileSync(join(DIST, name)));
const build = hash.digest("hex").slice(0, 16);
const paths = files.map((name) => (name === "index.html" ? "/" : `/${name}`));
const head = `const BUILD = ${JSON.stringify(build)};\nconst FILES = ${JSON.stringify(paths)};\n`;
writeFileSync(`${DIST}sw.js`, head + worker);
