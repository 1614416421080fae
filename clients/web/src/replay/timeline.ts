// Time and events of a day: which event had been when, and how busy it was.
//
// The server tells the day in equal spans of time with the newest event at the end of each. Which
// event had been within a span is known once the span's own lines were read.

import type { Bucket, History, Line } from "../api/index.ts";

export class Timeline {
  readonly first: number;
  readonly last: number;
  readonly buckets: readonly Bucket[];
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly #width: number;
  readonly #lines = new Map<number, readonly Line[]>();

  constructor({ first, last, buckets }: History) {
    this.first = first;
    this.last = last;
    this.buckets = buckets;
    const [begin] = buckets;
    this.from = Date.parse(begin?.from ?? "1970-01-01");
    this.to = Date.parse(buckets.at(-1)?.to ?? "1970-01-01");
    this.#width = begin === undefined ? 1 : Math.max(1, Date.parse(begin.to) - this.from);
  }

  /** The span that a moment is in. */
  spanAt(moment: number): number {
    const at = Math.floor((moment - this.from) / this.#width);
    return Math.max(0, Math.min(this.buckets.length - 1, at));
  }

  /** The newest event before a span began. */
  before(span: number): number {
    return span <= 0 ? this.first : (this.buckets[span - 1]?.seq ?? this.first);
  }

  /** Keeps what was read of a span. */
  keep(span: number, lines: readonly Line[]): void {
    this.#lines.set(span, lines);
  }

  /** What was read of a span; `null` while that was not. */
  lines(span: number): readonly Line[] | null {
    return this.#lines.get(span) ?? null;
  }

  /** The newest event at a moment, as far as is known. */
  seqAt(moment: number): number {
    if (moment >= this.to) return this.last;
    const span = this.spanAt(moment);
    let seq = this.before(span);
    for (const line of this.lines(span) ?? []) {
      if (Date.parse(line.at) <= moment) seq = Math.max(seq, line.seq);
    }
    return seq;
  }

  /** The span that holds an event. */
  spanOf(seq: number): number {
    const found = this.buckets.findIndex((bucket) => bucket.seq >= seq);
    return found < 0 ? Math.max(0, this.buckets.length - 1) : found;
  }

  /** The nearest span before this one, or this one, in which something was done. */
  busyBefore(span: number): number | null {
    for (let at = span; at >= 0; at -= 1) if (sum(this.buckets[at]?.counts) > 0) return at;
    return null;
  }

  busyAfter(span: number): number | null {
    for (let at = span; at < this.buckets.length; at += 1) {
      if (sum(this.buckets[at]?.counts) > 0) return at;
    }
    return null;
  }
}

const sum = (counts: Readonly<Record<string, number>> | undefined): number =>
  Object.values(counts ?? {}).reduce((all, count) => all + count, 0);

export interface Activity {
  /** The first moment of each column. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** By group, and `null` for what was done in none; those with nothing are left out. */
  readonly rows: readonly { readonly group: string | null; readonly counts: readonly number[] }[];
  /** The highest count of a group in a column. */
  readonly most: number;
}

/** How busy each group was, in at most so many columns. */
export function activity(
  buckets: readonly Bucket[],
  groups: readonly string[],
  columns: number,
): Activity {
  const size = Math.max(1, Math.ceil(buckets.length / columns));
  const parts: (readonly Bucket[])[] = [];
  for (let at = 0; at < buckets.length; at += size) parts.push(buckets.slice(at, at + size));
  const count = (of: (bucket: Bucket) => number): number[] =>
    parts.map((part) => part.reduce((all, bucket) => all + of(bucket), 0));
  const rows = [
    ...groups.map((group) => ({ group, counts: count((bucket) => bucket.groups[group] ?? 0) })),
    { group: null, counts: count((bucket) => sum(bucket.counts) - sum(bucket.groups)) },
  ].filter(({ counts }) => counts.some((each) => each > 0));
  return {
    starts: parts.map((part) => Date.parse(part[0]?.from ?? "")),
    ends: parts.map((part) => Date.parse(part.at(-1)?.to ?? "")),
    rows,
    most: Math.max(1, ...rows.flatMap(({ counts }) => counts)),
  };
}

/** How far an arrow key goes: a minute of a day, a hundredth of what is shorter. */
export function step(from: number, to: number): number {
  const span = to - from;
  return span > 7_200_000 ? 60_000 : Math.max(100, Math.round(span / 100));
}
