// The nested list: order, levels, and that nothing is ever lost.
import assert from "node:assert/strict";
import test from "node:test";
import { type Insight, translationFor } from "../src/harvest/shape.ts";
import { buildTree, inReadingOrder, type Node, spotAt, spotFor } from "../src/harvest/tree.ts";

const insight = (position: string, parent: string | null = null, more: Insight = {}): Insight => ({
  position,
  parent,
  ...more,
});

/** Ids with their levels, as drawn: `a1 b2`. */
const drawn = (nodes: readonly Node[]): string =>
  inReadingOrder(nodes)
    .map(({ id, level }) => id + level)
    .join(" ");

test("insights stand by position, ties by id, nested under their parents", () => {
  const tree = buildTree({
    d: insight("b"),
    c: insight("a", "b"),
    b: insight("B"),
    a: insight("B"),
    e: insight("A", "b"),
  });
  assert.equal(drawn(tree.top), "a1 b1 e2 c2 d1");
});

test("what is deeper than three levels follows its parent at the third", () => {
  const tree = buildTree({
    a: insight("a"),
    b: insight("a", "a"),
    c: insight("a", "b"),
    d: insight("a", "c"),
    e: insight("a", "d"),
    f: insight("b", "b"),
  });
  assert.equal(drawn(tree.top), "a1 b2 c3 d3 e3 f3");
});

test("a parent that is gone or removed leaves its children at top level", () => {
  const tree = buildTree({
    a: insight("a", null, { removed: true }),
    b: insight("b", "a"),
    c: insight("c", "nobody"),
    d: insight("d", "b"),
  });
  assert.equal(drawn(tree.top), "b1 d2 c1");
  assert.deepEqual(
    tree.removed.map(({ id }) => id),
    ["a"],
  );
});

test("every member of a cycle stands at top level, what hangs below stays below", () => {
  const tree = buildTree({
    a: insight("a", "b"),
    b: insight("b", "c"),
    c: insight("c", "a"),
    d: insight("d", "a"),
    e: insight("e", "e"),
  });
  assert.equal(drawn(tree.top), "a1 d2 b1 c1 e1");
});

test("an insight without any key is shown, and strings of either sort are read", () => {
  const tree = buildTree({ a: {}, b: { parent: { toString: () => "a" } } });
  assert.equal(drawn(tree.top), "a1 b2");
});

test("moves go where they say, and nowhere from an end", () => {
  const tree = buildTree({
    a: insight("a"),
    b: insight("b"),
    c: insight("c", "a"),
    d: insight("d"),
  });
  assert.deepEqual(spotFor(tree, "b", "up"), { parent: null, index: 0 });
  assert.deepEqual(spotFor(tree, "b", "down"), { parent: null, index: 2 });
  assert.deepEqual(spotFor(tree, "b", "indent"), { parent: "a", index: 1 });
  assert.deepEqual(spotFor(tree, "c", "outdent"), { parent: null, index: 1 });
  assert.equal(spotFor(tree, "a", "up"), null);
  assert.equal(spotFor(tree, "a", "indent"), null);
  assert.equal(spotFor(tree, "a", "outdent"), null);
  assert.equal(spotFor(tree, "d", "down"), null);
  assert.equal(spotFor(tree, "nobody", "up"), null);
});

test("what a mouse drops goes before, after or under, and never under itself", () => {
  const tree = buildTree({
    a: insight("a"),
    b: insight("b"),
    c: insight("c"),
    d: insight("a", "a"),
    e: insight("a", "d"),
  });
  assert.deepEqual(spotAt(tree, "c", "a", "before"), { parent: null, index: 0 });
  assert.deepEqual(spotAt(tree, "a", "b", "after"), { parent: null, index: 1 });
  assert.deepEqual(spotAt(tree, "c", "a", "under"), { parent: "a", index: 1 });
  assert.deepEqual(spotAt(tree, "c", "d", "before"), { parent: "a", index: 0 });
  assert.equal(spotAt(tree, "a", "a", "after"), null);
  assert.equal(spotAt(tree, "a", "e", "before"), null);
  assert.equal(spotAt(tree, "c", "e", "under"), null, "three levels are the most");
});

test("a translation is shown to who reads another language, in theirs", () => {
  const said: Insight = {
    language: "fr-BE",
    translations: { nl: { text: "Hallo", by: "machine" }, en: { text: "" } },
  };
  assert.deepEqual(translationFor(said, "nl"), { language: "nl", text: "Hallo", machine: true });
  assert.equal(translationFor(said, "fr"), null);
  assert.equal(translationFor(said, "en"), null);
});
