// The day again: one moment of it, which a slider, a clock or a link moves.

import { type Chapter, events, history, type Line, type Reader, type Wall } from "../api/index.ts";
import { asWritten, type Shown, type ShownGroup } from "../wall/settled.ts";
import { step, Timeline } from "./timeline.ts";
import { Walls } from "./walls.ts";

/** As fine as the server tells a day. */
const SPANS = 1_000;
const LINES_A_SPAN = 2_000;
const TICK_MS = 250;

export const SPEEDS = [1, 5, 10, 30, 60, 600] as const;

export class Replay {
  timeline = $state.raw<Timeline | null>(null);
  chapters = $state.raw<readonly Chapter[]>([]);
  /** Milliseconds since 1970. */
  moment = $state(0);
  /** The event right after which the day is shown. */
  seq = $state(0);
  /** The event that the wall on show is of. */
  shownSeq = $state<number | null>(null);
  groups = $state.raw<readonly ShownGroup[]>([]);
  /** What was done last before this moment. */
  latest = $state.raw<Line | null>(null);
  playing = $state(false);
  speed = $state<(typeof SPEEDS)[number]>(60);
  failed = $state(false);

  readonly #reader: Reader;
  readonly #walls: Walls;
  readonly #reading = new Map<number, Promise<void>>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(reader: Reader) {
    this.#reader = reader;
    this.#walls = new Walls(
      reader,
      (seq, wall) => this.#show(seq, wall),
      () => {
        this.failed = true;
      },
    );
  }

  close(): void {
    this.pause();
    this.#walls.close();
  }

  /** Reads the day, and goes to an event of it, or to its end. */
  async open(seq: number | null): Promise<void> {
    this.failed = false;
    try {
      const read = await history(this.#reader, SPANS);
      this.chapters = read.chapters;
      this.timeline = read.buckets.length === 0 ? null : new Timeline(read);
    } catch {
      this.failed = true;
      return;
    }
    if (this.timeline === null) return;
    if (seq === null) this.seek(this.timeline.to);
    else await this.seekSeq(seq);
  }

  get step(): number {
    return this.timeline === null ? 1 : step(this.timeline.from, this.timeline.to);
  }

  /** Goes to a moment. */
  seek(moment: number): void {
    const { timeline } = this;
    if (timeline === null) return;
    this.moment = Math.max(timeline.from, Math.min(timeline.to, moment));
    this.#at(timeline.seqAt(this.moment));
    const { moment: asked } = this;
    void this.#readAround(timeline, timeline.spanAt(this.moment)).then(() => {
      if (this.moment === asked) this.#at(timeline.seqAt(asked));
    });
  }

  /** Goes to right after an event. */
  async seekSeq(wanted: number): Promise<void> {
    const { timeline } = this;
    if (timeline === null) return;
    this.pause();
    const seq = Math.max(timeline.first, Math.min(timeline.last, wanted));
    const span = timeline.spanOf(seq);
    await this.#readAround(timeline, span);
    const line = timeline.lines(span)?.findLast((each) => each.seq <= seq);
    const begin = Date.parse(timeline.buckets[span]?.from ?? "");
    this.moment = line === undefined ? begin : Date.parse(line.at);
    this.#at(seq);
  }

  /** Goes to the contribution before or after this moment. */
  async toNext(by: 1 | -1): Promise<void> {
    const { timeline, seq } = this;
    if (timeline === null) return;
    let span = timeline.spanOf(seq);
    for (;;) {
      const busy = by > 0 ? timeline.busyAfter(span) : timeline.busyBefore(span);
      if (busy === null) break;
      await this.#read(timeline, busy);
      const lines = timeline.lines(busy) ?? [];
      const found =
        by > 0
          ? lines.find((each) => each.seq > seq)
          : lines.findLast((each) => each.seq < seq && each.seq >= timeline.first);
      if (found !== undefined) {
        await this.seekSeq(found.seq);
        return;
      }
      span = busy + by;
    }
    this.pause();
    this.seek(by > 0 ? timeline.to : timeline.from);
  }

  play(): void {
    const { timeline } = this;
    if (timeline === null || this.playing) return;
    if (this.moment >= timeline.to) this.seek(timeline.from);
    this.playing = true;
    let before = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.seek(this.moment + (now - before) * this.speed);
      before = now;
      if (this.moment >= timeline.to) this.pause();
    }, TICK_MS);
  }

  pause(): void {
    this.playing = false;
    clearInterval(this.#timer);
  }

  #at(seq: number): void {
    const { timeline } = this;
    if (timeline === null) return;
    this.seq = seq;
    this.latest = this.#last(timeline, seq);
    const span = timeline.spanAt(this.moment);
    const after = timeline.busyAfter(span + 1);
    const ahead = [
      timeline.seqAt(this.moment + this.step),
      ...(after === null ? [] : [timeline.buckets[after]?.seq ?? seq]),
      timeline.seqAt(this.moment - this.step),
    ];
    this.failed = false;
    this.#walls.want(seq, ahead);
  }

  /** The last line up to an event, in what was read of the day. */
  #last(timeline: Timeline, seq: number): Line | null {
    let span = timeline.busyBefore(timeline.spanOf(seq));
    while (span !== null) {
      const lines = timeline.lines(span);
      // Not read yet: it is told once it is there.
      if (lines === null) return null;
      const found = lines.findLast((each) => each.seq <= seq);
      if (found !== undefined) return found;
      span = timeline.busyBefore(span - 1);
    }
    return null;
  }

  async #readAround(timeline: Timeline, span: number): Promise<void> {
    const busy = timeline.busyBefore(span);
    const before = busy === null ? null : timeline.busyBefore(busy - 1);
    const wanted = [span, busy, before].filter((each) => each !== null);
    await Promise.all(wanted.map((each) => this.#read(timeline, each)));
  }

  #read(timeline: Timeline, span: number): Promise<void> {
    if (timeline.lines(span) !== null) return Promise.resolve();
    const reading = this.#reading.get(span) ?? this.#fetch(timeline, span);
    this.#reading.set(span, reading);
    return reading;
  }

  async #fetch(timeline: Timeline, span: number): Promise<void> {
    const bucket = timeline.buckets[span];
    // The first span's own first event is in it.
    const after = span === 0 ? timeline.first - 1 : timeline.before(span);
    try {
      const empty = bucket === undefined || bucket.seq <= after;
      const lines = empty ? [] : await events(this.#reader, { after, limit: LINES_A_SPAN });
      timeline.keep(
        span,
        lines.filter(({ seq }) => bucket !== undefined && seq <= bucket.seq),
      );
    } catch {
      // The wall of the span's beginning does until it is tried again.
    } finally {
      this.#reading.delete(span);
    }
  }

  #show(seq: number, wall: Wall): void {
    this.shownSeq = seq;
    const groups = asWritten(wall.groups);
    const harvested = groups.some(({ insights }) => insights.length > 0);
    this.groups = harvested ? groups : (regions(wall) ?? groups);
  }
}

/** In the morning there is no harvest yet: then what the regions bring is the wall. */
function regions(wall: Wall): readonly ShownGroup[] | null {
  if (wall.regions.every(({ questions }) => questions.length === 0)) return null;
  const plain = { category: null, language: null, highlight: false, outside: false, children: [] };
  return wall.regions.map(({ id, name, questions }) => ({
    id: id ?? `region-${name}`,
    name,
    question: "",
    theme: null,
    lastContribution: null,
    insights: questions.map(({ id: item, text }): Shown => ({ ...plain, id: item, text })),
  }));
}
