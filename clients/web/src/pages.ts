// Which page is drawn at which path. Pages come when they are opened, so that the join page is
// there before everything else; those of a participant are fetched ahead once somebody is in, since
// the line may be gone by the time that they are wanted.

import type { Component } from "svelte";

type Page = () => Promise<{ readonly default: Component }>;

const PAGES: readonly (readonly [path: string, page: Page])[] = [
  ["/groep", () => import("./pages/Group.svelte")],
  ["/ik", () => import("./pages/MePage.svelte")],
  ["/muur", () => import("./pages/Wall.svelte")],
  ["/regie", () => import("./pages/RegiePage.svelte")],
];

/** Pages that a participant may want without a line. */
const AHEAD = ["/groep", "/ik", "/muur"];

/** The page of a path, or of what stands below it: `/groep/kies` is `/groep`. */
export const pageAt = (path: string): Page | null =>
  PAGES.find(([root]) => path === root || path.startsWith(`${root}/`))?.[1] ?? null;

let fetched = false;

/** Fetches what a participant will want, once a page load. */
export function fetchAhead(): void {
  if (fetched) return;
  fetched = true;
  for (const path of AHEAD) {
    // Without a line it is tried again when the page is opened.
    void pageAt(path)?.().catch(() => {});
  }
}
