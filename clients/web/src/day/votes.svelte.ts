// The gathering's votes as the asker may see them: asked again whenever the feed tells of one.

import { type Vote, votes } from "../api/index.ts";
import type { GatheringView } from "../gathering.svelte.ts";
import type { Me } from "../me.ts";

const CHANGING = /^(vote|selection|theme)\./;
const REFRESH_EVERY_MS = 500;

export class VotesView {
  all = $state.raw<readonly Vote[]>([]);
  /** The server has answered. */
  known = $state(false);
  /** The newest vote: the one that counts. */
  readonly last: Vote | null = $derived(this.all.at(-1) ?? null);
  readonly #me: Me;
  readonly #deaf: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(gathering: GatheringView, me: Me) {
    this.#me = me;
    this.#deaf = gathering.listen(({ type }) => {
      if (CHANGING.test(type)) this.#soon();
    });
    void this.refresh();
  }

  async refresh(): Promise<void> {
    try {
      this.all = await votes(this.#me.gathering, this.#me.token);
      this.known = true;
    } catch {
      // What was there last stays; the feed's next line, or its return, asks again.
    }
  }

  #soon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, REFRESH_EVERY_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#deaf();
  }
}
