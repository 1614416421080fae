// X-2 on screen: six of seven devices are without a line for half an hour, and go on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LAPTOP, PHONE, Stage } from "./kit.mjs";
import * as room from "./room.mjs";

const NAMES = ["An", "Bo", "Chris", "Dina", "Els", "Farid", "Gina"];
const AWAY = "30:00";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

test("X-2: half an hour without a line for six of seven: nothing lost, nothing twice", async () => {
  const { codes } = await stage.server.open("Een kelder zonder bereik");
  const people = [];
  for (const [at, name] of NAMES.entries()) {
    const person = await stage.person(name, at < 5 ? PHONE : LAPTOP);
    // Timers and clock of the page, so that half an hour can pass on it.
    await person.page.clock.install();
    await person.join(codes.participant, "Tafel 1");
    people.push(person);
  }
  const [stays, ...away] = people;
  await stays.add("Voor de kelder");
  await stays.add("Ga naar de mensen toe");
  await room.agree(people, 2);
  for (const person of people) await person.saved();

  for (const person of away) person.line.set("cut");
  const seen = [];
  for (const person of away) {
    await person.offline();
    seen.push([person.name, await person.watchSave()]);
  }
  const expected = ["1 Ga naar de mensen toe"];
  for (const person of away) {
    await person.add(`${person.name} ziet iets`);
    await person.page.clock.fastForward(AWAY);
    await person.add(`${person.name} werkt het uit`);
    await person.act(`${person.name} werkt het uit`, "Inspringen");
    expected.push(`1 ${person.name} ziet iets`, `2 ${person.name} werkt het uit`);
  }
  // Two write in the same insight, each at its end; one takes it under another at that moment.
  await room.writesOn(away[0], "Voor de kelder", " (Bo)");
  await room.writesOn(away[1], "Voor de kelder", " (Chris)");
  await stays.add("Boven ging het door");
  expected.push("1 Boven ging het door");
  for (const [name, saw] of seen) {
    assert.deepEqual(await saw(), ["offline"], `${name} never read that it was saved`);
  }
  const [, , loadsAgain] = away;
  loadsAgain.line.set("page");
  await loadsAgain.page.reload();
  await loadsAgain.item("Dina werkt het uit").waitFor();
  assert.equal((await stays.lines()).length, 3, "nothing came through");

  for (const person of away) person.line.set("open");
  const back = performance.now();
  const lines = await room.agree(people, 3 + 2 * away.length);
  const seconds = ((performance.now() - back) / 1_000).toFixed(1);
  console.log(`# X-2: seven screens show the same ${seconds} s after the lines came back`);
  const both = lines.find((line) => line.startsWith("1 Voor de kelder"));
  assert.ok(["(Bo) (Chris)", "(Chris) (Bo)"].some((end) => both === `1 Voor de kelder ${end}`));
  assert.deepEqual(lines.filter((line) => line !== both).sort(), expected.sort());
  for (const person of people) await person.saved();
  assert.deepEqual(
    people.flatMap(({ faults }) => faults),
    [],
  );
});
