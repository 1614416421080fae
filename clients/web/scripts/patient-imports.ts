// A Vite plugin: what is imported on demand comes by src/arrives.ts, which survives a bad line,
// and is told all files that the piece consists of.
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** Vite's own helper around every import on demand, as Vite names it within a build. */
const HELPER = "\0vite/preload-helper.js";
const ARRIVES = fileURLToPath(new URL("../src/arrives.ts", import.meta.url));

export const patientImports = (): Plugin => {
  let replaced = false;
  return {
    name: "patient-imports",
    apply: "build",
    enforce: "pre",
    config: () => ({
      build: {
        modulePreload: {
          polyfill: false,
          resolveDependencies: (file, files, { hostType }) =>
            hostType === "html" ? files : [...new Set([file, ...files])],
        },
      },
    }),
    load(id) {
      if (id !== HELPER) return null;
      replaced = true;
      return `export { arrives as __vitePreload } from ${JSON.stringify(ARRIVES)};`;
    },
    buildEnd(error) {
      if (error === undefined && !replaced) {
        this.error("Vite's helper of imports on demand has another name now: see src/arrives.ts");
      }
    },
  };
};
