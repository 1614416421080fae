// One kick-off day on its screens, from the opening to the replay: a facilitator's laptop, the
// projector, four phones (two people share one), a laptop, two guests; lines that are cut, a server
// that dies. Each part goes on where the one before stopped.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as afternoon from "./afternoon.mjs";
import { Stage } from "./kit.mjs";
import * as morning from "./morning.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** Who is in the room, by the name of the device's owner. */
const at = {};
let broken = false;

for (const [name, run] of Object.entries({ ...morning.PARTS, ...afternoon.PARTS })) {
  test(name, async (t) => {
    if (broken) {
      t.skip("the day stopped before");
      return;
    }
    broken = true;
    const began = performance.now();
    await run(at, stage);
    console.log(`# ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    const faults = Object.values(at).flatMap((person) => person.faults);
    assert.deepEqual(faults, []);
    broken = false;
  });
}
