// Bundles the client into dist/, which the server embeds. Automerge is a chunk of its own: the
// join page works before a byte of it is there.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { patientImports } from "./scripts/patient-imports.ts";
import { leanWasm } from "./scripts/wasm-sections.ts";

/** Where `npm run dev` finds a running server. */
const server = process.env.OOGST_SERVER_URL ?? "http://127.0.0.1:8080";

/** What stands in for heavier things of the same use. */
const lighter = (file: string): string => new URL(`src/lighter/${file}`, import.meta.url).pathname;

export default defineConfig({
  plugins: [patientImports(), svelte(), leanWasm()],
  resolve: {
    alias: [
      { find: /^@noble\/hashes\/sha256$/, replacement: lighter("sha256.ts") },
      { find: /^\.\/refs\/ref\.js$/, replacement: lighter("ref.ts") },
      { find: /^xstate$/, replacement: lighter("xstate.ts") },
      { find: /^debug$/, replacement: lighter("debug.ts") },
    ],
  },
  build: {
    target: "es2022",
    // The server forbids inline scripts and `data:` is for images alone.
    assetsInlineLimit: 0,
    // For what is counted of each route (scripts/weight.mjs) and what the service worker keeps.
    manifest: "build.json",
  },
  server: {
    proxy: {
      "/api": server,
      "/sync": { target: server, ws: true },
      "^/j/[^/]+/qr\\.svg": server,
    },
  },
});
