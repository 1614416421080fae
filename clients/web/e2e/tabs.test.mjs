// One person, one browser, two tabs: each writes for itself, and neither is needed for the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { equal, LAPTOP, PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** An in two tabs of one browser, and Bo elsewhere. */
async function twoTabs(title) {
  const gathering = await stage.server.open(title);
  const an = await stage.person("An", LAPTOP);
  await an.join(gathering.codes.participant, "Tafel 1");
  const tab = await an.tab();
  await tab.composer.waitFor();
  const bo = await stage.person("Bo", PHONE);
  await bo.join(gathering.codes.participant, "Tafel 1");
  return { gathering, an, tab, bo };
}

test("two tabs type at once, one reloads, the line is cut: all of it, once", async () => {
  const { an, tab, bo } = await twoTabs("Twee tabs");
  await an.add("Samen");
  await tab.item("Samen").waitFor();
  const lines = [];
  for (let round = 1; round <= 3; round += 1) {
    const texts = [`een ${round}`, `twee ${round}`];
    lines.push(...texts);
    await Promise.all([an.add(texts[0]), tab.add(texts[1])]);
    if (round === 1) await tab.page.reload();
    if (round === 2) an.line.set("cut");
    if (round === 2) await Promise.all([an.offline(), tab.offline()]);
  }
  an.line.set("open");
  await Promise.all([an.saved(), tab.saved()]);
  const all = (found) => found.length === lines.length + 1;
  await until("Bo has all", () => bo.lines(), all);
  assert.deepEqual(
    (await equal(an, bo)).toSorted(),
    ["Samen", ...lines].map((text) => `1 ${text}`).toSorted(),
  );
  await equal(an, tab);
  // In one and the same text, letter by letter.
  await an.act("Samen", "Bewerk");
  await tab.act("Samen", "Bewerk");
  const field = ({ page }) => page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await field(an).press("Control+Home");
  await field(tab).press("Control+End");
  await Promise.all([
    field(an).pressSequentially("Wij zijn "),
    field(tab).pressSequentially(" in twee tabs"),
  ]);
  await bo.item("Wij zijn Samen in twee tabs").waitFor();
  await Promise.all([an.saved(), tab.saved()]);
  assert.deepEqual([...an.faults, ...tab.faults, ...bo.faults], []);
});

test("what one tab wrote offline goes with the other when the first is closed", async () => {
  const { an, tab, bo } = await twoTabs("Tab dicht");
  await an.saved();
  await tab.saved();
  an.line.set("cut");
  await Promise.all([an.offline(), tab.offline()]);
  await an.add("Uit de eerste tab");
  await tab.item("Uit de eerste tab").waitFor();
  await tab.page.getByText("Geen verbinding: 1 wijziging op dit toestel").waitFor();
  await an.page.close();
  await tab.add("Uit de tweede tab");
  an.line.set("open");
  await tab.saved();
  await bo.item("Uit de eerste tab").waitFor();
  await bo.item("Uit de tweede tab").waitFor();
  assert.deepEqual([...tab.faults, ...bo.faults], []);
});
