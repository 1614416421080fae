// The console's parts, each a page of its own below `/regie` and a chunk of its own.

import type { Component } from "svelte";
import type { Desk } from "./desk.svelte.ts";

type Section = Component<{ desk: Desk }>;

export interface Part {
  readonly path: string;
  readonly name:
    | "day"
    | "codes"
    | "people"
    | "themes"
    | "vote"
    | "rounds"
    | "work"
    | "guests"
    | "mend"
    | "end";
  readonly load: () => Promise<{ readonly default: Section }>;
}

/** In the order of a day. */
export const PARTS: readonly Part[] = [
  { path: "/regie/dag", name: "day", load: () => import("./Day.svelte") },
  { path: "/regie/codes", name: "codes", load: () => import("./Codes.svelte") },
  { path: "/regie/mensen", name: "people", load: () => import("./People.svelte") },
  { path: "/regie/themas", name: "themes", load: () => import("./Themes.svelte") },
  { path: "/regie/stemming", name: "vote", load: () => import("./Votes.svelte") },
  { path: "/regie/rondes", name: "rounds", load: () => import("./Rounds.svelte") },
  { path: "/regie/groepen", name: "work", load: () => import("./Work.svelte") },
  { path: "/regie/gasten", name: "guests", load: () => import("./Guests.svelte") },
  { path: "/regie/terug", name: "mend", load: () => import("./Mend.svelte") },
  { path: "/regie/slot", name: "end", load: () => import("./End.svelte") },
];

/** The part at a path; the day's where it names none. */
export const partAt = (path: string): Part =>
  PARTS.find((part) => path === part.path) ?? (PARTS[0] as Part);
