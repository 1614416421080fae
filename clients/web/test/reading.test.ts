// Small rules that pages rest on: carets, presence, the feed's text, codes, names, pauses.
import assert from "node:assert/strict";
import test from "node:test";
import { ApiError } from "../src/api.ts";
import { FeedParser } from "../src/feed.ts";
import { shiftCaret } from "../src/harvest/caret.ts";
import { isWhole, problem, spelled } from "../src/joining.ts";
import { nl } from "../src/messages/nl.ts";
import { byName, initials } from "../src/names.ts";
import { BACKOFF_MAX_MS, backoff } from "../src/sync/backoff.ts";
import { Others, PRESENCE_GONE_MS, readSign, TYPING_SHOWS_MS } from "../src/sync/presence.ts";
import { nextLeaf, type Settled, settle, unsettled } from "../src/wall/settled.ts";

const path = ["insights", "x", "text"];
const insert = (at: number, value: string) => ({ action: "splice", path: [...path, at], value });
const remove = (at: number, length: number) => ({ action: "del", path: [...path, at], length });

test("a caret keeps its letters when others write", () => {
  assert.equal(shiftCaret(5, [insert(2, "abc")], path), 8);
  assert.equal(shiftCaret(5, [insert(5, "abc")], path), 5, "text at the caret goes behind it");
  assert.equal(shiftCaret(5, [insert(9, "abc")], path), 5);
  assert.equal(shiftCaret(5, [remove(1, 2)], path), 3);
  assert.equal(shiftCaret(5, [remove(3, 9)], path), 3);
  assert.equal(shiftCaret(5, [remove(0, 1), insert(0, "ab")], path), 6);
  const elsewhere = { action: "splice", path: ["insights", "y", "text", 0], value: "abc" };
  assert.equal(shiftCaret(5, [elsewhere], path), 5);
});

const AN = "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f";
const BO = "0e2b1c7a-1111-4c8f-a1e0-5d6b7c8d9e0f";

test("presence shows others once each, and nobody who fell silent", () => {
  const others = new Others(AN);
  const sign = (participant: string, typing: string | null) =>
    ({ presence: 1, participant, typing }) as const;
  assert.equal(others.hear("phone", sign(BO, "composer"), 0), true);
  assert.equal(others.hear("laptop", sign(BO, null), 0), true);
  assert.equal(others.hear("mine", sign(AN, "composer"), 0), true);
  assert.deepEqual(others.here(1), [BO]);
  assert.deepEqual([...others.typing(1)], [["composer", [BO]]]);
  assert.deepEqual([...others.typing(TYPING_SHOWS_MS)], []);
  assert.deepEqual(others.here(PRESENCE_GONE_MS), []);
  assert.equal(others.hear("laptop", { ...sign(BO, null), leaving: true }, 1), false);
  assert.equal(others.hear("phone", { ...sign(BO, null), leaving: true }, 1), false);
  assert.deepEqual(others.here(1), []);
});

test("a message of another make is no sign of life", () => {
  for (const bad of [null, 1, "x", {}, { presence: 2 }, { presence: 1, participant: "An" }]) {
    assert.equal(readSign(bad), null);
  }
  const odd = { presence: 1, participant: AN, typing: "x".repeat(99) };
  assert.equal(readSign(odd)?.typing, null);
});

test("the feed is cut at blank lines, wherever the network cut it", () => {
  const text =
    ': hello\n\nid: 7\nevent: insight.added\ndata: {"a":1}\n\nid: 8\r\ndata: x\r\ndata:y\r\n\r\n';
  for (let at = 0; at <= text.length; at += 1) {
    const parser = new FeedParser();
    const found = [...parser.push(text.slice(0, at)), ...parser.push(text.slice(at))];
    assert.deepEqual(found, [
      { id: "7", type: "insight.added", data: '{"a":1}' },
      { id: "8", type: "message", data: "x\ny" },
    ]);
  }
});

test("a code is read as people type it", () => {
  assert.equal(spelled("7k3m9qxb"), "7K3M-9QXB");
  assert.equal(spelled(" 7k3m - 9qxb "), "7K3M-9QXB");
  assert.equal(spelled("oil0"), "0110");
  assert.equal(spelled("7K3M-9QXB-and-more"), "7K3M-9QXB");
  assert.equal(isWhole("7K3M-9QXB"), true);
  assert.equal(isWhole("7K3M-9QX"), false);
});

test("initials and the order of names", () => {
  assert.equal(initials("An Van den Broeck"), "AB");
  assert.equal(initials("Van den Broeck"), "VB");
  assert.equal(initials("Bo"), "BO");
  assert.equal(initials("é"), "É");
  const names = ["Zoë", "an", "Élise", "Bo"].map((name) => ({ name }));
  assert.deepEqual(
    names.sort(byName).map(({ name }) => name),
    ["an", "Bo", "Élise", "Zoë"],
  );
});

test("pauses grow, differ, and have an end", () => {
  assert.ok(backoff(0, () => 0) < backoff(3, () => 0));
  assert.ok(backoff(2, () => 0) < backoff(2, () => 0.99));
  assert.ok(backoff(999, () => 0.999) <= BACKOFF_MAX_MS);
});

test("the wall shows only text that rests, and what stood there before", () => {
  const settled: Settled = new Map();
  const one = (text: string, rests: boolean) => ({
    id: "1",
    text,
    category: null,
    settled: rests,
    children: [{ id: "2", text: "kind", category: null, settled: true, children: [] }],
  });
  const group = (text: string, rests: boolean) => ({
    id: "g",
    name: "Tafel 1",
    question: "",
    insights: [one(text, rests)],
    last_contribution: null,
  });
  const look = (text: string, rests: boolean) =>
    settle([group(text, rests)], settled)[0]?.insights.map((each) => each.text);
  assert.deepEqual(look("half", false), ["kind"]);
  assert.deepEqual(look("heel", true), ["heel"]);
  assert.deepEqual(look("heel anders", false), ["heel"]);
  assert.deepEqual(look("heel anders", true), ["heel anders"]);
  assert.equal(unsettled(group("x", false).insights), true);
  assert.equal(unsettled(group("x", true).insights), false);
});

test("the wall turns every leaf of a page before the next page", () => {
  assert.deepEqual(nextLeaf({ groups: 0, column: 0 }, 2, 2), { groups: 0, column: 1 });
  assert.deepEqual(nextLeaf({ groups: 0, column: 1 }, 2, 2), { groups: 1, column: 0 });
  assert.deepEqual(nextLeaf({ groups: 1, column: 0 }, 1, 2), { groups: 0, column: 0 });
});

test("who finds a gathering full is told whom to ask", () => {
  const told = (status: number) => problem(new ApiError(status, "why"), nl, false);
  assert.equal(told(409), nl.join.full);
  assert.equal(told(404), nl.join.codeWrong);
  assert.equal(told(400), nl.join.failed("why"));
});
