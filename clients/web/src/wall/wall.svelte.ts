// The wall as it stands, kept up to date: the feed says that something happened, the wall is then
// asked for whole. It needs nobody at its keyboard: it comes back after a cut line, a restarted
// server or a night.

import { announcer } from "../announce.svelte.ts";
import {
  ApiError,
  allEvents,
  type DocumentKind,
  documentJson,
  type Gathering,
  gathering,
  type Line,
  type Vote,
  votes,
  type Wall,
  type WallRegion,
  wall,
} from "../api/index.ts";
import { type Programme, type ProgrammeShape, readProgramme } from "../day/programme.ts";
import { type FeedMessage, follow } from "../feed.ts";
import { ui } from "../language.svelte.ts";
import { wallWords } from "../messages/wall.ts";
import { backoff } from "../sync/backoff.ts";
import { type Card, type IntroductionsShape, readCards } from "./cards.ts";
import { ids, type Settled, type ShownGroup, settle, settleRegions, unsettled } from "./settled.ts";
import { type Who, whoLooks } from "./who.ts";

/** Least milliseconds between two looks at the wall. */
const LOOK_EVERY_MS = 1_000;
/** What somebody writes in is looked at again after this long. */
const SETTLES_MS = 2_000;
/** A look without any news: a feed that went silent is found out. */
const IDLE_LOOK_MS = 45_000;
/** How long a new insight is marked as new. */
const FRESH_MS = 12_000;

/** What a wall is made of beside the wall itself, and after which lines it reads differently. */
const PARTS = {
  gathering: /^(gathering|round|group|participant|timer|spotlight|block)\./,
  votes: /^(vote|selection|spotlight)\./,
  programme: /^block\.(added|edited|removed)$/,
  cards: /^(introduction|participant)\./,
} as const;
type Part = keyof typeof PARTS;
const ALL_PARTS = Object.keys(PARTS) as Part[];

export class WallView {
  groups = $state.raw<readonly ShownGroup[] | null>(null);
  /** The regions with their questions, as far as these rest. */
  regions = $state.raw<readonly WallRegion[]>([]);
  /** The wall as the server says it. */
  whole = $state.raw<Wall | null>(null);
  gathering = $state.raw<Gathering | null>(null);
  /** The newest vote. */
  vote = $state.raw<Vote | null>(null);
  /** When it was opened, by the server's clock; 0 while there is none. */
  voteOpened = $state(0);
  programme = $state.raw<Programme | null>(null);
  cards = $state.raw<readonly Card[]>([]);
  /** When each insight came: later ones have a higher number. */
  came = $state.raw<ReadonlyMap<string, number>>(new Map());
  joinCode = $state<string | null>(null);
  /** Insights that came a moment ago. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());
  offline = $state(false);
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  offset = $state(0);
  /** Nobody may look: there is no link, or it is no longer right. */
  refused = $state<"nobody" | "ended" | null>(null);

  readonly #settled: Settled = new Map();
  readonly #known = new Set<string>();
  readonly #stale = new Set<Part>(ALL_PARTS);
  #who: Who | null = null;
  #unfollow: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #attempt = 0;
  #looking = false;
  #closed = false;

  constructor() {
    document.addEventListener("visibilitychange", this.#seen);
    void this.#start(false);
  }

  get title(): string {
    return this.gathering?.title ?? "";
  }

  /** Whoever reads for this wall; `null` before it is known. */
  get reader(): { readonly gathering: string; readonly token: string | null } | null {
    return this.#who;
  }

  close(): void {
    this.#closed = true;
    document.removeEventListener("visibilitychange", this.#seen);
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
      if (this.whole === null) await this.#readCame(who);
      await this.#readParts(who);
      this.#show(now);
      this.offline = false;
      this.#attempt = 0;
      this.#listen(who, now.seq);
      const waits =
        now.groups.some(({ insights }) => unsettled(insights)) ||
        now.regions.some(({ questions }) => questions.some(({ settled }) => !settled));
      const behind = this.#stale.size > 0;
      this.#lookIn(behind ? LOOK_EVERY_MS : waits ? SETTLES_MS : IDLE_LOOK_MS);
    } catch (error) {
      this.#failed(error, who);
    } finally {
      this.#looking = false;
    }
  }

  /** In which order the insights came, from before this wall was opened. */
  async #readCame(who: Who): Promise<void> {
    const lines = await allEvents(who, { types: ["insight.added"] });
    this.#note(lines);
  }

  #note(lines: readonly Line[]): void {
    const came = new Map(this.came);
    for (const { item } of lines) if (item !== null && !came.has(item)) came.set(item, came.size);
    this.came = came;
  }

  async #readParts(who: Who): Promise<void> {
    const stale = [...this.#stale];
    this.#stale.clear();
    try {
      if (stale.includes("gathering")) await this.#readGathering(who);
      const rest = stale.map((part) => {
        if (part === "votes") return this.#readVotes(who);
        if (part === "programme") return this.#readProgramme(who);
        if (part === "cards") return this.#readCards(who);
        return null;
      });
      await Promise.all(rest);
    } catch (error) {
      for (const part of stale) this.#stale.add(part);
      throw error;
    }
  }

  async #readGathering(who: Who): Promise<void> {
    const asked = Date.now();
    const fresh = await gathering(who.gathering, who.token);
    this.offset = Date.parse(fresh.conduct.now) - (asked + Date.now()) / 2;
    this.gathering = fresh;
  }

  async #readVotes(who: Who): Promise<void> {
    const all = await votes(who.gathering, who.token);
    const opened = all.length === 0 ? [] : await allEvents(who, { types: ["vote.opened"] });
    this.voteOpened = Date.parse(opened.at(-1)?.at ?? "") || 0;
    this.vote = all.at(-1) ?? null;
  }

  #common(kind: DocumentKind): string | null {
    const documents = this.gathering?.documents ?? [];
    const found = documents.find((each) => each.kind === kind && each.owner.kind === "gathering");
    return found?.id ?? null;
  }

  async #readProgramme(who: Who): Promise<void> {
    const id = this.#common("programme");
    if (id !== null) {
      this.programme = readProgramme(await documentJson<ProgrammeShape>(id, who.token));
    }
  }

  async #readCards(who: Who): Promise<void> {
    // A guest has none: the morning's people are not theirs to see.
    const id = this.#common("introductions");
    if (id === null) return;
    const root = await documentJson<IntroductionsShape>(id, who.token);
    this.cards = readCards(root, this.gathering?.participants ?? []);
  }

  #failed(error: unknown, who: Who): void {
    const status = error instanceof ApiError ? error.status : 0;
    if (![401, 403, 404].includes(status)) {
      // A feed over a line that is gone may not notice: it starts again with the next look.
      this.#deafen();
      this.#again(() => this.#look());
    } else if (who.observerCode !== null && this.#attempt === 0) {
      this.#attempt = 1;
      void this.#start(true);
    } else {
      this.refused = "ended";
    }
  }

  #listen(who: Who, after: number): void {
    const hidden = document.visibilityState === "hidden";
    if (this.#unfollow !== null || this.#closed || hidden) return;
    this.#unfollow = follow(who.gathering, after, who.token, {
      open: () => this.#lookIn(LOOK_EVERY_MS),
      down: () => this.#lookIn(LOOK_EVERY_MS),
      message: (message) => this.#heard(message),
      ended: () => this.#lookIn(LOOK_EVERY_MS),
    });
  }

  /** Hears nothing any more: what happens meanwhile is in none of the lines that come later. */
  #deafen(): void {
    this.#unfollow?.();
    this.#unfollow = null;
    for (const part of ALL_PARTS) this.#stale.add(part);
  }

  /** A wall that nobody sees holds no feed: a browser allows few connections for all its tabs. */
  readonly #seen = (): void => {
    if (document.visibilityState === "hidden") this.#deafen();
    else this.#lookIn(0);
  };

  #heard({ type, data }: FeedMessage): void {
    for (const part of ALL_PARTS) if (PARTS[part].test(type)) this.#stale.add(part);
    if (type === "insight.added") this.#note([JSON.parse(data) as Line]);
    this.#lookIn(LOOK_EVERY_MS);
  }

  #show(now: Wall): void {
    const first = this.groups === null;
    const groups = settle(now.groups, this.#settled);
    const all = groups.flatMap(({ insights }) => ids(insights));
    const news = all.filter((id) => !this.#known.has(id));
    for (const id of news) this.#known.add(id);
    this.whole = now;
    this.regions = settleRegions(now.regions, this.#settled);
    this.groups = groups;
    if (first || news.length === 0) return;
    this.fresh = new Set([...this.fresh, ...news]);
    announcer.sayCalmly(ui.of(wallWords).frame.news(news.length));
    setTimeout(() => {
      this.fresh = new Set([...this.fresh].filter((id) => !news.includes(id)));
    }, FRESH_MS);
  }
}
