// What the page of any document works with: the document, the photos on their way into it, one's
// own acts in it, and whether one may write there now.

import { announcer } from "../announce.svelte.ts";
import { ui } from "../language.svelte.ts";
import type { Session } from "../session.svelte.ts";
import { Acts } from "./acts.svelte.ts";
import type { DocumentView } from "./document.svelte.ts";
import type { Waiting } from "./photos.svelte.ts";

export class Work {
  readonly session: Session;
  readonly view: DocumentView;
  readonly acts: Acts;
  /** The document's id in the API. */
  readonly document: string;
  readonly #writes: () => boolean;

  constructor(session: Session, view: DocumentView, document: string, writes: () => boolean) {
    this.session = session;
    this.view = view;
    this.document = document;
    this.acts = new Acts(view);
    this.#writes = writes;
  }

  get writes(): boolean {
    return this.#writes();
  }

  get me(): string {
    return this.session.me.participant;
  }

  /** Writes, and notes what takes it back. */
  act(what: string, change: (document: object) => void, back: (document: object) => void): void {
    this.view.change(change);
    this.acts.did(what, back);
    announcer.say(what);
  }

  undo(): void {
    const act = this.acts.undo();
    if (act !== null) announcer.say(ui.t.documents.undone(act.what));
  }

  /** The names of these people, as a list in words. */
  names(ids: readonly string[]): string {
    return ui.list(ids.map((id) => this.session.gathering.person(id)?.name || "…"));
  }

  /** The photos on their way into an item. */
  photosOf(item: readonly string[]): readonly Waiting[] {
    return this.session.photos?.of(this.document, item) ?? [];
  }

  /** Takes photos for the item at a path; `false` where one of them can't be read as one. */
  async addPhotos(item: readonly string[], images: readonly Blob[]): Promise<boolean> {
    return (await this.session.photos?.add(this.document, item, images)) ?? false;
  }
}
