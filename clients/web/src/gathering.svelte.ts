// The gathering as this participant sees it: groups, who is where, what is locked, how the day
// goes. Asked over HTTP and asked again whenever the feed tells of an act that changes it; the last
// answer is kept on the device, so that pages open without a line.

import {
  ApiError,
  type Conduct,
  type DocumentInfo,
  type DocumentKind,
  documentJson,
  type Gathering,
  type GroupInfo,
  gathering,
  type ParticipantInfo,
  type Timer,
} from "./api/index.ts";
import { type Programme, type ProgrammeShape, readProgramme } from "./day/programme.ts";
import { type Slot, schedule } from "./day/schedule.ts";
import { ticker } from "./day/ticker.svelte.ts";
import { type FeedMessage, follow } from "./feed.ts";
import { keepGathering, keepProgramme, keptGathering, keptProgramme, type Me } from "./me.ts";

/** Acts after which the gathering looks different. */
const CHANGING = /^(gathering|round|group|document|participant|timer|spotlight|guests|selection)\./;
const BLOCK_CHANGING = /^block\.(started|ended|shifted)$/;
/** Acts after which the programme reads differently. */
const PROGRAMME = /^(block\.(added|edited|removed)|theme\.|region_question\.)/;
/** Contributions after which a group's question may read differently. */
const WORDED = /^(question\.edited|wording\.chosen)$/;
const REFRESH_EVERY_MS = 500;

export class GatheringView {
  data = $state.raw<Gathering | null>(null);
  /** The programme, once a page asked for it. */
  programme = $state.raw<Programme | null>(null);
  /** The server no longer lets us in. */
  ended = $state(false);
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  offset = $state(0);

  readonly #me: Me;
  readonly #listeners = new Set<(message: FeedMessage) => void>();
  #wantsProgramme = false;
  #unfollow: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #programmeTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #controller = new AbortController();

  constructor(me: Me) {
    this.#me = me;
    this.data = keptGathering(me.gathering);
    this.programme = keptProgramme(me.gathering);
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

  /** The group's place in its round: its colour and shape. */
  get index(): number {
    const own = this.group;
    return Math.max(0, this.data?.groups.findIndex(({ id }) => id === own?.id) ?? 0);
  }

  get conduct(): Conduct | null {
    return this.data?.conduct ?? null;
  }

  /** One of the gathering's own documents. */
  common(kind: DocumentKind): DocumentInfo | null {
    const ours = (each: DocumentInfo): boolean =>
      each.kind === kind && each.owner.kind === "gathering";
    return this.data?.documents.find(ours) ?? null;
  }

  /** Every document that we may read. */
  get documents(): DocumentInfo[] {
    const { data } = this;
    if (data === null) return [];
    const groups = [...data.groups, ...data.rounds.flatMap((round) => round.groups ?? [])];
    return [...data.documents, ...groups.flatMap(({ documents }) => documents)];
  }

  /** Whether we may write in the document of this address now, as far as the server last said. */
  mayWrite(url: string): boolean {
    const found = this.documents.find((each) => each.url === url);
    return found !== undefined && !found.frozen && (found.writable ?? true);
  }

  /** The name that somebody goes by. */
  person(id: string): ParticipantInfo | null {
    return this.data?.participants.find((each) => each.id === id) ?? null;
  }

  /** The server's time, in milliseconds since 1970; it moves on once a second. */
  get now(): number {
    return ticker.now + this.offset;
  }

  /** The day's blocks with their times. */
  get slots(): Slot[] {
    const { programme, data } = this;
    if (programme === null || data === null) return [];
    return schedule(programme.blocks, data.conduct, data.date, this.now);
  }

  get running(): Slot | null {
    return this.slots.find(({ state }) => state === "running") ?? null;
  }

  /** What comes after what runs; the first of the day where nothing ran yet. */
  get next(): Slot | null {
    const { slots } = this;
    const last = slots.findLastIndex(({ state }) => state !== "ahead");
    return slots[last + 1] ?? null;
  }

  /** The clock that counts for us: our document's, our group's, or everybody's. */
  timer(document: string | null = null): Timer | null {
    const timers = this.conduct?.timers ?? [];
    const group = this.self?.group;
    const of = (kind: string, id: string | null | undefined): Timer | undefined =>
      timers.find(({ scope }) => scope.kind === kind && (!("id" in scope) || scope.id === id));
    return of("document", document) ?? of("group", group) ?? of("gathering", null) ?? null;
  }

  /** What is left of a clock, in seconds; negative once it has run out. */
  left(timer: Timer): number {
    return Math.ceil((Date.parse(timer.started) - this.now) / 1_000 + timer.seconds);
  }

  /** Calls back with each line of the feed, while this page is looked at. */
  listen(listener: (message: FeedMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps the groups' questions as they are worded, for a page that shows them. */
  watchQuestions(): () => void {
    this.refreshSoon();
    return this.listen(({ type }) => {
      if (WORDED.test(type)) this.refreshSoon();
    });
  }

  /** Reads the programme, now and whenever it changes. */
  wantProgramme(): void {
    if (this.#wantsProgramme) return;
    this.#wantsProgramme = true;
    void this.#readProgramme();
  }

  async refresh(): Promise<void> {
    try {
      const asked = Date.now();
      const fresh = await gathering(this.#me.gathering, this.#me.token);
      const answered = Date.now();
      this.offset = Date.parse(fresh.conduct.now) - (asked + answered) / 2;
      this.data = fresh;
      this.ended = false;
      keepGathering(fresh);
      if (this.#wantsProgramme && this.programme === null) void this.#readProgramme();
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

  async #readProgramme(): Promise<void> {
    const document = this.common("programme");
    if (document === null) return;
    try {
      const root = await documentJson<ProgrammeShape>(document.id, this.#me.token);
      this.programme = readProgramme(root);
      keepProgramme(this.#me.gathering, this.programme);
    } catch {
      // The last one stays; the next change or return of the line asks again.
    }
  }

  #readProgrammeSoon(): void {
    if (!this.#wantsProgramme || this.#programmeTimer !== undefined) return;
    this.#programmeTimer = setTimeout(() => {
      this.#programmeTimer = undefined;
      void this.#readProgramme();
    }, REFRESH_EVERY_MS);
  }

  /** A page that nobody looks at holds no feed: phones sleep, browsers allow few connections. */
  #look(): void {
    const visible = document.visibilityState === "visible";
    if (!visible) {
      this.#unfollow?.();
      this.#unfollow = null;
    } else if (this.#unfollow === null && !this.ended && !this.#controller.signal.aborted) {
      const message = (message: FeedMessage): void => {
        if (CHANGING.test(message.type) || BLOCK_CHANGING.test(message.type)) this.refreshSoon();
        if (PROGRAMME.test(message.type)) this.#readProgrammeSoon();
        for (const listener of this.#listeners) listener(message);
      };
      const open = (): void => {
        this.refreshSoon();
        this.#readProgrammeSoon();
      };
      const ended = (): void => void this.refresh();
      const events = { open, down: () => {}, message, ended };
      this.#unfollow = follow(this.#me.gathering, this.data?.seq ?? 0, this.#me.token, events);
    }
  }

  close(): void {
    this.#controller.abort();
    this.#unfollow?.();
    clearTimeout(this.#timer);
    clearTimeout(this.#programmeTimer);
  }
}
