// The app without a line: keeps this build's files, and gives its page at every route of ours.
// What is data goes to the server as if this was not here. `BUILD` and `FILES` are put before this
// by scripts/worker.mjs.
//
// A newer build waits beside this one until no page of this one is open, or until somebody says so:
// nothing is changed under an open editor.

/* global BUILD, FILES */
const CACHE = `oogst-${BUILD}`;
const OURS =
  /^\/(?:(?:j|nu|groep|muur|regie|dag|verslag|privacy|toegankelijkheid|ik)(?:\/[\w-]*)*)?$/;
const kept = new Set(FILES);

/** A file whose name holds its content's hash is the same in every build. */
async function keep(cache, path) {
  const before = path.startsWith("/assets/") ? await caches.match(path) : undefined;
  if (before !== undefined) await cache.put(path, before);
  else await cache.add(path);
}

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(FILES.map((path) => keep(cache, path)));
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("oogst-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function give(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", ({ data }) => {
  if (data === "now") void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (OURS.test(pathname)) event.respondWith(give("/", request));
  } else if (kept.has(pathname)) {
    event.respondWith(give(pathname, request));
  }
});
