// The day again: time and events, how busy it was, an insight's life.
import assert from "node:assert/strict";
import test from "node:test";
import type { Bucket, Line } from "../src/api/index.ts";
import { chapters } from "../src/replay/life.ts";
import { activity, step, Timeline } from "../src/replay/timeline.ts";

const START = Date.parse("2026-11-21T08:00:00.000Z");
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
const bucket = (index: number, seq: number, counts = {}, groups = {}): Bucket => ({
  from: at(index * 10),
  to: at(index * 10 + 10),
  seq,
  counts,
  groups,
});
const line = (seq: number, seconds: number, more: Partial<Line> = {}): Line => ({
  seq,
  index: 0,
  at: at(seconds),
  type: "insight.added",
  group: "g",
  document: null,
  item: "i",
  participant: null,
  excerpt: null,
  state: null,
  ...more,
});

const day = (): Timeline =>
  new Timeline({
    first: 5,
    last: 20,
    buckets: [
      bucket(0, 7, { insight: 2 }, { g: 2 }),
      bucket(1, 7),
      bucket(2, 12, { insight: 3, vote: 1 }, { g: 2, h: 1 }),
      bucket(3, 20, { block: 1 }),
    ],
    chapters: [],
  });

test("a moment's event is that of the span before it, until the span's lines are read", () => {
  const timeline = day();
  assert.equal(timeline.from, START);
  assert.equal(timeline.to, START + 40_000);
  assert.equal(timeline.seqAt(START), 5, "the day begins with its first event");
  assert.equal(timeline.seqAt(START + 15_000), 7);
  assert.equal(timeline.seqAt(START + 25_000), 7);
  timeline.keep(2, [line(9, 21), line(11, 24), line(12, 29)]);
  assert.equal(timeline.seqAt(START + 25_000), 11);
  assert.equal(timeline.seqAt(START + 20_500), 7, "before the span's first line");
  assert.equal(timeline.seqAt(timeline.to), 20);
  assert.equal(timeline.seqAt(START - 99_000), 5);
});

test("an event is found in its span, and quiet spans are jumped over", () => {
  const timeline = day();
  assert.deepEqual(
    [5, 7, 8, 12, 13, 20, 99].map((seq) => timeline.spanOf(seq)),
    [0, 0, 2, 2, 3, 3, 3],
  );
  assert.equal(timeline.busyBefore(1), 0);
  assert.equal(timeline.busyAfter(1), 2);
  assert.equal(timeline.busyAfter(4), null);
});

test("the picture counts by group and column, and what is of no group apart", () => {
  const { rows, starts, most } = activity(day().buckets, ["g", "h", "quiet"], 2);
  assert.deepEqual(rows, [
    { group: "g", counts: [2, 2] },
    { group: "h", counts: [0, 1] },
    { group: null, counts: [0, 2] },
  ]);
  assert.deepEqual(starts, [START, START + 20_000]);
  assert.equal(most, 2);
  assert.deepEqual(activity([], ["g"], 10).rows, []);
});

test("an arrow key goes a minute in a day, a hundredth in an hour", () => {
  assert.equal(step(0, 8 * 3_600_000), 60_000);
  assert.equal(step(0, 3_600_000), 36_000);
  assert.equal(step(0, 1_000), 100);
});

test("an insight's life tells somebody's typing once, with what it led to", () => {
  const an = { id: "a", name: "An", role: "participant" } as const;
  const bo = { id: "b", name: "Bo", role: "participant" } as const;
  const said = (text: string): Line["state"] => ({
    text,
    category: null,
    parent: null,
    position: "a",
    removed: false,
    settled: true,
    supports: 0,
  });
  const told = chapters([
    line(1, 1, { participant: an, state: said("Ga") }),
    line(2, 2, { type: "insight.edited", participant: an, state: said("Ga n") }),
    line(3, 3, { type: "insight.edited", participant: an, state: said("Ga naar") }),
    line(4, 4, { type: "insight.edited", participant: bo, state: said("Ga naar buiten") }),
    line(5, 5, { type: "insight.supported", participant: an, state: said("Ga naar buiten") }),
  ]);
  assert.deepEqual(
    told.map(({ who, times, text, seq }) => [who, times, text, seq]),
    [
      ["An", 1, "Ga", 1],
      ["An", 2, "Ga naar", 3],
      ["Bo", 1, "Ga naar buiten", 4],
      ["An", 1, null, 5],
    ],
  );
});
