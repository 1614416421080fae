// For everybody: axe finds nothing, targets fit a thumb, nothing scrolls that should not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fine } from "./fine.mjs";
import { LAPTOP, OPERATOR_KEY, PHONE, Stage } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** The group's page stays where it is: its list scrolls, the save line never leaves. */
async function stays(page) {
  const [height, scroll] = await page.evaluate(() => [
    document.documentElement.clientHeight,
    document.documentElement.scrollHeight,
  ]);
  assert.ok(scroll <= height, `the group's page scrolls away: ${scroll} over ${height}`);
}

for (const [size, device] of Object.entries({ 390: PHONE, 1280: LAPTOP })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the operator's page at ${size}, ${colorScheme}`, async () => {
      const operator = await stage.person("Operator", device, { colorScheme });
      const { page } = operator;
      await page.goto(`${operator.line.origin}/#key=${OPERATOR_KEY}`);
      await page.getByLabel("Titel van de bijeenkomst").waitFor();
      await fine(page, "open");
      await page.getByRole("button", { name: "Open de bijeenkomst" }).click();
      await page.getByText("Geef de bijeenkomst een titel.").waitFor();
      await fine(page, "open with a fault");
      await page.getByLabel("Titel van de bijeenkomst").fill("Voor iedereen");
      await page.getByRole("button", { name: "Nog een groep" }).click();
      await page.getByLabel("Naam van groep 4").fill("Participatieverantwoordelijken");
      await page.getByLabel("Leervraag van groep 4").fill("Wat leren we? ".repeat(20));
      await fine(page, "four groups");
      await page.getByRole("button", { name: "Open de bijeenkomst" }).click();
      const opened = page.getByRole("heading", { name: "De bijeenkomst is open" });
      await opened.waitFor();
      await fine(page, "opened");
      assert.ok(await opened.evaluate((each) => each === document.activeElement));
      assert.ok((await opened.boundingBox()).y >= 0, "the news is in sight");
      assert.deepEqual(operator.faults, []);
    });

    test(`join, group and wall at ${size}, ${colorScheme}`, async () => {
      const { codes } = await stage.server.open(`Voor iedereen ${size} ${colorScheme}`);
      const an = await stage.person("An", device, { colorScheme });
      const { page } = an;
      await page.goto(`${an.line.origin}/`);
      await page.getByLabel("Code van de bijeenkomst").waitFor();
      await fine(page, "home");
      await page.goto(`${an.line.origin}/j/${codes.participant}`);
      await page.getByLabel("Hoe heet je?").waitFor();
      await fine(page, "join");
      await page.getByRole("button", { name: "Doe mee" }).click();
      await page.getByText("Vul je naam in.").waitFor();
      await fine(page, "join with a fault");
      await page.getByLabel("Hoe heet je?").fill("An");
      await page.getByRole("button", { name: "Doe mee" }).click();
      await page.getByRole("button", { name: /^Tafel 1/ }).waitFor();
      await fine(page, "choose a group");
      await page.getByRole("button", { name: /^Tafel 1/ }).click();
      await an.composer.waitFor();
      await fine(page, "empty group");
      await an.add("Ga naar de mensen toe");
      await an.add("Drink koffie");
      await an.act("Drink koffie", "Inspringen");
      await an.act("Ga naar de mensen toe", "Kernpunt");
      await page.getByRole("button", { name: "Soort" }).click();
      await fine(page, "group");
      await page.getByRole("button", { name: "Tip", exact: true }).click();
      await an.item("Drink koffie").getByRole("button").click();
      await page.getByRole("dialog").waitFor();
      await fine(page, "sheet");
      await page.getByRole("button", { name: "Bewerk" }).click();
      await page.getByRole("textbox", { name: "Tekst van het inzicht" }).waitFor();
      await fine(page, "editor");
      await page.keyboard.press("Enter");
      await an.act("Drink koffie", "Verwijder");
      await fine(page, "undo");
      await page.getByRole("button", { name: /^Ik/ }).click();
      await page.getByRole("heading", { name: "Jouw vier woorden" }).waitFor();
      await fine(page, "me");
      await page.getByRole("link", { name: "Groep" }).click();
      await an.composer.waitFor();
      an.line.set("cut");
      await an.offline();
      await fine(page, "offline");
      an.line.set("open");
      await page.goto(`${an.line.origin}/muur#${codes.observer}/${codes.participant}`);
      await page.getByText("Ga naar de mensen toe").waitFor();
      await fine(page, "wall");
      assert.deepEqual(an.faults, []);
    });
  }
}

test("with a long harvest, and without a line, the save line stays in sight", async () => {
  const { codes } = await stage.server.open("Lang");
  const an = await stage.person("An", PHONE);
  await an.join(codes.participant, "Tafel 1");
  for (let number = 1; number <= 14; number += 1) await an.add(`Inzicht nummer ${number}`);
  await stays(an.page);
  await an.saved();
  an.line.set("cut");
  await an.offline();
  await an.add("Zonder lijn");
  await stays(an.page);
  const line = an.page.getByText("Geen verbinding: 1 wijziging op dit toestel");
  assert.ok((await line.boundingBox()).y >= 0);
  assert.deepEqual(an.faults, []);
});

test("the page speaks the chosen language, and 320 pixels are enough", async () => {
  const name = "Participatieverantwoordelijken Kempen";
  const { codes } = await stage.server.open("Klein en Frans", [{ name }, { name: "Tafel 2" }]);
  const an = await stage.person("An", { viewport: { width: 320, height: 640 } });
  const { page } = an;
  await an.join(codes.participant, "Participatieverantwoordelijken");
  await an.add("Een heel lang woord: participatieverantwoordelijkheidsbevoegdheid");
  await fine(page, "320 wide");
  await page.getByRole("button", { name: "Onder" }).click();
  const clipped = (button) => button.scrollWidth > button.clientWidth;
  const under = page.getByRole("group").getByRole("button", { name: /^Een heel lang/ });
  assert.equal(await under.evaluate(clipped), false, "a long word breaks");
  await page.getByRole("button", { name: /^Ik/ }).click();
  await page.getByRole("button", { name: "Wissel van groep" }).click();
  await page.getByRole("heading", { name: "Kies je groep" }).waitFor();
  await fine(page, "320 wide, choosing");
  await page.getByRole("button", { name: /^Participatie/ }).click();
  await page.getByRole("button", { name: /^Ik/ }).click();
  await page.getByRole("button", { name: "Français" }).click();
  await page.getByRole("heading", { name: "Vos quatre mots" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "fr");
  await fine(page, "French");
  assert.deepEqual(an.faults, []);
});
