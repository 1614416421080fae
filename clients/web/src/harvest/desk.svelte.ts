// What one person is doing on the group's page: what is open, what is being edited, what can be
// undone. Every action of a button or key goes through here, and says aloud what it did.

import { tick } from "svelte";
import { announcer } from "../announce.svelte.ts";
import { focusItem } from "../focus.ts";
import type { GatheringView } from "../gathering.svelte.ts";
import { ui } from "../language.svelte.ts";
import type { Me } from "../me.ts";
import { uuid } from "../uuid.ts";
import { add, move, setCategory, setHighlight, setRemoved, setSupport } from "./edits.ts";
import { type Category, ITEMS_MAX, word } from "./shape.ts";
import { inReadingOrder, type Move, spotFor } from "./tree.ts";
import type { HarvestView } from "./view.svelte.ts";

/** How long a removal can be undone from the bar below, in milliseconds. */
const UNDO_SHOWS_MS = 5_000;
const EXCERPT_CHARACTERS = 60;

export class Desk {
  readonly view: HarvestView;
  readonly gathering: GatheringView;
  readonly me: Me;
  /** Whether this person may write here now. */
  readonly writes: () => boolean;
  /** The insight whose actions are shown. */
  open = $state<string | null>(null);
  /** The insight whose text is being edited. */
  editing = $state<string | null>(null);
  /** Under which insight the composer adds. */
  under = $state<string | null>(null);
  /** The insight whose removal can still be undone below. */
  undoable = $state<string | null>(null);
  /** The insight that we added last, to bring it into sight. */
  added = $state<string | null>(null);
  #undoTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: HarvestView, gathering: GatheringView, me: Me, writes: () => boolean) {
    this.view = view;
    this.gathering = gathering;
    this.me = me;
    this.writes = writes;
  }

  /** The beginning of an insight's text, for a sentence about it. */
  excerpt(id: string): string {
    const text = word(this.view.doc?.insights?.[id]?.text).replace(/\s+/g, " ").trim();
    if (text === "") return ui.t.item.untitled;
    const letters = [...text];
    const short = letters.slice(0, EXCERPT_CHARACTERS).join("");
    return letters.length > EXCERPT_CHARACTERS ? `${short}…` : short;
  }

  /** The names of these people, as a list in words. */
  names(ids: readonly string[]): string {
    return ui.list(ids.map((id) => this.gathering.person(id)?.name || "…"));
  }

  add(text: string, category: Category | null): boolean {
    if (Object.keys(this.view.doc?.insights ?? {}).length >= ITEMS_MAX) {
      announcer.say(ui.t.composer.full);
      return false;
    }
    const id = uuid();
    this.view.change((harvest) =>
      add(harvest, {
        id,
        text,
        author: this.me.participant,
        created: Date.now(),
        parent: this.under,
        category,
        language: this.me.typesIn,
      }),
    );
    this.added = id;
    announcer.say(ui.t.composer.added);
    return true;
  }

  /** Opens the insight's text in its row. */
  edit(id: string): void {
    this.open = null;
    this.editing = id;
  }

  canMove(id: string, way: Move): boolean {
    return spotFor(this.view.tree, id, way) !== null;
  }

  move(id: string, way: Move): void {
    const spot = this.writes() ? spotFor(this.view.tree, id, way) : null;
    if (spot === null) return;
    this.view.change((harvest) => move(harvest, id, spot));
    const t = ui.t.item;
    if (way === "up") announcer.say(t.movedUp);
    else if (way === "down") announcer.say(t.movedDown);
    else announcer.say(spot.parent === null ? t.nowTop : t.nowUnder(this.excerpt(spot.parent)));
  }

  remove(id: string): void {
    const beside = this.#beside(id);
    this.view.change((harvest) => setRemoved(harvest, id, true));
    if (this.under === id) this.under = null;
    if (this.editing === id) this.editing = null;
    if (this.open === id) this.open = null;
    this.undoable = id;
    announcer.say(ui.t.item.removed);
    this.letUndo();
    void this.#focus(beside);
  }

  /** What stands after the insight in the list, or else before it. */
  #beside(id: string): string | null {
    const ids = inReadingOrder(this.view.tree.top).map((node) => node.id);
    const at = ids.indexOf(id);
    return ids[at + 1] ?? ids[at - 1] ?? null;
  }

  /** Takes the focus to an insight once it is drawn where it stands now. */
  async #focus(id: string | null): Promise<void> {
    await tick();
    // A dialog gives the focus back as it closes: ours is the later word.
    requestAnimationFrame(() => {
      if (id !== null) focusItem(id);
    });
  }

  restore(id: string): void {
    this.view.change((harvest) => setRemoved(harvest, id, false));
    if (this.undoable === id) this.undoable = null;
    announcer.say(ui.t.item.restored);
    void this.#focus(id);
  }

  /** Keeps the undo bar while somebody is on it. */
  holdUndo(): void {
    clearTimeout(this.#undoTimer);
  }

  letUndo(): void {
    clearTimeout(this.#undoTimer);
    this.#undoTimer = setTimeout(() => {
      this.undoable = null;
    }, UNDO_SHOWS_MS);
  }

  categorise(id: string, category: Category | null): void {
    this.view.change((harvest) => setCategory(harvest, id, category));
  }

  support(id: string, supports: boolean): void {
    this.view.change((harvest) => setSupport(harvest, id, this.me.participant, supports));
  }

  highlight(id: string, highlight: boolean): void {
    let done = false;
    this.view.change((harvest) => {
      done = setHighlight(harvest, id, highlight);
    });
    if (!done) announcer.say(ui.t.item.highlightFull);
  }

  supports(id: string): boolean {
    return this.view.doc?.insights?.[id]?.supports?.[this.me.participant] === true;
  }

  /** An own arrow with Alt moves the insight that has the focus. */
  key(id: string, event: KeyboardEvent): void {
    const ways: Record<string, Move> = {
      ArrowUp: "up",
      ArrowDown: "down",
      ArrowRight: "indent",
      ArrowLeft: "outdent",
    };
    const way = event.altKey ? ways[event.key] : undefined;
    if (way === undefined) return;
    event.preventDefault();
    this.move(id, way);
    void this.#focus(id);
  }
}
