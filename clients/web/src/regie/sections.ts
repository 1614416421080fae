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
];

/** The part at a path; the day's where it names none. */
export const partAt = (path: string): Part =>
  PARTS.find((part) => path === part.path) ?? (PARTS[0] as Part);
