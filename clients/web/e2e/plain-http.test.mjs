// A venue's own network without https: no secure context, so no cookie by itself on a GET, no
// randomUUID, no service worker. Everything else works.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { equal, LAPTOP, LOCAL_NAME, PHONE, Stage } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** Somebody who knows the server by its name on the venue's network. */
async function guestOfTheHouse(name, device) {
  const person = await stage.person(name, device);
  const { port } = new URL(person.line.origin);
  person.line = { origin: `http://${LOCAL_NAME}:${port}` };
  return person;
}

test("over plain http two people harvest together, reload, and look at the wall", async () => {
  const { codes } = await stage.server.open("Zonder slotje");
  const an = await guestOfTheHouse("An", PHONE);
  const bo = await guestOfTheHouse("Bo", LAPTOP);
  await an.join(codes.participant, "Tafel 1");
  assert.equal(await an.page.evaluate(() => window.isSecureContext), false);
  await bo.join(codes.participant, "Tafel 1");
  await an.add("Begin waar de mensen al zijn");
  await bo.item("Begin waar de mensen al zijn").waitFor();
  await an.saved();

  await an.page.reload();
  await an.item("Begin waar de mensen al zijn").waitFor();
  await an.saved();
  await an.add("En vraag wie er nog ontbreekt");
  await bo.item("En vraag wie er nog ontbreekt").waitFor();
  assert.equal((await equal(an, bo)).length, 2);

  await bo.page.goto(`${bo.line.origin}/muur`);
  await bo.page.getByText("En vraag wie er nog ontbreekt").waitFor();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});
