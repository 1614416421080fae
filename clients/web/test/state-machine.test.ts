// The lighter state machine beside XState itself: random events, the same to be seen of both.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import * as xstate from "xstate";
import * as lighter from "../src/lighter/xstate.ts";

const RUNS = 2_000;
const STEPS = 24;
const DELAY_MS = 60;
const SEED = Number(process.env.OOGST_SEED ?? 1);

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const EVENTS = [
  "UPDATE",
  "UPDATE",
  "UPDATE",
  "BEGIN",
  "REQUEST",
  "DOC_READY",
  "DOC_UNAVAILABLE",
  "UNLOAD",
  "RELOAD",
  "DELETE",
  "UNKNOWN",
] as const;
type Step = { send: string } | { pass: number } | { wait: string; abort: boolean };

/** The machine of automerge-repo's DocHandle, with a counter as its document. */
// biome-ignore lint/suspicious/noExplicitAny: one description for two libraries
function made(library: any, seen: unknown[]) {
  const machine = library
    .setup({
      actions: {
        onUpdate: library.assign((given: { context: { doc: number }; event: { by: number } }) => {
          library.assertEvent(given.event, "UPDATE");
          return { doc: given.context.doc + given.event.by };
        }),
        onDelete: library.assign(() => {
          seen.push("deleted");
          return { doc: 0 };
        }),
        onUnavailable: library.assign(() => ({ doc: 0 })),
        onUnload: library.assign(() => ({ doc: 0 })),
      },
    })
    .createMachine({
      initial: "idle",
      context: { documentId: "one", doc: 0 },
      on: { UPDATE: { actions: "onUpdate" }, UNLOAD: ".unloaded", DELETE: ".deleted" },
      states: {
        idle: { on: { BEGIN: "loading" } },
        loading: {
          on: { REQUEST: "requesting", DOC_READY: "ready" },
          after: { [DELAY_MS]: "unavailable" },
        },
        requesting: {
          on: { DOC_UNAVAILABLE: "unavailable", DOC_READY: "ready" },
          after: { [DELAY_MS]: "unavailable" },
        },
        unavailable: { entry: "onUnavailable", on: { DOC_READY: "ready" } },
        ready: {},
        unloaded: { entry: "onUnload", on: { RELOAD: "loading" } },
        deleted: { entry: "onDelete", type: "final" },
      },
    });
  return library.createActor(machine);
}

/** Everything that can be seen of it while the steps are taken. */
// biome-ignore lint/suspicious/noExplicitAny: one description for two libraries
async function lived(library: any, steps: readonly Step[], early: boolean): Promise<unknown[]> {
  const seen: unknown[] = [];
  const actor = made(library, seen);
  const look = () => {
    const { value, context, status } = actor.getSnapshot();
    return [value, context.doc, context.documentId, status, actor.getSnapshot().matches("ready")];
  };
  if (early) actor.send({ type: "BEGIN" });
  let before = 0;
  actor.subscribe((snapshot: { context: { doc: number } }) => {
    seen.push(["told", ...look()]);
    // As DocHandle does: what is new makes it ready, from within.
    const news = snapshot.context.doc !== before && snapshot.context.doc !== 0;
    before = snapshot.context.doc;
    if (news && !actor.getSnapshot().matches("ready")) actor.send({ type: "DOC_READY" });
  });
  // Who listens second is told what came about within the first only after what came before it.
  actor.subscribe(({ value }: { value: string }) => seen.push(["second", value]));
  seen.push(["before", ...look()]);
  actor.start();
  actor.send({ type: "BEGIN" });
  for (const step of steps) {
    if ("send" in step) actor.send({ type: step.send, by: 1 });
    else if ("pass" in step) mock.timers.tick(step.pass);
    else {
      const controller = new AbortController();
      const options = { timeout: DELAY_MS * 2, signal: controller.signal };
      const wanted = (snapshot: { matches: (state: string) => boolean }) =>
        snapshot.matches(step.wait);
      library.waitFor(actor, wanted, options).then(
        (found: { value: string }) => seen.push(["waited", found.value]),
        (error: Error) => seen.push(["in vain", String(error)]),
      );
      if (step.abort) controller.abort(new Error("no more"));
    }
    // What was promised is told before the next step.
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
    seen.push(["after", ...look()]);
  }
  mock.timers.tick(DELAY_MS * 3);
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  seen.push(["end", ...look()]);
  return seen;
}

test("driven by the same events both show the same", async (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const chance = random(SEED);
  const states = ["ready", "unavailable", "requesting", "unloaded", "deleted"];
  const reached = new Set<unknown>();
  for (let run = 0; run < RUNS; run += 1) {
    const steps = Array.from({ length: 1 + Math.floor(chance() * STEPS) }, (): Step => {
      const kind = chance();
      if (kind < 0.15) return { pass: Math.floor(chance() * DELAY_MS * 1.5) };
      if (kind < 0.3) {
        const wait = states[Math.floor(chance() * states.length)] ?? "ready";
        return { wait, abort: chance() < 0.2 };
      }
      return { send: EVENTS[Math.floor(chance() * EVENTS.length)] ?? "UPDATE" };
    });
    const early = chance() < 0.2;
    const [theirs, ours] = [await lived(xstate, steps, early), await lived(lighter, steps, early)];
    const how = `OOGST_SEED=${SEED} npm test, run ${run}: ${JSON.stringify(steps)}`;
    assert.deepEqual(ours, theirs, how);
    for (const each of theirs) reached.add((each as unknown[])[1]);
  }
  for (const state of [...states, "loading"]) assert.ok(reached.has(state), `${state} was reached`);
});

test("what it cannot do is refused when a machine is made", () => {
  const machine = { initial: "a", context: {}, states: { a: { invoke: "a promise" } } };
  assert.throws(
    () => lighter.setup({ actions: {} }).createMachine(machine as never),
    /has no "invoke"/,
  );
});
