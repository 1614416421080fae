// What one still has to send in a document that no page shows, as that of a group that one has
// left: it is offered again from every page load, in the background, until the server has named it.
// Until then the save line counts it.

import { keepUnsent, type Me, unsent } from "../me.ts";
import { type DocumentView, openDocument } from "./document.svelte.ts";
import type { Documents } from "./documents.ts";

export { Holding } from "./holding.svelte.ts";

/** Writes in a document that no page shows; `false` where that may not outlive this page. */
export async function writeUnseen(
  documents: Documents,
  url: string,
  me: Me,
  edit: (content: object) => void,
): Promise<boolean> {
  const view = await openDocument(documents, url, me, true);
  try {
    if (view.doc === null) throw new TypeError("the document is not on this device yet");
    view.change(edit);
    return await view.lasts();
  } finally {
    view.close();
  }
}

export class LeftBehind {
  views = $state.raw<readonly DocumentView[]>([]);
  /** Things changed in those documents that the server has not named. */
  readonly waiting = $derived(this.views.reduce((sum, view) => sum + view.waiting, 0));
  readonly #me: Me;
  readonly #opening = new Set<string>();
  #shown: ReadonlySet<string> = new Set();
  #over = false;

  constructor(me: Me) {
    this.#me = me;
  }

  /** Offers what waits in every document but those on show, which their own pages offer. */
  offer(documents: Documents, shown: ReadonlySet<string>): void {
    this.#shown = shown;
    this.#drop((view) => shown.has(view.url));
    for (const { url } of unsent(this.#me.participant)) {
      if (!shown.has(url) && !this.#opening.has(url)) void this.#open(documents, url);
    }
  }

  async #open(documents: Documents, url: string): Promise<void> {
    this.#opening.add(url);
    const view = await openDocument(documents, url, this.#me, true).catch(() => null);
    if (view === null || this.#over || this.#shown.has(url)) {
      view?.close();
      this.#opening.delete(url);
    } else if (view.doc === null) {
      // Nothing of it stands on this device any more, if its store could be read.
      view.close();
      if (documents.knows) this.#strike(url);
    } else {
      this.views = [...this.views, view];
    }
  }

  #strike(url: string): void {
    const { participant } = this.#me;
    for (const noted of unsent(participant)) {
      if (noted.url === url) keepUnsent(participant, noted, false);
    }
  }

  #drop(which: (view: DocumentView) => boolean): void {
    for (const view of this.views.filter(which)) {
      view.close();
      this.#opening.delete(view.url);
    }
    this.views = this.views.filter((view) => !which(view));
  }

  close(): void {
    this.#over = true;
    this.#drop(() => true);
  }
}
