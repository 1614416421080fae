// Oneself: the language that one types in, one's name, and leaving for good.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

const names = async (day) => (await day.call("", "GET")).participants.map(({ name }) => name);

test("one says in which language one types, and it is kept with what is typed", async () => {
  const day = await Day.make(stage, "Talen");
  const an = await stage.person("An", PHONE);
  const { page } = an;
  await an.join(day.codes.participant, "Tafel 1");
  await an.saved();
  await page.goto(`${an.line.origin}/ik`);
  await page.getByLabel("Ik typ in het").selectOption("ar");
  await page.goto(`${an.line.origin}/groep`);
  await an.composer.waitFor();
  assert.equal(await an.composer.getAttribute("lang"), "ar");
  // One that is not in the list, by its code.
  await page.goto(`${an.line.origin}/ik`);
  assert.equal(await page.getByLabel("Ik typ in het").inputValue(), "ar");
  await page.getByLabel("Ik typ in het").selectOption("other");
  const code = page.getByLabel("Een andere taal");
  await code.fill("geen taal");
  await code.press("Enter");
  await page.getByText("Deze code kennen we niet. Kijk nog eens goed.").waitFor();
  await code.fill("sw");
  await code.press("Enter");
  await code.waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("Ik typ in het").inputValue(), "sw");
  await page.goto(`${an.line.origin}/groep`);
  await an.composer.waitFor();
  assert.equal(await an.composer.getAttribute("lang"), "sw");
  await an.add("Habari za mchana");
  await an.saved();
  const { id } = day.opened.groups[0].documents.find(({ kind }) => kind === "harvest");
  const { insights } = await stage.server.call(`/api/documents/${id}`, { token: day.token });
  assert.deepEqual(
    Object.values(insights).map(({ text, language }) => [text, language]),
    [["Habari za mchana", "sw"]],
  );
  assert.deepEqual(an.faults, []);
});

test("one changes one's name, and leaves only when nothing waits", async () => {
  const day = await Day.make(stage, "Weggaan");
  const an = await stage.person("An", PHONE);
  const { page } = an;
  await an.join(day.codes.participant, "Tafel 1");
  await an.add("Dit blijft staan");
  await an.saved();
  await page.getByRole("link", { name: "Ik", exact: true }).tap();
  await page.getByRole("button", { name: "Wijzig: Mijn naam" }).tap();
  const field = page.getByLabel("Mijn naam", { exact: true });
  assert.equal(await field.inputValue(), "An");
  await field.fill("  ");
  await field.press("Enter");
  await page.getByText("Vul een naam van 1 tot 80 tekens in.").waitFor();
  an.line.set("cut");
  await field.fill("Anneleen");
  await field.press("Enter");
  await page.getByText("Je naam is niet gewijzigd. Is er een verbinding?").waitFor();
  an.line.set("open");
  await field.press("Enter");
  await page.getByRole("heading", { name: "Anneleen", level: 1 }).waitFor();
  assert.ok((await names(day)).includes("Anneleen"));

  // What waits keeps one here.
  await an.saved();
  an.line.set("cut");
  await page.getByRole("link", { name: "Groep", exact: true }).tap();
  await an.composer.waitFor();
  await an.add("Zonder lijn");
  await page.getByRole("link", { name: "Ik", exact: true }).tap();
  const leave = page.getByRole("button", { name: "Verlaat de bijeenkomst" });
  await leave.tap();
  await page.getByText("Er wachten nog wijzigingen. Wacht tot alles bewaard is.").waitFor();
  const sure = page.getByRole("button", { name: "Ja, ik ga weg" });
  assert.equal(await sure.count(), 0);
  await page.getByRole("button", { name: "Ik blijf" }).tap();
  an.line.set("open");
  await an.saved();
  await leave.tap();
  await sure.tap();
  await page.waitForURL(`${an.line.origin}/`);
  await until("she is gone", async () => !(await names(day)).includes("Anneleen"));
  const { id } = day.opened.groups[0].documents.find(({ kind }) => kind === "harvest");
  const { insights } = await stage.server.call(`/api/documents/${id}`, { token: day.token });
  const texts = Object.values(insights).map(({ text }) => text);
  assert.deepEqual(texts.sort(), ["Dit blijft staan", "Zonder lijn"]);
  // This device is nobody now.
  await page.goto(`${an.line.origin}/groep`);
  await page.getByLabel(/code/i).first().waitFor();
  assert.deepEqual(an.faults, []);
});
