// Bundles the client into dist/, which the server embeds. Automerge is a chunk of its own: the
// join page works before a byte of it is there.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** Where `npm run dev` finds a running server. */
const server = process.env.OOGST_SERVER_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: "es2022",
    // The server forbids inline scripts and `data:` is for images alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/api": server,
      "/sync": { target: server, ws: true },
      "^/j/[^/]+/qr\\.svg": server,
    },
  },
});
