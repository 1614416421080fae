// What one person is doing on the group's page: what is open, what is being edited, what can be
// undone. Every action of a button or key goes through here, and says aloud what it did.

import { tick } from "svelte";
import { announcer } from "../announce.svelte.ts";
import { focusItem } from "../focus.ts";
import type { GatheringView } from "../gathering.svelte.ts";
import { ui } from "../language.svelte.ts";
import type { Me } from "../me.ts";
import type { Rest } from "../messages/nl.ts";
import type { Work } from "../sync/work.svelte.ts";
import { uuid } from "../uuid.ts";
import {
  add,
  move,
  placeOf,
  putBack,
  setCategory,
  setHighlight,
  setRemoved,
  setSaidBy,
  setSupport,
} from "./edits.ts";
import { type Category, category, type Harvest, ITEMS_MAX, word } from "./shape.ts";
import { inReadingOrder, type Move, type Spot, spotAt, spotFor, type Zone } from "./tree.ts";
import type { HarvestView } from "./view.svelte.ts";

/** How long a removal can be undone from the bar below, in milliseconds. */
const UNDO_SHOWS_MS = 5_000;
const EXCERPT_CHARACTERS = 60;

type Did = keyof Rest["harvest"]["did"];

export class Desk {
  readonly work: Work;
  readonly view: HarvestView;
  readonly gathering: GatheringView;
  readonly me: Me;
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
  /** The insight that a mouse drags now, and where it would go. */
  dragged = $state<string | null>(null);
  drop = $state.raw<{ readonly onto: string; readonly zone: Zone } | null>(null);
  /** How often we ourselves changed the list: then it moves as we wished. */
  moves = 0;
  #undoTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: Work, view: HarvestView) {
    this.work = work;
    this.view = view;
    this.gathering = work.session.gathering;
    this.me = work.session.me;
  }

  /** Whether this person may write here now. */
  writes(): boolean {
    return this.work.writes;
  }

  /** From the plenary on everybody sees how many support what. */
  get totals(): boolean {
    const { data, slots } = this.gathering;
    const late = (kind: string | null): boolean => kind === "plenary" || kind === "closing";
    return (
      data?.status === "closed" ||
      slots.some(({ block, state }) => state !== "ahead" && late(block.kind))
    );
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
    return this.work.names(ids);
  }

  /** Writes, and notes how it is taken back. */
  #act(
    did: Did,
    id: string,
    change: (harvest: Harvest) => void,
    back: (harvest: Harvest) => void,
  ): void {
    this.moves += 1;
    this.view.change(change);
    const words = ui.t.harvest.did[did];
    this.work.acts.did(`${words}, ${this.excerpt(id)}`, back);
  }

  /** Takes back the last own act, and says which. */
  undo(): void {
    this.moves += 1;
    const act = this.work.acts.undo();
    if (act === null) return;
    this.undoable = null;
    announcer.say(ui.t.harvest.undone(act.what));
  }

  /** Adds an insight; gives its id, or nothing where there is no room. */
  add(text: string, kind: Category | null, saidBy: readonly string[]): string | null {
    if (Object.keys(this.view.doc?.insights ?? {}).length >= ITEMS_MAX) {
      announcer.say(ui.t.composer.full);
      return null;
    }
    const id = uuid();
    const parent = this.under;
    const insight = {
      id,
      text,
      author: this.me.participant,
      created: Date.now(),
      parent,
      category: kind,
      language: this.me.typesIn,
      saidBy,
    };
    this.#act(
      "added",
      id,
      (harvest) => add(harvest, insight),
      (harvest) => setRemoved(harvest, id, true),
    );
    this.added = id;
    announcer.say(ui.t.composer.added);
    return id;
  }

  /** Opens the insight's text in its row. */
  edit(id: string): void {
    this.open = null;
    this.editing = id;
  }

  /** Notes that its text was edited; `before` is what it was. */
  edited(id: string, before: string): void {
    if (word(this.view.doc?.insights?.[id]?.text) === before) return;
    const what = `${ui.t.harvest.did.edited}, ${this.excerpt(id)}`;
    this.work.acts.edited(what, ["insights", id, "text"], before);
  }

  canMove(id: string, way: Move): boolean {
    return spotFor(this.view.tree, id, way) !== null;
  }

  move(id: string, way: Move): void {
    const spot = this.writes() ? spotFor(this.view.tree, id, way) : null;
    if (spot === null) return;
    this.#moveTo(id, spot);
    const t = ui.t.item;
    if (way === "up") announcer.say(t.movedUp);
    else if (way === "down") announcer.say(t.movedDown);
    else announcer.say(spot.parent === null ? t.nowTop : t.nowUnder(this.excerpt(spot.parent)));
  }

  #moveTo(id: string, spot: Spot): void {
    const before = placeOf(this.view.doc ?? {}, id);
    if (before === null) return;
    this.#act(
      "moved",
      id,
      (harvest) => move(harvest, id, spot),
      (harvest) => putBack(harvest, id, before),
    );
  }

  /** Where what is dragged would go. */
  dropSpot(): Spot | null {
    if (this.dragged === null || this.drop === null) return null;
    return spotAt(this.view.tree, this.dragged, this.drop.onto, this.drop.zone);
  }

  /** Lets go of what is dragged. */
  dropped(): void {
    const spot = this.writes() ? this.dropSpot() : null;
    if (this.dragged !== null && spot !== null) this.#moveTo(this.dragged, spot);
    this.dragged = null;
    this.drop = null;
  }

  remove(id: string): void {
    const beside = this.#beside(id);
    this.#act(
      "removed",
      id,
      (harvest) => setRemoved(harvest, id, true),
      (harvest) => setRemoved(harvest, id, false),
    );
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
    this.#act(
      "restored",
      id,
      (harvest) => setRemoved(harvest, id, false),
      (harvest) => setRemoved(harvest, id, true),
    );
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

  categorise(id: string, kind: Category | null): void {
    const insight = this.view.doc?.insights?.[id];
    const before = insight === undefined ? null : category(insight);
    this.#act(
      "kind",
      id,
      (harvest) => setCategory(harvest, id, kind),
      (harvest) => setCategory(harvest, id, before),
    );
  }

  support(id: string, supports: boolean): void {
    const who = this.me.participant;
    this.#act(
      "supported",
      id,
      (harvest) => setSupport(harvest, id, who, supports),
      (harvest) => setSupport(harvest, id, who, !supports),
    );
  }

  attribute(id: string, who: string, said: boolean): void {
    this.#act(
      "attributed",
      id,
      (harvest) => setSaidBy(harvest, id, who, said),
      (harvest) => setSaidBy(harvest, id, who, !said),
    );
  }

  highlight(id: string, highlight: boolean): void {
    let done = false;
    this.view.change((harvest) => {
      done = setHighlight(harvest, id, highlight);
    });
    if (!done) {
      announcer.say(ui.t.item.highlightFull);
      return;
    }
    const what = `${ui.t.harvest.did.highlighted}, ${this.excerpt(id)}`;
    this.work.acts.did(what, (harvest) => void setHighlight(harvest, id, !highlight));
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
