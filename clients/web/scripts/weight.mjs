// What each route loads, in bytes as gzip sends them, from the build's own manifest: prints a
// table, and fails where a bound is broken. The WebAssembly is counted apart: it comes while
// somebody types a name.
import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const WEB = new URL("../", import.meta.url).pathname;
/** The join page with all that it needs to be usable. */
const JOIN_BYTES_MAX = 30_000;
/** What any route's JavaScript has to stay under. */
const ROUTE_SCRIPT_BYTES_MAX = 120_000;
const LANGUAGES = ["nl", "fr", "en"];

const manifest = JSON.parse(readFileSync(`${WEB}dist/build.json`, "utf8"));
const routes = [
  ...readFileSync(`${WEB}src/pages.ts`, "utf8").matchAll(
    /\["(?<path>\/[^"]*)", \(\) => import\("\.\/(?<file>[^"]+)"\)\]/g,
  ),
].map(({ groups }) => ({ path: groups.path, page: `src/${groups.file}` }));
if (routes.length === 0) throw new Error("src/pages.ts names no page: has its form changed?");
const pages = new Set(routes.map(({ page }) => page));

const shell = new Set();
const sizes = new Map();
/** What goes over the line for a file: the server sends the smaller of the two. */
function bytes(file) {
  if (!sizes.has(file)) {
    const plain = readFileSync(`${WEB}dist/${file}`);
    const ready = `${WEB}dist/${file}.gz`;
    const packed = existsSync(ready) ? readFileSync(ready) : gzipSync(plain, { level: 9 });
    sizes.set(file, Math.min(plain.length, packed.length));
  }
  return sizes.get(file);
}

/** What a route shows only when it is asked for: a dialog, a section. Each is a row of its own. */
const isPanel = (key) => !pages.has(key) && !isCode(key) && !key.startsWith("src/messages/");
const isCode = (key) => key.endsWith(".ts") && !key.startsWith("src/messages/");

/** Every chunk that another brings: what it imports, and what it fetches whenever it runs. */
function brings(key, later = true, seen = new Set()) {
  if (seen.has(key)) return seen;
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`the build has no ${key}`);
  seen.add(key);
  for (const next of chunk.imports ?? []) brings(next, later, seen);
  // Other pages are other routes; of the languages one comes, which is added by itself.
  const fetched = later && !shell.has(key) ? (chunk.dynamicImports ?? []).filter(isCode) : [];
  for (const next of fetched) brings(next, later, seen);
  return seen;
}
const filesOf = (keys) =>
  [...keys].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]);

const sum = (files) => files.reduce((total, file) => total + bytes(file), 0);
const script = (files) => sum(files.filter((file) => file.endsWith(".js")));
/** The heaviest language of a folder of sentences. */
function words(folder) {
  const chunks = LANGUAGES.map((language) => manifest[`${folder}/${language}.ts`]?.file);
  const heaviest = chunks.filter(Boolean).sort((left, right) => bytes(right) - bytes(left))[0];
  if (heaviest === undefined) throw new Error(`the build has no sentences of ${folder}`);
  return heaviest;
}

// What is there on every route; what it fetches is the app and the pages.
const entry = brings("index.html", false);
const app = brings("src/app.ts", false);
for (const key of [...entry, ...app]) shell.add(key);

const always = ["index.html", "icon.svg", ...filesOf(entry), words("src/messages/first")];
const inside = [...filesOf(app), words("src/messages")];
const row = (route, keys, more = inside) => {
  const files = [...new Set([...always, ...more, ...filesOf(keys)])];
  const whole = files.filter((file) => !file.endsWith(".wasm"));
  return { route, script: script(whole), all: sum(whole) };
};
const table = [row("/j/CODE", brings("src/join/page.ts", false), [])];
/** A row for `route`, which loads `keys`; and for each panel of its last part, `added`. */
function measure(route, keys, added) {
  table.push(row(route, keys));
  const own = [...added].filter((key) => !shell.has(key));
  const panels = new Set(own.flatMap((key) => manifest[key].dynamicImports ?? []));
  for (const panel of [...panels].filter((key) => isPanel(key) && !keys.has(key))) {
    const more = brings(panel);
    const fresh = new Set([...more].filter((key) => !keys.has(key)));
    measure(`${route} + ${manifest[panel].name}`, new Set([...keys, ...more]), fresh);
  }
}
for (const { path, page } of routes) measure(path, brings(page), brings(page));
const kilobytes = (count) => `${(count / 1_000).toFixed(1)} kB`.padStart(9);
console.log("What a route loads, gzip, without the WebAssembly:");
console.log(`${"".padEnd(44)}${"scripts".padStart(9)}${"all".padStart(9)}`);
for (const { route, script: scripts, all } of table) {
  console.log(`${route.padEnd(44)}${kilobytes(scripts)}${kilobytes(all)}`);
}

const broken = [];
const [join, ...others] = table;
if (join.all >= JOIN_BYTES_MAX) broken.push(`/j/CODE weighs ${join.all} bytes`);
for (const { route, script: scripts } of others) {
  if (scripts >= ROUTE_SCRIPT_BYTES_MAX) broken.push(`${route} has ${scripts} bytes of scripts`);
}
console.log(
  `Bounds: the join page ${kilobytes(JOIN_BYTES_MAX).trim()}, the scripts of a route ` +
    `${kilobytes(ROUTE_SCRIPT_BYTES_MAX).trim()}.`,
);
if (broken.length > 0) {
  console.error(`Too heavy: ${broken.join("; ")}`);
  process.exit(1);
}
