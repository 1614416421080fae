// Writes that every kind of document shares. Each call is made inside one Automerge change.
//
// A text is written as the difference with what stands there, so that others' letters stay; items
// are never deleted; a value that is already so is not written again, since automerge-repo sends
// no change that shows no difference.

import { updateText } from "@automerge/automerge/slim";
import { type Chance, inOrder, place } from "../harvest/position.ts";
import { TEXT_CHARACTERS_MAX, type Word, word } from "../harvest/shape.ts";

/** Above this many new characters a text is replaced whole: a text object keeps all it ever had. */
const SPLICE_CHARACTERS_MAX = 5_000;

/** What every item may have. */
export interface ItemShape {
  text?: Word;
  author?: Word;
  created?: number;
  position?: Word;
  removed?: boolean;
  said_by?: Record<string, boolean>;
  photos?: Record<string, boolean>;
}

type Tree = { [key: string]: unknown };

/** What stands at a path; `undefined` where something on the way is missing. */
export function at(root: object | null, path: readonly string[]): unknown {
  let found: unknown = root;
  for (const key of path) found = (found as Tree | null | undefined)?.[key];
  return found;
}

/** The text at a path; empty where there is none. */
export const textAt = (root: object | null, path: readonly string[]): string =>
  word(at(root, path) as Word | null | undefined);

/** How many characters of `next` are neither in the shared beginning nor in the shared end. */
function inserted(previous: string, next: string): number {
  const shortest = Math.min(previous.length, next.length);
  let front = 0;
  while (front < shortest && previous[front] === next[front]) front += 1;
  let back = 0;
  while (back < shortest - front && previous.at(-1 - back) === next.at(-1 - back)) back += 1;
  return next.length - front - back;
}

/** Writes the text at a path whose parent is there. */
export function setTextAt(root: object, path: readonly string[], text: string): void {
  const parent = at(root, path.slice(0, -1)) as Tree | undefined;
  const key = path.at(-1);
  if (parent === undefined || parent === null || key === undefined) return;
  const next = text.slice(0, TEXT_CHARACTERS_MAX);
  const previous = parent[key] as Word | undefined;
  if (previous !== undefined && word(previous) === next) return;
  if (typeof previous === "string" && inserted(previous, next) <= SPLICE_CHARACTERS_MAX) {
    updateText(root, [...path], next);
  } else {
    parent[key] = next;
  }
}

/** Writes a value from a list, a number, a date or a flag. */
export function setValueAt(
  root: object,
  path: readonly string[],
  value: string | number | boolean | null,
): void {
  const parent = at(root, path.slice(0, -1)) as Tree | undefined;
  const key = path.at(-1);
  if (parent === undefined || parent === null || key === undefined) return;
  const previous = parent[key];
  const same =
    typeof value === "string" ? word(previous as Word | undefined) === value : previous === value;
  if (!same) parent[key] = value;
}

/** Puts a key in a map of flags, or takes it out: who supports, who said it, which photo. */
export function setFlagAt(root: object, path: readonly string[], flag: string, on: boolean): void {
  const parent = at(root, path.slice(0, -1)) as Tree | undefined;
  const key = path.at(-1);
  if (parent === undefined || parent === null || key === undefined) return;
  const flags = parent[key] as Record<string, boolean> | undefined;
  if ((flags?.[flag] === true) === on) return;
  if (flags === undefined) parent[key] = { [flag]: true };
  else if (on) flags[flag] = true;
  else delete flags[flag];
}

/** Live items in order. */
export function liveItems<Item extends { position?: Word; removed?: boolean }>(
  items: Readonly<Record<string, Item>> | undefined,
): { readonly id: string; readonly position: string; readonly item: Item }[] {
  return Object.entries(items ?? {})
    .filter(([, item]) => item.removed !== true)
    .map(([id, item]) => ({ id, position: word(item.position), item }))
    .sort(inOrder);
}

/** Adds an item as the last one of its map. Its maps are born with it: two who write in them at
 * the same moment then write in one and the same. */
export function addItem<Item extends { position?: Word; removed?: boolean }>(
  items: Record<string, Item>,
  id: string,
  item: Item,
  chance?: Chance,
): void {
  const row = liveItems(items);
  const positions = place(row, id, row.length, chance);
  items[id] = { ...item, position: positions.get(id) ?? "V", removed: false };
  positions.delete(id);
  reposition(items, positions);
}

/** Puts an item at an index among the live ones. */
export function moveItem<Item extends { position?: Word; removed?: boolean }>(
  items: Record<string, Item>,
  id: string,
  index: number,
  chance?: Chance,
): void {
  const others = liveItems(items).filter((each) => each.id !== id);
  reposition(items, place(others, id, index, chance));
}

function reposition<Item extends { position?: Word }>(
  items: Record<string, Item>,
  positions: ReadonlyMap<string, string>,
): void {
  for (const [id, position] of positions) {
    const item = items[id];
    if (item !== undefined) item.position = position;
  }
}
