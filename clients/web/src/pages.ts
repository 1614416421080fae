// Which page is drawn at which path. Pages come when they are opened, so that the join page is
// there before everything else; those of a participant are fetched ahead once somebody is in, since
// the line may be gone by the time that they are wanted.

import type { Component } from "svelte";
import { ui } from "./language.svelte.ts";

export type Page = () => Promise<{ readonly default: Component }>;

// What stands below another path comes before it.
const PAGES: readonly (readonly [path: string, page: Page])[] = [
  ["/nu/kaart", () => import("./pages/CardPage.svelte")],
  ["/nu/vragen", () => import("./pages/QuestionsPage.svelte")],
  ["/nu/stem", () => import("./pages/VotePage.svelte")],
  ["/nu/afronden", () => import("./pages/ClosingPage.svelte")],
  ["/nu/welkom", () => import("./pages/BriefPage.svelte")],
  ["/nu", () => import("./pages/NowPage.svelte")],
  ["/groep", () => import("./pages/Group.svelte")],
  ["/ik", () => import("./pages/MePage.svelte")],
  ["/muur", () => import("./pages/Wall.svelte")],
  ["/dag", () => import("./pages/Replay.svelte")],
  ["/verslag", () => import("./pages/Report.svelte")],
  ["/regie", () => import("./pages/RegiePage.svelte")],
  ["/privacy", () => import("./pages/StatementPage.svelte")],
  ["/toegankelijkheid", () => import("./pages/StatementPage.svelte")],
];

/** Pages that a participant may want without a line, the most wanted first. */
const AHEAD = [
  "/nu",
  "/groep",
  "/ik",
  "/muur",
  "/nu/kaart",
  "/nu/vragen",
  "/nu/stem",
  "/nu/afronden",
];

/** What the group's page shows nearly always, apart so that its other pages stay light. */
const fetchHarvest = () => import("./pages/HarvestPage.svelte");

/** The page of a path, or of what stands below it: `/groep/kies` is `/groep`. */
export const pageAt = (path: string): Page | null =>
  PAGES.find(([root]) => path === root || path.startsWith(`${root}/`))?.[1] ?? null;

let fetched = false;

/** Fetches what a participant will want, once a page load. */
export function fetchAhead(): void {
  if (fetched) return;
  fetched = true;
  ui.fetchAhead();
  for (const page of [...AHEAD.map(pageAt), fetchHarvest]) {
    // Without a line it is tried again when the page is opened.
    void page?.().catch(() => {});
  }
}

/** Fetches what typing in a group takes, while somebody still says who they are. */
export async function fetchEngine(): Promise<void> {
  const engine = import("./sync/documents.ts").then(({ startEngine }) => startEngine());
  // It is fetched again by who needs it.
  const pages = [pageAt("/nu")?.(), pageAt("/groep")?.(), fetchHarvest()];
  await Promise.all([engine, ui.open(), ...pages]).catch(() => {});
}
