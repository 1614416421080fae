// The console for everybody: each part in each language, light and dark, on a phone and a laptop;
// its dialogs; the focus where one comes; nothing that scrolls sideways on 320 pixels.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { fine } from "./fine.mjs";
import { LAPTOP, resize, Stage } from "./kit.mjs";

const PARTS = {
  day: "dag",
  codes: "codes",
  people: "mensen",
  themes: "themas",
  vote: "stemming",
  rounds: "rondes",
  work: "groepen",
  guests: "gasten",
  mend: "terug",
  end: "slot",
};
const SIZES = { 360: { width: 360, height: 740 }, 1280: { width: 1280, height: 800 } };

let stage;
let day;
before(async () => {
  stage = await Stage.set();
  day = await Day.make(stage, "Voor iedereen", [
    { name: "Tafel 1", question: "Wat leren we?", seats: 2, table: "Bij het raam" },
    { name: "Participatieverantwoordelijken Kempen" },
  ]);
  const an = await day.join("An", 0, { region: "Kempen", organisation: "Stad Turnhout" });
  await day.join("Bo", null, { region: "Oost-Vlaanderen" });
  await day.questions([
    { text: "Vertrouwen", questions: [["Kempen", "Hoe winnen we vertrouwen terug?"]] },
    { text: "Klare taal", questions: [] },
  ]);
  await day.write("programme", [
    [
      ["questions", randomUUID()],
      { text: "Wat met jongeren?", region: "Kempen", position: "z", removed: false },
    ],
  ]);
  await day.harvest(an, 0, ["Ga zelf langs", { text: "Drink koffie", highlight: true }]);
  await day.start("questions");
  await day.call("/timer", "PUT", { seconds: 1_800 });
});
after(() => stage?.strike());

async function facilitator() {
  const mieke = await stage.person("Mieke", LAPTOP);
  const { page } = mieke;
  await page.goto(`${mieke.line.origin}/regie`);
  await page.getByLabel("Code voor begeleiders").waitFor();
  await fine(page, "the way in");
  await page.getByLabel("Code voor begeleiders").fill(day.codes.facilitator);
  await page.getByLabel("Hoe heet je?").fill("Mieke");
  await page.getByRole("button", { name: "Naar de regie" }).click();
  await page.locator('[data-part="day"]').waitFor();
  await mieke.saved();
  return mieke;
}

async function open(page, name) {
  await page.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/regie/${PARTS[name]}`);
  await page.locator(`[data-part="${name}"] h1`).waitFor();
}

for (const language of ["nl", "fr", "en"]) {
  test(`every part of the console in ${language}`, async () => {
    const mieke = await facilitator();
    const { page } = mieke;
    await page.evaluate((chosen) => localStorage.setItem("oogst.language", chosen), language);
    await page.reload();
    await page.locator('[data-part="day"] h1').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), language);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      for (const [width, size] of Object.entries(SIZES)) {
        await resize(page, size);
        for (const name of Object.keys(PARTS)) {
          await open(page, name);
          await fine(page, `${name} in ${language}, ${colorScheme}, ${width}`);
        }
      }
    }
    assert.deepEqual(mieke.faults, []);
  });
}

test("dialogs take the focus and give it back, and 320 pixels are enough", async () => {
  const mieke = await facilitator();
  const { page } = mieke;
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  const heading = page.locator('[data-part="day"] h1');
  assert.ok(await heading.evaluate((each) => each === document.activeElement));
  await resize(page, { width: 320, height: 640 });
  for (const name of Object.keys(PARTS)) {
    await open(page, name);
    await fine(page, `${name} on 320`);
  }
  await open(page, "day");
  await page.getByRole("button", { name: "Bewerk Wie is wie?" }).click();
  await page.getByRole("dialog").waitFor();
  await fine(page, "a block's sheet");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "Bewerk Wie is wie?");
  await open(page, "people");
  await page.getByRole("button", { name: /^Wijzig Bo/ }).click();
  await page.getByRole("dialog").waitFor();
  await fine(page, "a person's sheet");
  await page.keyboard.press("Escape");
  const bo = page.getByRole("button", { name: /^Wijzig Bo/ });
  assert.ok(await bo.evaluate((each) => each === document.activeElement));
  await open(page, "work");
  await page.getByRole("button", { name: "Zet alles op slot" }).click();
  await page.getByRole("dialog").waitFor();
  await fine(page, "a question");
  await page.keyboard.press("Escape");
  await open(page, "codes");
  await page.getByRole("button", { name: "Toon groot: Voor deelnemers" }).click();
  await page.getByRole("dialog").waitFor();
  await fine(page, "a code for the room");
  await page.keyboard.press("Escape");
  await open(page, "rounds");
  await page.getByText("Plan een ronde").click();
  await page.getByLabel("Naam van de ronde").waitFor();
  await fine(page, "a round to plan");
  mieke.line.set("cut");
  await mieke.offline();
  await page.getByRole("button", { name: "Verdeel wie nog geen groep heeft" }).click();
  await page.getByText("Geen verbinding. Er is niets veranderd.").waitFor();
  await fine(page, "what went wrong");
  assert.deepEqual(mieke.faults, []);
});
