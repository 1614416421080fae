// The save line tells the truth: saved is what the server named, and nothing else.
import assert from "node:assert/strict";
import test from "node:test";
import {
  acknowledge,
  type Changes,
  type Facts,
  owed,
  saveState,
  waiting,
} from "../src/sync/save-state.ts";

/** A chain of changes a, b, c, … of which the first `length` stand on this device. */
function chain(length: number): Changes {
  const all = [..."abcdefgh"].slice(0, length);
  return {
    heads: all.slice(-1),
    has: (hash) => all.includes(hash),
  };
}

const two = () => 2;

test("what was touched counts until the server names the newest change", () => {
  assert.equal(waiting([], chain(3), two), 2);
  assert.equal(waiting(["a"], chain(3), two), 2);
  assert.equal(waiting(["c"], chain(3), two), 0);
});

test("a change that shows nothing any more still waits", () => {
  assert.equal(
    waiting(["a"], chain(3), () => 0),
    1,
  );
});

test("what was named stays named while the server is ahead of this device", () => {
  const named = acknowledge([], ["c"], chain(3));
  assert.deepEqual(named, ["c"]);
  const ahead = acknowledge(named, ["e"], chain(3));
  assert.equal(waiting(ahead, chain(3), two), 0);
  // The changes arrive, and with them the name.
  assert.deepEqual(acknowledge(ahead, ["e"], chain(5)), ["e"]);
});

test("a name that this device does not know saves nothing", () => {
  const strange = acknowledge([], ["x"], chain(2));
  assert.equal(waiting(strange, chain(2), two), 2);
});

test("a device whose store lags behind what it kept says that it waits", () => {
  assert.equal(waiting(["g"], chain(4), two), 2);
});

test("an empty document has nothing to save", () => {
  const none: Changes = { heads: [], has: () => false };
  assert.equal(waiting([], none, two), 0);
});

const facts: Facts = {
  connected: true,
  loaded: true,
  waiting: 0,
  left: 0,
  locked: false,
  writes: true,
  ended: null,
};

test("a document that is not here yet is not called saved", () => {
  const kind = (more: Partial<Facts>) => saveState({ ...facts, loaded: false, ...more }).kind;
  assert.equal(kind({}), "saving");
  assert.equal(kind({ locked: true, writes: false }), "saving");
  assert.equal(kind({ left: 2 }), "saving");
  assert.equal(kind({ connected: false }), "offline");
});

test("what waits in a group that one left is told, and nothing is saved before it is", () => {
  assert.deepEqual(saveState({ ...facts, left: 2 }), { kind: "left", changes: 2 });
  assert.equal(saveState({ ...facts, left: 2, waiting: 1 }).kind, "saving");
  assert.deepEqual(saveState({ ...facts, left: 2, waiting: 1, connected: false }), {
    kind: "offline",
    changes: 3,
  });
  assert.equal(saveState({ ...facts, left: 1, ended: "refused" }).kind, "refused");
});

test("who may not write sees that the change waits, and is owed no answer", () => {
  assert.equal(saveState({ ...facts, waiting: 1, writes: false }).kind, "locked_waiting");
  assert.equal(saveState({ ...facts, writes: false }).kind, "saved");
  assert.equal(owed(1, false), false);
  assert.equal(owed(0, true), false);
  assert.equal(owed(1, true), true);
});

test("the line's words follow from the facts, the worst first", () => {
  const kind = (more: Partial<Facts>) => saveState({ ...facts, ...more }).kind;
  assert.equal(kind({}), "saved");
  assert.equal(kind({ waiting: 1 }), "saving");
  assert.deepEqual(saveState({ ...facts, connected: false, waiting: 4 }), {
    kind: "offline",
    changes: 4,
  });
  assert.equal(kind({ connected: false }), "offline");
  assert.equal(kind({ locked: true }), "locked");
  assert.equal(kind({ locked: true, waiting: 1 }), "locked_waiting");
  assert.equal(kind({ locked: true, waiting: 1, connected: false }), "offline");
  assert.equal(kind({ ended: "access", connected: false }), "no_access");
  assert.equal(kind({ ended: "refused", waiting: 2 }), "refused");
  assert.equal(kind({ ended: "refused" }), "saved");
  assert.equal(kind({ ended: "elsewhere" }), "elsewhere");
});
