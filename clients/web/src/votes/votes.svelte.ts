// The gathering's votes as this participant may see them, asked again whenever the feed tells of
// one.

import type { Vote } from "../api/answers.ts";
import { votes } from "../api/votes.ts";
import type { GatheringView } from "../gathering.svelte.ts";
import { keepVotes, keptVotes, type Me } from "../me.ts";

const TOLD = /^(vote|selection|theme)\./;
const AGAIN_MS = 400;

export class VotesView {
  list = $state.raw<readonly Vote[]>([]);
  /** The server answered at least once. */
  known = $state(false);
  readonly #me: Me;
  readonly #deaf: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(me: Me, gathering: GatheringView) {
    this.#me = me;
    this.list = keptVotes(me.gathering);
    this.#deaf = gathering.listen(({ type }) => {
      if (TOLD.test(type)) this.refreshSoon();
    });
    void this.refresh();
  }

  /** The vote that matters now: the one that is open, else the newest. */
  get current(): Vote | null {
    return this.list.findLast(({ phase }) => phase === "open") ?? this.list.at(-1) ?? null;
  }

  async refresh(): Promise<void> {
    try {
      this.list = await votes(this.#me.gathering, this.#me.token);
      this.known = true;
      keepVotes(this.#me.gathering, this.list);
    } catch {
      // What we have stays; the next word of the feed or of the line asks again.
    }
  }

  refreshSoon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, AGAIN_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#deaf();
  }
}
