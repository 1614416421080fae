// The cards of wie is wie on paper: all of them, each whole, twelve on an A4.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { LAPTOP, Stage } from "./kit.mjs";

const PEOPLE = 14;
const CARDS_A_PAGE = 12;

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

test("the cards of wie is wie are printed from the console, whole", async () => {
  const day = await Day.make(stage, "Op papier");
  for (let at = 1; at <= PEOPLE; at += 1) {
    const person = await day.join(`Deelnemer ${at}`, 0, { organisation: "Samenlevingsopbouw" });
    const card = { on_my_plate: `Bord ${at}`, my_questions: `Vraag ${at}`, bring: `Breng ${at}` };
    await day.write("introductions", [[["cards", person.id], card]], person.token);
  }
  const mieke = await stage.person("Mieke", LAPTOP);
  const { page } = mieke;
  await page.goto(`${mieke.line.origin}/regie`);
  await page.getByLabel("Code voor begeleiders").fill(day.codes.facilitator);
  await page.getByLabel("Hoe heet je?").fill("Mieke");
  await page.getByRole("button", { name: "Naar de regie" }).click();
  await page.getByRole("navigation").getByRole("link", { name: "Mensen", exact: true }).click();
  await page.getByRole("button", { name: "Kaarten van wie is wie" }).click();
  await page.getByRole("button", { name: "Print de kaarten" }).waitFor();

  const paper = page.locator("[data-printed] > li");
  assert.equal(await paper.first().isVisible(), false, "on the screen there is nothing of it");
  await page.emulateMedia({ media: "print" });
  await paper.nth(PEOPLE - 1).waitFor();
  const texts = await paper.allInnerTexts();
  assert.equal(texts.length, PEOPLE);
  for (let at = 1; at <= PEOPLE; at += 1) {
    const text = texts.find((each) => each.startsWith(`Deelnemer ${at}\n`)) ?? "";
    for (const said of ["Samenlevingsopbouw", `Bord ${at}`, `Vraag ${at}`, `Breng ${at}`]) {
      assert.ok(text.includes(said), `${said} in ${text}`);
    }
  }
  const cut = await paper.evaluateAll((cards) =>
    cards.filter((card) => getComputedStyle(card).breakInside !== "avoid").map((c) => c.innerText),
  );
  assert.deepEqual(cut, [], "none is cut by the end of a page");
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const pages = [...pdf.matchAll(/\/Type \/Page\b/g)].length;
  assert.equal(pages, Math.ceil(PEOPLE / CARDS_A_PAGE));
  assert.deepEqual(mieke.faults, []);
});
