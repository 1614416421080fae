// Positions keep their order, their alphabet and their length, whatever is inserted where.
import assert from "node:assert/strict";
import test from "node:test";
import { between, inOrder, POSITION_CHARACTERS_MAX, place } from "../src/harvest/position.ts";

/** Numbers by chance that repeat by seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const legal = /^[0-9A-Za-z]{1,64}$/;

test("a position lies between its neighbours", () => {
  const chance = chances(1);
  const pairs: [string | null, string | null][] = [
    [null, null],
    [null, "a0"],
    ["a0", null],
    ["a0", "a1"],
    ["a", "aV"],
    ["zzz", null],
    ["zzzzzzzz", null],
    [null, "0001"],
    ["Zz", "a"],
    ["a9", "aA"],
    ["az", "b"],
  ];
  for (const [low, high] of pairs) {
    for (let round = 0; round < 200; round += 1) {
      const found = between(low, high, chance);
      assert.ok(found !== null, `nothing between ${low} and ${high}`);
      assert.match(found, legal);
      assert.ok(low === null || low < found, `${low} < ${found}`);
      assert.ok(high === null || found < high, `${found} < ${high}`);
    }
  }
});

test("where no position fits there is none", () => {
  const tight = "a".repeat(POSITION_CHARACTERS_MAX);
  const pairs: [string | null, string | null][] = [
    ["a", "a0"],
    ["a", "a"],
    ["b", "a"],
    [null, "0"],
    [null, "000"],
    [tight, `${tight.slice(0, -1)}b`],
  ];
  for (const [low, high] of pairs) assert.equal(between(low, high), null, `${low} ${high}`);
});

test("five thousand additions at one end stay short", () => {
  for (const end of ["last", "first"] as const) {
    let at: string | null = null;
    const chance = chances(2);
    for (let n = 0; n < 5_000; n += 1) {
      const found: string | null =
        end === "last" ? between(at, null, chance) : between(null, at, chance);
      assert.ok(found !== null && found.length <= 6, `${end} ${n}: ${found}`);
      at = found;
    }
  }
});

test("items placed anywhere by chance stand in the order they were placed in", () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const chance = chances(seed);
  const positions = new Map<string, string>();
  const wanted: string[] = [];
  for (let n = 0; n < 1_500; n += 1) {
    const id = `item-${n}`;
    // Half of them at one spot, which wears the room out soonest.
    const index =
      chance() < 0.5 ? Math.min(1, wanted.length) : Math.floor(chance() * wanted.length);
    const siblings = wanted.map((each) => ({ id: each, position: positions.get(each) ?? "" }));
    for (const [each, position] of place(siblings, id, index, chance))
      positions.set(each, position);
    wanted.splice(index, 0, id);
  }
  const found = wanted.map((id) => ({ id, position: positions.get(id) ?? "" })).sort(inOrder);
  const message = `SEED=${seed} npm test`;
  assert.deepEqual(
    found.map(({ id }) => id),
    wanted,
    message,
  );
  for (const { position } of found) assert.match(position, legal, message);
});

test("siblings that leave no room all get fresh positions, once", () => {
  const siblings = [
    { id: "a", position: "a" },
    { id: "b", position: "a" },
    { id: "c", position: "a0" },
  ];
  const written = place(siblings, "new", 1);
  assert.deepEqual([...written.keys()], ["a", "new", "b", "c"]);
  const order = [...written].map(([id, position]) => ({ id, position })).sort(inOrder);
  assert.deepEqual(
    order.map(({ id }) => id),
    ["a", "new", "b", "c"],
  );
});
