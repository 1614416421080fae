// The console's forms that are used now and then: a question written down for a region, themes
// that are merged, a lot, a round that is planned, a block changed on a phone, the archive.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { write } from "./author.mjs";
import { conducts, part } from "./console.mjs";
import { Day } from "./day.mjs";
import { PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

const programmeOf = (day) => {
  const { id } = day.opened.documents.find(({ kind }) => kind === "programme");
  return stage.server.call(`/api/documents/${id}`, { token: day.token });
};

test("a facilitator writes down a question for a region", async () => {
  const day = await Day.make(stage, "Regiovragen");
  await day.join("An", 0, { region: "Kempen" });
  const mieke = await conducts(stage, day);
  const { page } = mieke;
  await part(page, "Vragen en thema’s");
  await page.getByText("Schrijf een vraag op voor een regio").click();
  await page.getByRole("button", { name: "Voeg de vraag toe" }).click();
  await page.getByText("Vul eerst een vraag in.").waitFor();
  await page.getByLabel("Regio", { exact: true }).selectOption({ label: "Kempen" });
  await page.getByLabel("Vraag of uitdaging").fill("Wie bereiken we nog niet?");
  await page.getByLabel("Dit is een uitdaging").check();
  await page.getByRole("button", { name: "Voeg de vraag toe" }).click();
  await page.getByRole("heading", { name: "Kempen", level: 3 }).waitFor();
  await page.getByLabel("Wie bereiken we nog niet?").waitFor();
  assert.equal(await page.getByLabel("Vraag of uitdaging").inputValue(), "");
  await mieke.saved();
  const { questions } = await programmeOf(day);
  const { regions } = await day.call("", "GET");
  assert.deepEqual(
    Object.values(questions).map(({ text, kind, region }) => [text, kind, region]),
    [["Wie bereiken we nog niet?", "challenge", regions[0].id]],
  );
  assert.deepEqual(mieke.faults, []);
});

test("themes are merged, a lot decides, and what no longer goes is said in Dutch", async () => {
  const day = await Day.make(stage, "Gelijke stand");
  const ids = await day.questions(
    ["Tijd", "Taal", "Vertrouwen", "Agenda"].map((text) => ({ text, questions: [] })),
  );
  const [tijd, taal, vertrouwen, agenda] = ids;
  const people = [await day.join("An", 0), await day.join("Bo", 1)];
  const id = randomUUID();
  await day.call("/votes", "POST", { id, themes: ids, budget: 3, most_each: 2, choose: 2 });
  const cast = (who, dots) => day.call(`/votes/${id}/ballot`, "PUT", { dots }, who.token);
  await cast(people[0], { [tijd]: 2, [taal]: 1 });
  await cast(people[1], { [agenda]: 1, [vertrouwen]: 1 });
  await day.call(`/votes/${id}/closed`, "PUT");
  const vote = async () => (await day.call("/votes", "GET")).votes[0];

  const mieke = await conducts(stage, day);
  const { page } = mieke;
  await part(page, "Stemming");
  const ranked = page.locator("[data-ranked]");
  await page.getByText("Voeg twee thema’s samen").click();
  await page.getByLabel("Dit thema").selectOption({ label: "Agenda" });
  await page.getByLabel("gaat op in").selectOption({ label: "Tijd" });
  await page.getByRole("button", { name: "Voeg samen", exact: true }).click();
  await ranked.filter({ hasText: "Tijd" }).getByText("met 1 samengevoegd").waitFor();
  assert.deepEqual(await ranked.locator("strong").allTextContents(), [
    "Tijd",
    ...(await vote()).themes.slice(1).map(({ title }) => title),
  ]);
  assert.equal(await ranked.count(), 3);

  await page.getByText("Gelijke stand voor de laatste plaats").waitFor();
  await page.getByLabel("Waarom deze keuze?").waitFor();
  await page.getByRole("button", { name: "Laat het lot beslissen" }).click();
  await page.getByText("Het lot besliste over de gelijke stand.").first().waitFor();
  const { themes, tie } = await vote();
  assert.equal(tie.drawn, true);
  assert.ok([taal, vertrouwen].includes(themes[1].id));
  // What the lot chose stands in the choice, and needs no reason.
  for (const { title } of themes.slice(0, 2)) {
    assert.ok(await ranked.filter({ hasText: title }).getByRole("checkbox").isChecked());
  }
  assert.equal(await page.getByLabel("Waarom deze keuze?").count(), 0);

  // Somebody else confirms while this merge is on its way.
  await page.route("**/merged", async (route) => {
    await day.call(`/votes/${id}/selection`, "PUT", {
      themes: themes.slice(0, 2).map((theme) => theme.id),
    });
    await route.continue();
  });
  await page.getByLabel("Dit thema").selectOption({ label: themes[2].title });
  await page.getByLabel("gaat op in").selectOption({ label: "Tijd" });
  await page.getByRole("button", { name: "Voeg samen", exact: true }).click();
  const wrong = page.getByRole("alert").filter({ hasText: "De keuze is al bevestigd." });
  await wrong.waitFor();
  assert.equal((await wrong.textContent()).trim(), "De keuze is al bevestigd.");
  assert.deepEqual(mieke.faults, []);
});

test("a round is planned by its form", async () => {
  const day = await Day.make(stage, "Ronde gepland");
  const mieke = await conducts(stage, day);
  const { page } = mieke;
  await part(page, "Rondes");
  await page.getByText("Plan een ronde", { exact: true }).click();
  const plan = page.getByRole("button", { name: "Plan de ronde", exact: true });
  await plan.click();
  await page.getByText("Geef de ronde een naam.").waitFor();
  await page.getByLabel("Naam van de ronde").fill("Intervisie in de namiddag");
  await page.getByLabel("Soort").selectOption({ label: "Intervisie" });
  await page.getByRole("button", { name: "Haal groep 3 weg" }).click();
  await page.getByRole("button", { name: "Haal groep 2 weg" }).click();
  await page.getByRole("button", { name: "+ Nog een groep" }).click();
  const group = (n) => page.getByRole("group", { name: `Groep ${n}`, exact: true });
  await group(2).getByLabel("Naam").fill("");
  await plan.click();
  await page.getByText("Geef elke groep een naam.").waitFor();
  await group(2).getByLabel("Naam").fill("Aan het raam");
  await group(2).getByLabel("Plaatsen").fill("0");
  await plan.click();
  await page.getByText("Plaatsen zijn hele getallen, minstens 1.").waitFor();
  await group(2).getByLabel("Plaatsen").fill("6");
  await group(2).getByLabel("Tafel").fill("7");
  await group(1).getByLabel("Leervraag").fill("Wie spreekt voor wie zwijgt?");
  await plan.click();
  const round = page.locator("[data-round]").filter({ hasText: "Intervisie in de namiddag" });
  await round.getByText("Gepland").waitFor();
  await round.getByText("Wie spreekt voor wie zwijgt?").waitFor();
  const { rounds } = await day.call("", "GET");
  const { kind, status, groups } = rounds.find(({ title }) => title.startsWith("Intervisie"));
  assert.deepEqual([kind, status], ["intervision", "planned"]);
  assert.deepEqual(
    groups.map(({ name, question, seats, table }) => [name, question, seats, table]),
    [
      ["Groep 1", "Wie spreekt voor wie zwijgt?", undefined, undefined],
      ["Aan het raam", "", 6, "7"],
    ],
  );
  assert.deepEqual(mieke.faults, []);
});

test("rounds and the choice of a group show a question as its group words it now", async () => {
  const day = await Day.make(stage, "Leervraag");
  const an = await day.join("An", 0);
  const reword = (text) => {
    const { url } = day.opened.groups[0].documents.find(({ kind }) => kind === "harvest");
    return write(day.origin, an.token, url, [[["question"], text]]);
  };
  const mieke = await conducts(stage, day);
  await part(mieke.page, "Rondes");
  const bo = await stage.person("Bo", PHONE);
  await bo.page.goto(`${bo.line.origin}/j/${day.codes.participant}`);
  await bo.page.getByLabel("Hoe heet je?").fill("Bo");
  await bo.page.getByRole("button", { name: "Doe mee" }).click();
  const choice = bo.page.getByRole("button", { name: /^Tafel 1/ });
  await choice.getByText(day.opened.groups[0].question).waitFor();
  await reword("Wie missen we vandaag?");
  await choice.getByText("Wie missen we vandaag?").waitFor();
  const seat = mieke.page.locator("[data-seat-group]").filter({ hasText: "Tafel 1" });
  await seat.getByText("Wie missen we vandaag?").waitFor();
  assert.deepEqual([...mieke.faults, ...bo.faults], []);
});

test("on a phone a block is changed in the list, and the day is taken along", async () => {
  const day = await Day.make(stage, "Op de telefoon");
  const mieke = await conducts(stage, day, stage.person("Mieke", PHONE));
  const { page } = mieke;
  const edit = page.getByRole("button", { name: "Bewerk Onthaal met koffie" });
  await edit.tap();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Naam van het onderdeel").fill("Koffie en thee");
  await sheet.getByLabel("Soort").selectOption({ label: "Pauze" });
  await sheet.getByLabel("Minuten").fill("25");
  await sheet.getByLabel(/^Vast beginuur/).fill("09:15");
  await sheet.getByRole("button", { name: /Later/ }).tap();
  await sheet.getByRole("button", { name: "Sluit", exact: true }).last().tap();
  await sheet.waitFor({ state: "detached" });
  const titles = page.locator("[data-block] .title");
  await until(
    "the block stands second",
    async () => (await titles.allTextContents())[1],
    (title) => title === "Koffie en thee",
  );
  await mieke.saved();
  const block = (await programmeOf(day)).blocks[day.blocks.welcome];
  const { title, kind, minutes, fixed_start } = block;
  assert.deepEqual([title, kind, minutes, fixed_start], ["Koffie en thee", "break", 25, "09:15"]);
  // Taken away, and put back.
  await page.getByRole("button", { name: "Bewerk Koffie en thee" }).tap();
  await sheet.getByRole("button", { name: "Haal weg" }).tap();
  await page.getByText("Weggehaald (1)").tap();
  await page.getByRole("button", { name: "Zet terug" }).tap();
  await page.getByRole("button", { name: "Bewerk Koffie en thee" }).waitFor();

  await page.getByRole("combobox", { name: "Ga naar" }).selectOption({ label: "Afsluiten" });
  const link = page.getByRole("link", { name: "Archief van de hele dag" });
  const [file] = await Promise.all([page.waitForEvent("download"), link.tap()]);
  assert.equal(file.suggestedFilename(), "oogst-archive.jsonl");
  const lines = readFileSync(await file.path(), "utf8")
    .trim()
    .split("\n");
  // It is whole where its last line says so.
  assert.equal(JSON.parse(lines.at(-1)).line, "end");
  assert.deepEqual(mieke.faults, []);
});
