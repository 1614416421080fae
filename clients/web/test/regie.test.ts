// What the console puts in order: people by region, and who goes to which group.
import assert from "node:assert/strict";
import test from "node:test";
import type { ParticipantInfo, Role } from "../src/api/types.ts";
import { minutesOf, setRemoved, step } from "../src/day/edits.ts";
import type { ProgrammeShape } from "../src/day/programme.ts";
import { byRegion, byRole, matches } from "../src/regie/people.ts";

const person = (name: string, more: Partial<ParticipantInfo> = {}): ParticipantInfo => ({
  id: name,
  name,
  role: "participant" as Role,
  group: null,
  ...more,
});

test("people stand by region and by name, those without a region last", () => {
  const people = [
    person("Zoë"),
    person("Bo", { region: "Oost" }),
    person("An", { region: "Oost" }),
    person("Chris", { region: "Kempen" }),
  ];
  const rows = byRegion(people).map(({ name, people }) => [name, people.map((each) => each.name)]);
  assert.deepEqual(rows, [
    ["Kempen", ["Chris"]],
    ["Oost", ["An", "Bo"]],
    ["", ["Zoë"]],
  ]);
});

test("who shares a device counts, and a search does not mind accents", () => {
  const shared = person("Zoë", { organisation: "Stad Gent", together_with: ["Émile", "Jo"] });
  assert.equal(byRole([shared, person("An")]).get("participant"), 4);
  for (const typed of ["zoe", "gent", "EMIL", ""]) assert.ok(matches(shared, typed), typed);
  assert.ok(!matches(shared, "an de"));
});

test("minutes are whole and within a day", () => {
  assert.deepEqual(["45", "0", "-3", "9999", "1.5", "", "x"].map(minutesOf), [
    45,
    0,
    0,
    1440,
    null,
    null,
    null,
  ]);
});

test("a block moves one place among the live ones, and never off an end", () => {
  const root: ProgrammeShape = {
    blocks: {
      a: { title: "A", position: "a" },
      gone: { title: "weg", position: "b", removed: true },
      c: { title: "C", position: "c" },
    },
  };
  const order = (): string[] =>
    Object.entries(root.blocks ?? {})
      .filter(([, block]) => block.removed !== true)
      .sort(([, left], [, right]) => (String(left.position) < String(right.position) ? -1 : 1))
      .map(([id]) => id);
  assert.equal(step(root, "blocks", "a", -1), false);
  assert.equal(step(root, "blocks", "a", 1), true);
  assert.deepEqual(order(), ["c", "a"]);
  setRemoved(root, "blocks", "gone", false);
  assert.equal(order().length, 3);
});
