// The wall: which scene, which page, which places, what is found, what is drawn.
import assert from "node:assert/strict";
import test from "node:test";
import { filtered, NO_FILTER } from "../src/wall/filter.ts";
import { leaves } from "../src/wall/leaves.ts";
import { countdown, type Day, pageOf, pagesOf, places, sceneOf } from "../src/wall/scene.ts";
import { asWritten, type Shown, type ShownGroup, settleRegions } from "../src/wall/settled.ts";
import { inSight } from "../src/wall/window.ts";

const day = (more: Partial<Day>): Day => ({
  status: "open",
  block: null,
  spotlight: null,
  vote: null,
  votesHere: false,
  worked: [],
  harvested: false,
  ...more,
});

test("the scene follows the block that runs", () => {
  const scenes = (
    [
      ["welcome", "arrival"],
      ["who_is_who", "who"],
      ["questions", "regions"],
      ["breakout", "breakout"],
      ["speed_intervision", "breakout"],
      ["intervision", "breakout"],
      ["visit", "breakout"],
      ["plenary", "plenary"],
      ["closing", "overview"],
      ["break", "overview"],
      [null, "overview"],
    ] as const
  ).map(([block, scene]) => [sceneOf(day({ block, harvested: true })), scene]);
  for (const [found, wanted] of scenes) assert.equal(found, wanted);
  assert.equal(sceneOf(day({})), "arrival", "nothing was harvested yet");
  assert.equal(sceneOf(day({ status: "prepared", block: "plenary" })), "arrival");
  assert.equal(sceneOf(day({ status: "closed", harvested: true })), "overview");
});

test("the spotlight goes before the block, the open vote too", () => {
  assert.equal(sceneOf(day({ block: "breakout", spotlight: { group: "g" } })), "plenary");
  assert.equal(sceneOf(day({ spotlight: { document: "d", item: "i" } })), "item");
  assert.equal(sceneOf(day({ block: "breakout", spotlight: { round: "r" } })), "overview");
  const open = { phase: "open", selection: null } as const;
  assert.equal(sceneOf(day({ block: "breakout", vote: open })), "vote");
});

test("the outcome stays until its themes are at work or the day goes on", () => {
  const closed = { phase: "closed", selection: null } as const;
  const selection = { themes: ["a", "b"], reason: null };
  const vote = { phase: "shown", selection } as const;
  assert.equal(sceneOf(day({ block: "questions", vote: closed })), "vote", "no order yet");
  assert.equal(sceneOf(day({ block: "questions", vote })), "reveal");
  assert.equal(sceneOf(day({ block: "break", vote })), "reveal");
  assert.equal(sceneOf(day({ block: "breakout", vote })), "breakout");
  const here = { block: "plenary", votesHere: true } as const;
  assert.equal(sceneOf(day({ ...here, vote: closed })), "vote", "themes chosen in a plenary");
  assert.equal(sceneOf(day({ ...here, vote })), "reveal");
  assert.equal(sceneOf(day({ ...here, vote, worked: ["b"] })), "plenary");
  assert.equal(sceneOf(day({ block: "plenary", vote })), "plenary", "chosen before it");
  assert.equal(sceneOf(day({ block: null, vote, worked: ["b"], harvested: true })), "overview");
});

test("pages are as long as they can be read, the last may be short", () => {
  const list = Array.from({ length: 13 }, (_, at) => at);
  assert.equal(pagesOf(13, 12), 2);
  assert.equal(pagesOf(0, 12), 1);
  assert.deepEqual(pageOf(list, 12, 1), [12]);
  assert.deepEqual(pageOf(list, 12, 7), [12], "beyond the last is the last");
  assert.deepEqual(pageOf([], 12, 0), []);
});

test("a new insight takes the place of the oldest, and nothing else moves", () => {
  assert.deepEqual(places([], ["d", "c", "b", "a"], 4), ["a", "b", "c", "d"]);
  assert.deepEqual(places(["a", "b", "c", "d"], ["e", "d", "c", "b", "a"], 4), [
    "e",
    "b",
    "c",
    "d",
  ]);
  assert.deepEqual(places(["e", "b", "c", "d"], ["f", "e", "d", "c", "b"], 4), [
    "e",
    "f",
    "c",
    "d",
  ]);
  assert.deepEqual(places(["a", "b"], ["c", "b", "a"], 4), ["a", "b", "c"], "it comes last");
  assert.deepEqual(places(["a", "b", "c"], ["c", "a"], 4), ["a", "c"], "one was removed");
});

test("a clock counts down, and on once it has run out", () => {
  assert.deepEqual([1_500, 65, 0, -70, 3_725].map(countdown), [
    "25:00",
    "1:05",
    "0:00",
    "+1:10",
    "1:02:05",
  ]);
});

const insight = (id: string, text: string, more: Partial<Shown> = {}): Shown => ({
  id,
  text,
  category: null,
  language: null,
  highlight: false,
  outside: false,
  children: [],
  ...more,
});
const group = (
  id: string,
  insights: readonly Shown[],
  theme: string | null = null,
): ShownGroup => ({
  id,
  name: id,
  question: "",
  theme,
  lastContribution: null,
  insights,
});

test("an insight is found without accents and case, and stands where it stood", () => {
  const under = insight("c", "Één kóffie op het plein", { category: "tip" });
  const groups = [
    group("one", [insight("p", "Ga naar buiten", { children: [under] }), insight("q", "Koffie")]),
    group("two", [insight("r", "Thee")], "theme"),
  ];
  const found = filtered(groups, { ...NO_FILTER, text: "EEN koffie" });
  assert.equal(found.found, 1);
  assert.deepEqual(
    found.groups.map(({ insights }) => insights.map(({ id }) => id)),
    [["p"], []],
  );
  assert.equal(filtered(groups, NO_FILTER).found, 4);
  assert.equal(filtered(groups, { ...NO_FILTER, category: "tip" }).found, 1);
  assert.equal(filtered(groups, { ...NO_FILTER, theme: "theme" }).groups.length, 1);
  assert.equal(filtered(groups, { ...NO_FILTER, group: "two" }).found, 1);
});

test("of thousands of rows those in sight are drawn, and the rest keeps its place", () => {
  const sizes = Array.from({ length: 3_000 }, (_, at) => (at % 2 === 0 ? 40 : 60));
  const span = inSight(sizes, 50_000, 800, 100);
  assert.ok(span.end - span.first < 30, `${span.end - span.first} rows`);
  const drawn = sizes.slice(span.first, span.end).reduce((sum, size) => sum + size, 0);
  assert.equal(span.before + drawn + span.after, 150_000);
  assert.ok(span.before <= 50_000 && span.before + drawn >= 50_800);
  assert.deepEqual(inSight([], 0, 800, 100), { first: 0, end: 0, before: 0, after: 0 });
});

test("what a region is still writing stays as it was", () => {
  const settled = new Map<string, string>();
  const region = (text: string, rests: boolean) => [
    {
      id: "r",
      name: "Kempen",
      questions: [{ id: "q", text, kind: null, theme: null, settled: rests }],
    },
  ];
  assert.deepEqual(settleRegions(region("Hoe", false), settled)[0]?.questions, []);
  settleRegions(region("Hoe?", true), settled);
  assert.equal(settleRegions(region("Hoe dan", false), settled)[0]?.questions[0]?.text, "Hoe?");
});

test("every question of every region stands on a page, the newest on the first", () => {
  const region = (name: string, count: number) => ({
    id: name,
    name,
    questions: Array.from({ length: count }, (_, at) => ({
      id: `${name}${at + 1}`,
      text: `${name}${at + 1}`,
      kind: "question",
      theme: null,
      settled: true,
    })),
  });
  const all = [region("a", 12), region("b", 5), region("c", 0), region("d", 2)];
  const pages = leaves(all, 3, 5);
  const drawn = pages.map((page) =>
    page.map(({ at, first, questions }) => `${at}:${first}:${questions.map(({ id }) => id)}`),
  );
  assert.deepEqual(drawn, [
    ["0:8:a8,a9,a10,a11,a12", "1:1:b1,b2,b3,b4,b5", "2:1:"],
    ["0:3:a3,a4,a5,a6,a7", "1:1:b1,b2,b3,b4,b5", "2:1:"],
    ["0:1:a1,a2", "1:1:b1,b2,b3,b4,b5", "2:1:"],
    ["3:1:d1,d2"],
  ]);
  assert.deepEqual(leaves([], 3, 5), []);
});

test("a moment that is over shows every letter that stood there", () => {
  const written = (id: string, text: string) => ({
    id,
    text,
    category: null,
    language: null,
    settled: false,
    highlight: false,
    supports: 0,
    from_outside: false,
    by: null,
    children: [],
  });
  const wall = {
    id: "g",
    name: "Tafel 1",
    theme: null,
    question: "Hoe?",
    highlights: [],
    counts: { insights: 2, categories: {}, languages: {}, from_outside: 0 },
    last_contribution: null,
    insights: [written("a", "Half een zi"), written("b", " ")],
  };
  const [seen] = asWritten([wall]);
  assert.deepEqual(
    seen?.insights.map(({ text }) => text),
    ["Half een zi"],
    "an insight without text yet is not there yet",
  );
});
