// What the console puts in order: people by region, and who goes to which group.
import assert from "node:assert/strict";
import test from "node:test";
import type { Line, ParticipantInfo, Role, Vote } from "../src/api/answers.ts";
import { minutesOf, setRemoved, step } from "../src/day/edits.ts";
import type { ProgrammeShape } from "../src/day/programme.ts";
import { first, inRank, needsReason } from "../src/regie/choice.ts";
import { clockOf, momentAt } from "../src/regie/hours.ts";
import { byRegion, byRole, matches } from "../src/regie/people.ts";
import { emptyGroup, formed, seatsAreRight, spread } from "../src/regie/seats.ts";
import { doings, reasonOf } from "../src/regie/spans.ts";

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

test("people go where the fewest sit, and never over the seats", () => {
  const tables = [
    { id: "a", taken: 2, seats: 3 },
    { id: "b", taken: 0, seats: 2 },
    { id: "c", taken: 1, seats: 1 },
  ];
  const { placed, left } = spread(["1", "2", "3", "4"], tables);
  assert.deepEqual(
    [...placed.entries()],
    [
      ["1", "b"],
      ["2", "b"],
      ["3", "a"],
    ],
  );
  assert.deepEqual(left, ["4"]);
  const open = spread(
    ["1", "2", "3"],
    [
      { id: "a", taken: 0 },
      { id: "b", taken: 1 },
    ],
  );
  assert.deepEqual([...open.placed.values()], ["a", "a", "b"]);
  assert.deepEqual(spread(["1"], []).left, ["1"]);
});

test("a group is formed with what was filled in, and with nothing else", () => {
  const draft = emptyGroup(" Tafel 1 ");
  assert.deepEqual(formed(draft), { name: "Tafel 1" });
  const full = { ...draft, question: "Wat nu?", table: "Raam", seats: 6, theme: "t" };
  assert.deepEqual(formed(full), {
    name: "Tafel 1",
    question: "Wat nu?",
    table: "Raam",
    seats: 6,
    theme: "t",
  });
  assert.deepEqual(
    [null, 1, 0, 2.5].map((seats) => seatsAreRight({ ...draft, seats })),
    [true, true, false, false],
  );
});

test("a choice needs a reason where the dots alone do not make it", () => {
  const theme = (id: string) => ({ id, title: id, merged: [], questions: [] });
  const vote = {
    choose: 2,
    themes: ["a", "b", "c"].map(theme),
    tie: null,
  } as unknown as Vote;
  assert.deepEqual(first(vote), ["a", "b"]);
  assert.deepEqual(inRank(vote, new Set(["c", "a"])), ["a", "c"]);
  assert.equal(needsReason(vote, new Set(["b", "a"])), false);
  assert.equal(needsReason(vote, new Set(["a", "c"])), true);
  const tied = { ...vote, tie: { themes: ["b", "c"], places: 1, drawn: false } };
  assert.deepEqual(first(tied), ["a"]);
  assert.equal(needsReason(tied, new Set(["a", "b"])), true);
  assert.equal(
    needsReason({ ...tied, tie: { ...tied.tie, drawn: true } }, new Set(["a", "b"])),
    false,
  );
});

test("a time that was typed is on the gathering's day", () => {
  const at = momentAt("09:30", "2026-11-21", 0);
  assert.equal(clockOf(at?.toISOString() ?? null), "09:30");
  assert.equal(at?.getDate(), 21);
  assert.equal(momentAt("", null, 0), null);
  assert.equal(clockOf(null), "");
});

test("a span holds what people did in documents, by person", () => {
  const line = (at: string, name: string | null, document: string | null): Line =>
    ({
      seq: 1,
      index: 0,
      at,
      type: "insight.added",
      document,
      participant: name === null ? null : { id: name, name, role: "participant" },
    }) as Line;
  const lines = [
    line("2026-11-21T09:00:00.000Z", "Bo", "d"),
    line("2026-11-21T09:05:00.000Z", "An", "d"),
    line("2026-11-21T09:06:00.000Z", "Bo", "d"),
    line("2026-11-21T09:06:00.000Z", "Chris", null),
    line("2026-11-21T09:06:00.000Z", null, "d"),
  ];
  const from = Date.parse("2026-11-21T09:01:00.000Z");
  const found = doings(lines, from, Date.parse("2026-11-21T09:06:00.000Z"));
  assert.deepEqual(
    found.map(({ name, lines }) => [name, lines.length]),
    [
      ["An", 1],
      ["Bo", 1],
    ],
  );
  assert.equal(reasonOf("it is locked: unlock it, and ask again"), "locked");
  assert.equal(reasonOf("something new"), null);
});
