// What everybody does for the whole room: a card, a region's question, dots, the closing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { fine } from "./fine.mjs";
import { PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** Somebody who is in, at Nu. */
async function comes(day, name, more = {}) {
  const person = await stage.person(name, PHONE);
  const { page } = person;
  await page.goto(`${person.line.origin}/j/${day.codes.participant}`);
  await page.getByLabel("Hoe heet je?").fill(name);
  if (more.region !== undefined) await page.getByLabel(/^Regio/).fill(more.region);
  await page.getByRole("button", { name: "Doe mee" }).click();
  await page.getByRole("heading", { name: "Kies je groep" }).waitFor();
  return person;
}

const document = async (day, kind) => {
  const { id } = day.opened.documents.find((each) => each.kind === kind);
  return day.server.call(`/api/documents/${id}`, { token: day.token });
};

test("a card of who is who: one's own alone, without a line too, read by others", async () => {
  const day = await Day.make(stage, "Wie is wie");
  await day.start("who_is_who");
  const an = await comes(day, "An");
  await an.page.getByRole("link", { name: /^Wie is wie/ }).click();
  await an.page.getByLabel("Wat ligt er op je bord?").fill("Een stationsbuurt");
  await an.saved();
  await fine(an.page, "own card");
  an.line.set("cut");
  await an.page.getByLabel("Met welke vragen kom je?").fill("Wie ontbreekt er?");
  await an.offline();
  await fine(an.page, "own card, offline");
  an.line.set("open");
  await an.saved();

  const bo = await comes(day, "Bo");
  await bo.page.getByRole("link", { name: /^Wie is wie/ }).click();
  const card = bo.page.locator("[data-card]").filter({ hasText: "An" });
  await card.getByText("Een stationsbuurt").waitFor();
  await card.getByText("Wie ontbreekt er?").waitFor();
  await bo.page.getByLabel("Wat breng je mee?").fill("Koffie");
  await bo.saved();
  const { cards } = await document(day, "introductions");
  const said = Object.values(cards).map((each) => [
    each.on_my_plate,
    each.my_questions,
    each.bring,
  ]);
  assert.deepEqual(said.sort(), [
    ["", "", "Koffie"],
    ["Een stationsbuurt", "Wie ontbreekt er?", ""],
  ]);
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("a region's questions: asked, edited, taken back, one's own region first", async () => {
  const day = await Day.make(stage, "Regiovragen");
  const bo = await day.join("Bo", 0, { region: "Antwerpen" });
  assert.ok(bo.id);
  await day.start("questions");
  const an = await comes(day, "An", { region: "Kempen" });
  const { page } = an;
  // Who has no group yet reads along, and is told what to do.
  await page.getByRole("link", { name: /^Vragen van de regio/ }).click();
  await page.getByText("Kies eerst een groep.").waitFor();
  await page.getByRole("link", { name: "Kies je groep" }).click();
  await page.getByRole("button", { name: /^Tafel 1/ }).click();
  await an.composer.waitFor();
  await page.getByRole("link", { name: "Nu", exact: true }).click();
  await page.getByRole("link", { name: /^Vragen van de regio/ }).click();

  const field = page.getByRole("textbox", { name: /^Welke vraag/ });
  await field.fill("Hoe bereiken we jongeren?");
  await page.reload();
  assert.equal(await field.inputValue(), "Hoe bereiken we jongeren?");
  await page.getByRole("button", { name: "Zet erbij" }).click();
  const asked = page.locator("[data-question]").filter({ hasText: "Hoe bereiken we jongeren?" });
  await asked.waitFor();
  await page.getByLabel("Regio", { exact: true }).selectOption({ label: "Antwerpen" });
  await page.getByRole("button", { name: "Uitdaging" }).click();
  await field.fill("Te weinig tijd");
  await page.getByRole("button", { name: "Zet erbij" }).click();
  await page.locator("[data-question]").filter({ hasText: "Te weinig tijd" }).waitFor();
  const regions = await page.getByRole("main").getByRole("heading", { level: 2 }).allTextContents();
  assert.deepEqual(regions, ["Kempen", "Antwerpen"]);
  await fine(page, "regions' questions");

  await asked.getByRole("button", { name: "Bewerk" }).click();
  await page.getByLabel("Tekst van de vraag").fill("Hoe bereiken we jongeren en hun ouders?");
  await page.getByRole("button", { name: "Klaar" }).click();
  const edited = page.locator("[data-question]").filter({ hasText: "en hun ouders?" });
  await edited.getByRole("button", { name: "Bewerk" }).click();
  await page.getByRole("button", { name: "Verwijder" }).click();
  await edited.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Zet terug" }).click();
  await edited.waitFor();
  await an.saved();
  const { questions } = await document(day, "programme");
  const kempen = day
    .call("", "GET")
    .then(({ regions: all }) => all.find((r) => r.name === "Kempen"));
  const found = Object.values(questions).find(({ text }) => text.endsWith("ouders?"));
  assert.equal(found.region, (await kempen).id);
  assert.deepEqual([found.kind, found.removed], ["question", false]);
  assert.deepEqual(an.faults, []);
});

test("dots: given, changed, kept without a line, hidden until they are shown", async () => {
  const day = await Day.make(stage, "Stemmen");
  const themes = await day.questions([
    { text: "Jongeren", questions: [["Kempen", "Hoe bereiken we jongeren?"]] },
    { text: "Vertrouwen", questions: [] },
    { text: "Tijd", questions: [] },
  ]);
  const vote = crypto.randomUUID();
  const an = await comes(day, "An");
  const { page } = an;
  const asked = { id: vote, themes, budget: 3, most_each: 2, choose: 2 };
  await day.call("/votes", "POST", asked);
  await page.getByRole("link", { name: /^Stem op de thema/ }).click();
  const more = (theme) => page.getByRole("button", { name: `Een stip erbij voor ${theme}` });
  await page.locator('[data-left="3"]').waitFor();
  await more("Jongeren").click();
  await page.locator('[data-left="2"]').waitFor();
  await page.locator('[data-vote="arrived"]').waitFor();
  await fine(page, "vote");
  assert.equal(await page.getByText("gekozen").count(), 0);

  an.line.set("cut");
  await more("Jongeren").click();
  await more("Tijd").click();
  await page.locator('[data-left="0"]').waitFor();
  await page.getByRole("main").getByText("Je stem is nog niet aangekomen.").waitFor();
  await an.offline();
  await fine(page, "vote that did not arrive");
  // Whoever leaves the page or loads it anew still votes.
  await page.getByRole("button", { name: "Klaar" }).click();
  await page.getByRole("main").getByText("Je stem is nog niet aangekomen.").waitFor();
  an.line.set("page");
  await page.reload();
  await page.getByRole("heading", { name: "Kies je groep" }).waitFor();
  an.line.set("open");
  await an.saved();
  const bo = await day.join("Bo");
  await day.call(`/votes/${vote}/ballot`, "PUT", { dots: { [themes[1]]: 1 } }, bo.token);

  await page.getByRole("link", { name: /^Stem op de thema/ }).click();
  await day.call(`/votes/${vote}/closed`, "PUT");
  await page.getByRole("main").getByText("De stemming is dicht.").waitFor();
  await fine(page, "vote closed");
  const chosen = { themes: [themes[0], themes[2]], reason: "Zo stemde de groep." };
  await day.call(`/votes/${vote}/selection`, "PUT", chosen);
  await day.call(`/votes/${vote}/shown`, "PUT");
  await page.getByRole("heading", { name: "Dit is gekozen" }).waitFor();
  await page.getByText("2 stippen · gekozen").waitFor();
  await page.getByText("Zo stemde de groep.").waitFor();
  await fine(page, "vote shown");
  assert.deepEqual(an.faults, []);
});

test("the closing round: three fields and a choice that both arrive", async () => {
  const day = await Day.make(stage, "Afronden");
  const an = await comes(day, "An");
  const { page } = an;
  await day.start("closing");
  await page.getByRole("link", { name: /^Afronden/ }).click();
  await page.getByLabel("Wat neem je mee?").fill("Begin bij de mensen");
  await page.getByLabel("Wat is je eerste stap?").fill("Koffie drinken");
  await page.getByLabel("Deze dag in één woord").fill("Warm");
  an.line.set("cut");
  await page.getByRole("radio", { name: /^Met mijn naam/ }).check();
  await page.getByRole("main").getByText("Je keuze is nog niet aangekomen.").waitFor();
  await an.offline();
  await fine(page, "closing, offline");
  an.line.set("open");
  await page.locator('[data-consent="arrived"]').waitFor();
  await page.getByText("Dank je wel. Alles staat er.").waitFor();
  await fine(page, "closing");
  const { cards } = await document(day, "closing");
  assert.deepEqual(
    Object.values(cards).map(({ first_step }) => first_step),
    ["Koffie drinken"],
  );
  const chosen = await until(
    "the choice is the server's",
    () =>
      page.evaluate(async (id) => {
        const answer = await fetch(`/api/gatherings/${id}/consent`);
        return (await answer.json()).publish;
      }, day.id),
    (found) => found === "name",
  );
  assert.equal(chosen, "name");
  assert.deepEqual(an.faults, []);
});
