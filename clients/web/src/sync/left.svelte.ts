// What one still had to send in a group that one has left: it is offered again from every page
// load, in the background, until the server has named it. Until then the save line counts it.

import { keepUnsent, type Me, unsent } from "../me.ts";
import type { Documents } from "./documents.ts";
import { HarvestView } from "./harvest.svelte.ts";

export class LeftBehind {
  views = $state.raw<readonly HarvestView[]>([]);
  /** Things changed in those groups that the server has not named. */
  readonly waiting = $derived(this.views.reduce((sum, view) => sum + view.waiting, 0));
  readonly #me: Me;
  readonly #opening = new Set<string>();
  #current: string | undefined;
  #over = false;

  constructor(me: Me) {
    this.#me = me;
  }

  /** Offers what waits in every document but `current`, which its own page offers. */
  offer(documents: Documents, current: string | undefined): void {
    this.#current = current;
    this.#drop((view) => view.url === current);
    for (const { url } of unsent(this.#me.participant)) {
      if (url !== current && !this.#opening.has(url)) void this.#open(documents, url);
    }
  }

  async #open(documents: Documents, url: string): Promise<void> {
    this.#opening.add(url);
    const view = await HarvestView.open(documents, url, this.#me, true).catch(() => null);
    if (view === null || this.#over || url === this.#current) {
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

  #drop(which: (view: HarvestView) => boolean): void {
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
