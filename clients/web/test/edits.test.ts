// What this client writes, through the real Automerge: shapes, merges, and that no edit is empty.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";
import * as A from "@automerge/automerge/slim";
import * as edits from "../src/harvest/edits.ts";
import type { Harvest } from "../src/harvest/shape.ts";
import { buildTree, inReadingOrder, spotFor } from "../src/harvest/tree.ts";
import { uuid } from "../src/uuid.ts";

const wasm = createRequire(import.meta.url).resolve("@automerge/automerge/automerge.wasm");
await A.initializeWasm(readFileSync(wasm));

const AN = "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f";
const BO = "0e2b1c7a-1111-4c8f-a1e0-5d6b7c8d9e0f";

/** As the server's template makes it. */
const empty = (): A.Doc<Harvest> =>
  A.from({ kind: "harvest", schema: 1, title: "", question: "", wordings: {}, insights: {} });

const add = (text: string, more: Partial<edits.NewInsight> = {}) => ({
  id: uuid(),
  text,
  author: AN,
  created: 1_795_256_103_120,
  parent: null,
  category: null,
  language: "nl",
  ...more,
});

const texts = (doc: Harvest): string[] =>
  inReadingOrder(buildTree(doc.insights ?? {}).top).map(({ insight }) => String(insight.text));

test("an insight has the shape that the server takes", () => {
  const one = add("Begin klein", { category: "tip" });
  const doc = A.change(empty(), (draft) => edits.add(draft, one));
  const { position, ...rest } = A.toJS(doc).insights?.[one.id] ?? {};
  assert.match(String(position), /^[0-9A-Za-z]{1,64}$/);
  assert.deepEqual(rest, {
    text: "Begin klein",
    author: AN,
    created: 1_795_256_103_120,
    parent: null,
    category: "tip",
    language: "nl",
    removed: false,
    highlight: false,
    supports: {},
    said_by: {},
    photos: {},
    translations: {},
  });
  assert.match(one.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("insights added one after the other stand in that order", () => {
  let doc = empty();
  for (const text of ["een", "twee", "drie"]) {
    doc = A.change(doc, (draft) => edits.add(draft, add(text)));
  }
  assert.deepEqual(texts(doc), ["een", "twee", "drie"]);
});

test("letters of two people in one text merge, each run whole", () => {
  const one = add("De wijk doet mee");
  const start = A.change(empty(), (draft) => edits.add(draft, one));
  let left = A.clone(start);
  let right = A.clone(start);
  left = A.change(left, (draft) => edits.setText(draft, one.id, "De hele wijk doet mee"));
  right = A.change(right, (draft) => edits.setText(draft, one.id, "De wijk doet mee, ook laat"));
  const merged = A.merge(left, right);
  assert.equal(String(merged.insights?.[one.id]?.text), "De hele wijk doet mee, ook laat");
});

test("a long paste becomes a new text, so that an old one never fills up", () => {
  const one = add("kort");
  const before = A.change(empty(), (draft) => edits.add(draft, one));
  const object = (doc: A.Doc<Harvest>) => A.getObjectId(doc.insights?.[one.id], "text");
  const was = object(before);
  const pasted = "x".repeat(19_000);
  const after = A.change(before, (draft) => edits.setText(draft, one.id, pasted));
  assert.equal(String(after.insights?.[one.id]?.text), pasted);
  assert.notEqual(object(after), was);
});

test("two people who support at the same moment both count; one takes it back", () => {
  const one = add("Samen");
  const start = A.change(empty(), (draft) => edits.add(draft, one));
  const left = A.change(A.clone(start), (d) => edits.setSupport(d, one.id, AN, true));
  const right = A.change(A.clone(start), (d) => edits.setSupport(d, one.id, BO, true));
  let doc = A.merge(left, right);
  assert.deepEqual(A.toJS(doc).insights?.[one.id]?.supports, { [AN]: true, [BO]: true });
  doc = A.change(doc, (draft) => edits.setSupport(draft, one.id, AN, false));
  assert.deepEqual(A.toJS(doc).insights?.[one.id]?.supports, { [BO]: true });
});

test("a moved insight takes its children along, and an edit in one is kept", () => {
  const parent = add("ouder");
  const child = add("kind", { parent: parent.id });
  const other = add("ander");
  const start = [parent, child, other].reduce(
    (doc, each) => A.change(doc, (draft) => edits.add(draft, each)),
    empty(),
  );
  const moved = A.change(A.clone(start), (draft) => {
    const spot = spotFor(buildTree(draft.insights ?? {}), parent.id, "down");
    assert.ok(spot !== null);
    edits.move(draft, parent.id, spot);
  });
  const edited = A.change(A.clone(start), (d) => edits.setText(d, child.id, "kind, bewerkt"));
  assert.deepEqual(texts(A.merge(moved, edited)), ["ander", "ouder", "kind, bewerkt"]);
});

test("at most three key points, and one that comes back finds its place taken", () => {
  const all = [1, 2, 3, 4].map((n) => add(`punt ${n}`));
  let doc = all.reduce((d, each) => A.change(d, (draft) => edits.add(draft, each)), empty());
  const mark = (at: number): boolean => {
    let done = false;
    doc = A.change(doc, (draft) => {
      done = edits.setHighlight(draft, all[at]?.id ?? "", true);
    });
    return done;
  };
  assert.deepEqual([mark(0), mark(1), mark(2), mark(3)], [true, true, true, false]);
  const first = all[0]?.id ?? "";
  doc = A.change(doc, (draft) => edits.setRemoved(draft, first, true));
  assert.equal(mark(3), true);
  doc = A.change(doc, (draft) => edits.setRemoved(draft, first, false));
  assert.equal(edits.highlights(doc), 3);
  assert.equal(doc.insights?.[first]?.highlight, false);
});

test("an edit that changes nothing writes nothing", () => {
  const one = add("zelfde", { category: "tip" });
  const doc = A.change(empty(), (draft) => edits.add(draft, one));
  const same = [
    (draft: Harvest) => edits.setText(draft, one.id, "zelfde"),
    (draft: Harvest) => edits.setCategory(draft, one.id, "tip"),
    (draft: Harvest) => edits.setRemoved(draft, one.id, false),
    (draft: Harvest) => edits.setSupport(draft, one.id, AN, false),
    (draft: Harvest) => edits.setHighlight(draft, one.id, false),
  ];
  for (const edit of same) {
    const after = A.change(doc, (draft) => void edit(draft));
    assert.deepEqual(A.getHeads(after), A.getHeads(doc));
  }
});

test("who said it is born with the insight, and can be struck", () => {
  const one = add("Begin klein", { saidBy: [BO] });
  let doc = A.change(empty(), (draft) => edits.add(draft, one));
  assert.deepEqual(A.toJS(doc).insights?.[one.id]?.said_by, { [BO]: true });
  doc = A.change(doc, (draft) => edits.setSaidBy(draft, one.id, BO, false));
  assert.deepEqual(A.toJS(doc).insights?.[one.id]?.said_by, {});
});

test("an insight that was moved is put back where it stood", () => {
  const [one, two] = [add("Een"), add("Twee")];
  let doc = A.change(empty(), (draft) => {
    edits.add(draft, one);
    edits.add(draft, two);
  });
  const before = edits.placeOf(doc, two.id);
  assert.ok(before !== null);
  doc = A.change(doc, (draft) => edits.move(draft, two.id, { parent: one.id, index: 0 }));
  assert.equal(buildTree(doc.insights ?? {}).byId.get(two.id)?.level, 2);
  doc = A.change(doc, (draft) => edits.putBack(draft, two.id, before));
  assert.deepEqual(edits.placeOf(doc, two.id), before);
  assert.deepEqual(texts(doc), ["Een", "Twee"]);
});
