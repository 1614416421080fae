// The items of one map of a document, as a list edits them: add, edit, move, remove, restore. The
// words for what was done come from the caller, so that it can be told and taken back.

import { uuid } from "../uuid.ts";
import { addItem, at, type ItemShape, liveItems, moveItem, setTextAt } from "./edits.ts";
import type { Work } from "./work.svelte.ts";

export type Items = Record<string, ItemShape & { [key: string]: unknown }>;

const itemsAt = (root: object | null, path: readonly string[]): Items =>
  (at(root, path) as Items | undefined) ?? {};

/** What every new item is born with; its maps are there from the start. */
export const born = (author: string): ItemShape & { [key: string]: unknown } => ({
  text: "",
  author,
  created: Date.now(),
  said_by: {},
  photos: {},
});

/** Sets an item's `removed`. */
function setRemoved(root: object, path: readonly string[], id: string, removed: boolean): void {
  const item = itemsAt(root, path)[id];
  if (item !== undefined && (item.removed === true) !== removed) item.removed = removed;
}

export class Listed {
  readonly #work: Work;
  readonly #path: readonly string[];

  constructor(work: Work, path: readonly string[]) {
    this.#work = work;
    this.#path = path;
  }

  get items(): Items {
    return itemsAt(this.#work.view.doc, this.#path);
  }

  /** Adds an item with this text under `key`; gives its id. */
  add(what: string, key: string, text: string, more: Record<string, unknown> = {}): string {
    const id = uuid();
    const item = { ...born(this.#work.me), ...more, [key]: text };
    this.#work.act(
      what,
      (document) => addItem(itemsAt(document, this.#path), id, item),
      (document) => setRemoved(document, this.#path, id, true),
    );
    return id;
  }

  remove(what: string, id: string): void {
    this.#work.act(
      what,
      (document) => setRemoved(document, this.#path, id, true),
      (document) => setRemoved(document, this.#path, id, false),
    );
  }

  restore(what: string, id: string): void {
    this.#work.act(
      what,
      (document) => setRemoved(document, this.#path, id, false),
      (document) => setRemoved(document, this.#path, id, true),
    );
  }

  /** Where the item stands among the live ones; -1 where it does not. */
  index(id: string): number {
    return liveItems(this.items).findIndex((each) => each.id === id);
  }

  move(what: string, id: string, by: 1 | -1): void {
    const from = this.index(id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= liveItems(this.items).length) return;
    this.#work.act(
      what,
      (document) => moveItem(itemsAt(document, this.#path), id, to),
      (document) => moveItem(itemsAt(document, this.#path), id, from),
    );
  }

  /** Writes a text of an item whole, as a button does. */
  write(id: string, key: string, text: string): void {
    this.#work.view.change((document) => setTextAt(document, [...this.#path, id, key], text));
  }
}
