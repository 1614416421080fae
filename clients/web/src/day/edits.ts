// What a facilitator writes in the programme: blocks, themes, and which theme a question is under.
// Each call is made inside one Automerge change.

import { word } from "../harvest/shape.ts";
import { addItem, liveItems, moveItem, setValueAt } from "../sync/edits.ts";
import type { BlockKind, ProgrammeShape } from "./programme.ts";

/** How long a new block is, until somebody says otherwise. */
const MINUTES = 15;
/** Longest that a block is planned: a day. */
const MINUTES_MAX = 24 * 60;

export function addBlock(root: ProgrammeShape, id: string, kind: BlockKind): void {
  if (root.blocks === undefined) return;
  addItem(root.blocks, id, { title: "", kind, minutes: MINUTES });
}

/** Puts a live block or theme one place earlier or later; says whether there was room. */
export function step(
  root: ProgrammeShape,
  map: "blocks" | "themes",
  id: string,
  by: -1 | 1,
): boolean {
  const items = root[map] ?? {};
  const row = liveItems<{ position?: string }>(items as Record<string, { position?: string }>);
  const at = row.findIndex((each) => each.id === id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= row.length) return false;
  moveItem(items as Record<string, { position?: string }>, id, to);
  return true;
}

export function setRemoved(
  root: ProgrammeShape,
  map: "blocks" | "themes" | "questions",
  id: string,
  removed: boolean,
): void {
  if (root[map]?.[id] !== undefined) setValueAt(root, [map, id, "removed"], removed);
}

/** Whole minutes from what was typed in a field; `null` where that is none. */
export function minutesOf(typed: string): number | null {
  const minutes = Number(typed);
  if (typed.trim() === "" || !Number.isInteger(minutes)) return null;
  return Math.min(MINUTES_MAX, Math.max(0, minutes));
}

export interface NewTheme {
  readonly id: string;
  readonly text: string;
  readonly author: string;
  readonly created: number;
}

export function addTheme(root: ProgrammeShape, { id, text, author, created }: NewTheme): void {
  if (root.themes === undefined) return;
  addItem(root.themes, id, { text, author, created, said_by: {} });
}

/** Puts questions under a theme, or under none. */
export function cluster(
  root: ProgrammeShape,
  questions: readonly string[],
  theme: string | null,
): void {
  for (const id of questions) {
    const question = root.questions?.[id];
    if (question === undefined || word(question.theme) === (theme ?? "")) continue;
    question.theme = theme;
  }
}
