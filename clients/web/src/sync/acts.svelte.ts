// What one did oneself in a document, newest last, and how each is taken back.
//
// Taking back is a change like any other: it undoes the own act alone, whatever others did since.

import type { DocumentView } from "./document.svelte.ts";
import { setTextAt } from "./edits.ts";

const ACTS_MAX = 30;

export interface Act {
  /** In words of the interface, as it was done. */
  readonly what: string;
  readonly undo: () => void;
}

export class Acts {
  #done = $state.raw<readonly Act[]>([]);
  readonly #view: DocumentView;

  constructor(view: DocumentView) {
    this.#view = view;
  }

  /** What would be taken back now. */
  get last(): Act | null {
    return this.#done.at(-1) ?? null;
  }

  /** Notes what was done, with the change that takes it back. */
  did(what: string, back: (document: object) => void): void {
    this.#note({ what, undo: () => this.#view.change(back) });
  }

  /**
   * Notes that the text at `path` was edited by hand; `before` is what it was. Taken back as if
   * nothing had happened since, so that what others wrote in it meanwhile stays.
   */
  edited(what: string, path: readonly string[], before: string): void {
    const heads = this.#view.heads();
    this.#note({
      what,
      undo: () => this.#view.changeAt(heads, (document) => setTextAt(document, path, before)),
    });
  }

  #note(act: Act): void {
    this.#done = [...this.#done.slice(1 - ACTS_MAX), act];
  }

  /** Takes the last act back; says which. */
  undo(): Act | null {
    const act = this.last;
    if (act === null) return null;
    this.#done = this.#done.slice(0, -1);
    act.undo();
    return act;
  }
}
