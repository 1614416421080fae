// 002-6 on screen: ten people from outside come after noon, two to each of five groups.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { LAPTOP, Stage, until } from "./kit.mjs";
import * as room from "./room.mjs";

const GUESTS = 10;
const QUESTIONS = ["Wie missen we?", "Wat werkt?", "Wat kost het?", "Wie helpt?", "Wat nu?"];

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

test("002-6: ten guests, two a group, read in, and see no card of the morning", async () => {
  const groups = QUESTIONS.map((question, at) => ({ name: `Thema ${at + 1}`, question }));
  const day = await Day.make(stage, "Na de middag", groups);
  const members = [];
  for (const at of QUESTIONS.keys()) {
    const member = await day.join(`Lid ${at + 1}`, at);
    await day.harvest(member, at, [{ text: `Kernpunt ${at + 1}`, highlight: true }, "- Eronder"]);
    members.push(member);
  }
  const secret = "Een zorg die onder ons blijft";
  const card = [[["cards", members[0].id], { on_my_plate: secret }]];
  await day.write("introductions", card, members[0].token);
  await day.start("breakout");

  const guests = [];
  for (let at = 0; at < GUESTS; at += 1) {
    const guest = await room.scans(stage, `Gast ${at + 1}`, day.codes.guest);
    await guest.page.getByText("Welkom").first().waitFor();
    guests.push(guest);
  }
  const mieke = await stage.person("Mieke", LAPTOP);
  await mieke.page.goto(`${mieke.line.origin}/regie`);
  await mieke.page.getByLabel("Code voor begeleiders").fill(day.codes.facilitator);
  await mieke.page.getByLabel("Hoe heet je?").fill("Mieke");
  await mieke.page.getByRole("button", { name: "Naar de regie" }).click();
  await room.part(mieke, "Gasten");
  await mieke.page.getByRole("button", { name: "Laat de gasten binnen" }).click();
  await mieke.page.getByText("10 gasten zijn binnen").waitFor();

  const reads = [];
  for (const guest of guests) {
    const { page } = guest;
    await page.getByText("Hierover praat deze groep").waitFor();
    const main = await until(
      `${guest.name} reads in`,
      () => page.getByRole("main").innerText(),
      (text) => /Kernpunt \d/.test(text),
    );
    const at = QUESTIONS.findIndex((question) => main.includes(question));
    assert.ok(main.includes(`Kernpunt ${at + 1}`), main);
    assert.ok(main.includes(`Lid ${at + 1}`), main);
    assert.ok(!main.includes(secret));
    reads.push(at);
  }
  const spread = QUESTIONS.map((_, at) => reads.filter((each) => each === at).length);
  assert.deepEqual(spread, [2, 2, 2, 2, 2]);

  // Not by its address either.
  const [guest] = guests;
  await guest.page.goto(`${guest.line.origin}/nu/kaart`);
  await guest.page.getByRole("main").waitFor();
  await guest.saved();
  assert.equal(await guest.page.getByText(secret).count(), 0);
  assert.deepEqual(
    [mieke, ...guests].flatMap(({ faults }) => faults),
    [],
  );
});
