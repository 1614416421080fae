// What a plan adds up to, counted as the server counts it.
import assert from "node:assert/strict";
import test from "node:test";
import {
  actionsOf,
  dateOf,
  dayOf,
  inNoScenario,
  type PlanShape,
  periodsOf,
  scenarioTotals,
} from "../src/kinds/plan/shape.ts";

const plan: PlanShape = {
  actions: {
    a: { what: "Bel de buurt", position: "a", scenarios: { none: true, small: true }, cost: 0 },
    b: { what: "Huur een zaal", position: "b", scenarios: { small: true }, cost: 250 },
    c: { what: "Weg", position: "c", scenarios: { none: true }, status: "dropped", cost: 900 },
    d: { what: "Gewist", position: "d", scenarios: { none: true }, removed: true },
    e: { what: "Nog nergens", position: "e", period: "2026-K4", status: "done" },
  },
  check_ins: { z: { period: "2027-K1", moment: "start" } },
};

test("scenarios come without money first; what is dropped or removed counts for nothing", () => {
  const totals = scenarioTotals(actionsOf(plan)).map(({ scenario, actions, cost }) => [
    scenario,
    actions.length,
    cost,
  ]);
  assert.deepEqual(totals, [
    ["none", 1, 0],
    ["small", 2, 250],
    ["medium", 0, 0],
    ["large", 0, 0],
  ]);
  assert.deepEqual(
    inNoScenario(actionsOf(plan)).map(({ id }) => id),
    ["e"],
  );
});

test("periods are those that actions or check-ins name", () => {
  assert.deepEqual(periodsOf(plan), ["2026-K4", "2027-K1"]);
});

test("the hundred days are counted from the first, over a change of the clock too", () => {
  assert.equal(dayOf("2026-09-01", "2026-09-01"), 0);
  assert.equal(dayOf("2026-09-01", dateOf("2026-09-01", 100)), 100);
  assert.equal(dateOf("2026-09-01", 100), "2026-12-10");
  assert.equal(dayOf("", "2026-09-01"), null);
});
