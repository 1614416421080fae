// The wall as it stands, kept up to date: the feed says that something happened, the wall is then
// asked for whole. It needs nobody at its keyboard: it comes back after a cut line, a restarted
// server or a night.

import { announcer } from "../announce.svelte.ts";
import { ApiError, gathering, joinApart, wall } from "../api/index.ts";
import { follow } from "../feed.ts";
import { ui } from "../language.svelte.ts";
import { me } from "../me.ts";
import { backoff } from "../sync/backoff.ts";
import { ids, type Settled, type ShownGroup, settle, unsettled } from "./settled.ts";

/** Least milliseconds between two looks at the wall. */
const LOOK_EVERY_MS = 1_000;
/** What somebody writes in is looked at again after this long. */
const SETTLES_MS = 2_000;
/** A look without any news: a feed that went silent is found out. */
const IDLE_LOOK_MS = 45_000;
/** How long a new insight is marked as new. */
const FRESH_MS = 12_000;

const KEPT = "oogst.wall";

interface Who {
  readonly gathering: string;
  /** `null`: the browser's cookie speaks. */
  readonly token: string | null;
  /** What others join with; shown in the corner. */
  readonly joinCode: string | null;
  /** The code that this wall came in with, to come in again. */
  readonly observerCode: string | null;
}

function kept(observerCode: string): Who | null {
  try {
    const who = JSON.parse(localStorage.getItem(KEPT) ?? "null") as Who | null;
    return who?.observerCode === observerCode ? who : null;
  } catch {
    return null;
  }
}

/** Who looks: the holder of the link `/muur#OBSERVER/PARTICIPANT`, or who this browser is. */
async function whoLooks(afresh: boolean): Promise<Who | null> {
  const [observerCode = "", joinCode = null] = location.hash.slice(1).split("/");
  if (observerCode === "") {
    const own = me();
    if (own === null) return null;
    const { gathering: id, joinCode: code, token } = own;
    return { gathering: id, token, joinCode: code, observerCode: null };
  }
  const before = afresh ? null : kept(observerCode);
  if (before !== null) return { ...before, joinCode };
  const joined = await joinApart({ code: observerCode, name: ui.t.wall.title });
  const who = { gathering: joined.gathering.id, token: joined.token, joinCode, observerCode };
  localStorage.setItem(KEPT, JSON.stringify(who));
  return who;
}

export class WallView {
  groups = $state.raw<readonly ShownGroup[] | null>(null);
  title = $state("");
  joinCode = $state<string | null>(null);
  /** Insights that came a moment ago. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());
  offline = $state(false);
  /** Nobody may look: there is no link, or it is no longer right. */
  refused = $state<"nobody" | "ended" | null>(null);

  readonly #settled: Settled = new Map();
  readonly #known = new Set<string>();
  #who: Who | null = null;
  #unfollow: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #attempt = 0;
  #looking = false;
  #closed = false;

  constructor() {
    void this.#start(false);
  }

  close(): void {
    this.#closed = true;
    this.#unfollow?.();
    clearTimeout(this.#timer);
  }

  async #start(afresh: boolean): Promise<void> {
    this.#unfollow?.();
    this.#unfollow = null;
    try {
      this.#who = await whoLooks(afresh);
    } catch (error) {
      const gone = error instanceof ApiError && error.status >= 400 && error.status < 429;
      if (gone) this.refused = "ended";
      else this.#again(() => this.#start(afresh));
      return;
    }
    if (this.#who === null) {
      this.refused = "nobody";
      return;
    }
    this.joinCode = this.#who.joinCode;
    await this.#look();
  }

  /** Tries again after a pause, which the wall says aloud on its face. */
  #again(what: () => Promise<void>): void {
    if (this.#closed) return;
    this.offline = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void what(), backoff(this.#attempt));
    this.#attempt += 1;
  }

  #lookIn(milliseconds: number): void {
    const due = Date.now() + milliseconds;
    if (due >= this.#due || this.#closed) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), milliseconds);
  }

  async #look(): Promise<void> {
    const who = this.#who;
    if (who === null || this.#closed || this.#looking) return;
    this.#looking = true;
    this.#due = Number.POSITIVE_INFINITY;
    try {
      const now = await wall(who.gathering, who.token);
      if (this.title === "") this.title = (await gathering(who.gathering, who.token)).title;
      this.#show(settle(now.groups, this.#settled));
      this.offline = false;
      this.#attempt = 0;
      this.#listen(who, now.seq);
      const waits = now.groups.some(({ insights }) => unsettled(insights));
      this.#lookIn(waits ? SETTLES_MS : IDLE_LOOK_MS);
    } catch (error) {
      this.#failed(error, who);
    } finally {
      this.#looking = false;
    }
  }

  #failed(error: unknown, who: Who): void {
    const status = error instanceof ApiError ? error.status : 0;
    if (![401, 403, 404].includes(status)) {
      // A feed over a line that is gone may not notice: it starts again with the next look.
      this.#unfollow?.();
      this.#unfollow = null;
      this.#again(() => this.#look());
    } else if (who.observerCode !== null && this.#attempt === 0) {
      this.#attempt = 1;
      void this.#start(true);
    } else {
      this.refused = "ended";
    }
  }

  #listen(who: Who, after: number): void {
    if (this.#unfollow !== null || this.#closed) return;
    this.#unfollow = follow(who.gathering, after, who.token, {
      open: () => this.#lookIn(LOOK_EVERY_MS),
      down: () => this.#lookIn(LOOK_EVERY_MS),
      message: ({ type }) => {
        if (type.startsWith("gathering.")) this.title = "";
        this.#lookIn(LOOK_EVERY_MS);
      },
      ended: () => this.#lookIn(LOOK_EVERY_MS),
    });
  }

  #show(groups: readonly ShownGroup[]): void {
    const first = this.groups === null;
    const all = groups.flatMap(({ insights }) => ids(insights));
    const news = all.filter((id) => !this.#known.has(id));
    for (const id of news) this.#known.add(id);
    this.groups = groups;
    if (first || news.length === 0) return;
    this.fresh = new Set([...this.fresh, ...news]);
    announcer.sayCalmly(ui.t.wall.news(news.length));
    setTimeout(() => {
      this.fresh = new Set([...this.fresh].filter((id) => !news.includes(id)));
    }, FRESH_MS);
  }
}
