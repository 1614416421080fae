// The gathering as this participant sees it: groups, who is where, what is locked. Asked over HTTP
// and asked again whenever the feed tells of an act that changes it; the last answer is kept on the
// device, so that the group's page opens without a line.

import {
  ApiError,
  type Gathering,
  type GroupInfo,
  gathering,
  type ParticipantInfo,
} from "./api.ts";
import { type FeedMessage, follow } from "./feed.ts";
import { keepGathering, keptGathering, type Me } from "./me.ts";

/** Acts after which the gathering looks different. */
const CHANGING = /^(gathering|round|group|document|participant)\./;
const REFRESH_EVERY_MS = 500;

export class GatheringView {
  data = $state.raw<Gathering | null>(null);
  /** The server no longer lets us in. */
  ended = $state(false);

  readonly #me: Me;
  #unfollow: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #controller = new AbortController();

  constructor(me: Me) {
    this.#me = me;
    this.data = keptGathering(me.gathering);
    const { signal } = this.#controller;
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    window.addEventListener("online", () => this.refreshSoon(), { signal });
    void this.refresh().then(() => this.#look());
  }

  get self(): ParticipantInfo | null {
    return this.data?.participants.find(({ id }) => id === this.#me.participant) ?? null;
  }

  /** The group that we are in, in the running round. */
  get group(): GroupInfo | null {
    const own = this.self?.group;
    return this.data?.groups.find(({ id }) => id === own) ?? null;
  }

  /** The name that somebody goes by. */
  person(id: string): ParticipantInfo | null {
    return this.data?.participants.find((each) => each.id === id) ?? null;
  }

  async refresh(): Promise<void> {
    try {
      const fresh = await gathering(this.#me.gathering, this.#me.token);
      this.data = fresh;
      this.ended = false;
      keepGathering(fresh);
    } catch (error) {
      if (error instanceof ApiError && [401, 403, 404].includes(error.status)) this.ended = true;
      // Anything else is a line that is down or a server that starts: what we have stays.
    }
  }

  refreshSoon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, REFRESH_EVERY_MS);
  }

  /** A page that nobody looks at holds no feed: phones sleep, browsers allow few connections. */
  #look(): void {
    const visible = document.visibilityState === "visible";
    if (!visible) {
      this.#unfollow?.();
      this.#unfollow = null;
    } else if (this.#unfollow === null && !this.ended && !this.#controller.signal.aborted) {
      const message = ({ type }: FeedMessage): void => {
        if (CHANGING.test(type)) this.refreshSoon();
      };
      this.#unfollow = follow(this.#me.gathering, this.data?.seq ?? 0, this.#me.token, {
        open: () => this.refreshSoon(),
        down: () => {},
        message,
        ended: () => void this.refresh(),
      });
    }
  }

  close(): void {
    this.#controller.abort();
    this.#unfollow?.();
    clearTimeout(this.#timer);
  }
}
