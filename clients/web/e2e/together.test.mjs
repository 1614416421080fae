// Two people in one group, one of them on a phone: they come in, harvest, and see each other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { equal, LAPTOP, PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

async function two(title) {
  const { codes } = await stage.server.open(title);
  const an = await stage.person("An", LAPTOP);
  const bo = await stage.person("Bo", PHONE);
  await an.join(codes.participant, "Tafel 1");
  await bo.join(codes.participant.toLowerCase().replace("-", ""), "Tafel 1");
  return { an, bo, codes };
}

test("two people join with a code, add and nest, and both see the same", async () => {
  const { an, bo } = await two("Samen oogsten");
  await an.add("Ga naar de mensen toe");
  await bo.item("Ga naar de mensen toe").waitFor();
  await bo.add("Drink koffie in de wijk");
  await an.item("Drink koffie in de wijk").waitFor();
  await an.act("Drink koffie in de wijk", "Inspringen");
  await bo.add("Zeg wat je met een idee deed");
  const wanted = [
    "1 Ga naar de mensen toe",
    "2 Drink koffie in de wijk",
    "1 Zeg wat je met een idee deed",
  ];
  await until(
    "nested at both",
    () => equal(an, bo),
    (lines) => lines.length === 3,
  );
  assert.deepEqual(await equal(an, bo), wanted);
  await an.saved();
  await bo.saved();

  await bo.act("Zeg wat je met een idee deed", "Omhoog");
  await until(
    "moved at the other's",
    () => an.lines(),
    ([first]) => first === "1 Zeg wat je met een idee deed",
  );
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("each sees who is here and where the other types, letter by letter", async () => {
  const { an, bo } = await two("Samen typen");
  await an.add("De wijk doet mee");
  await bo.item("De wijk doet mee").waitFor();
  await an.page.locator("aside").getByText("Bo", { exact: true }).waitFor();
  await bo.page.getByText("Nu hier: An en jij").waitFor();

  await bo.act("De wijk doet mee", "Bewerk");
  const text = bo.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await text.press("Control+End");
  await text.pressSequentially(", ook laat");
  await an.page.getByText("Bo typt…").waitFor();
  await an.item("De wijk doet mee, ook laat").waitFor();

  // The other's letters come in before the caret, and the caret keeps its place.
  await an.act("De wijk doet mee, ook laat", "Bewerk");
  const other = an.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await other.press("Control+Home");
  await other.pressSequentially("Nu: ");
  await until(
    "the other's letters",
    () => text.inputValue(),
    (now) => now.startsWith("Nu: De wijk"),
  );
  await text.pressSequentially(" op zaterdag");
  const both = "Nu: De wijk doet mee, ook laat op zaterdag";
  await until(
    "merged",
    () => other.inputValue(),
    (now) => now === both,
  );
  assert.equal(await text.inputValue(), both);
  await text.press("Enter");
  await bo.item(both).waitFor();

  // What is being typed in the composer shows as a sign of life, never as text.
  await bo.composer.pressSequentially("Nog een idee");
  await an.page.getByText("Bo schrijft iets nieuws…").waitFor();
  assert.equal(await an.page.getByText("Nog een idee").count(), 0);
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("categories, support, key points, removal and the way back", async () => {
  const { an, bo } = await two("Kiezen");
  for (const text of ["een", "twee", "drie", "vier"]) await an.add(`Inzicht ${text}`);
  await an.act("Inzicht een", "Tip");
  await bo.item("Inzicht een").getByText("Tip").waitFor();
  await bo.act("Inzicht twee", "Steun");
  await bo.item("Inzicht twee").getByText("Jij steunt dit").waitFor();
  assert.equal(await an.item("Inzicht twee").getByText("Jij steunt dit").count(), 0);

  for (const text of ["een", "twee", "drie"]) await an.act(`Inzicht ${text}`, "Kernpunt");
  await an.item("Inzicht vier").getByRole("button").click();
  const sheet = an.page.getByRole("dialog");
  assert.ok(await sheet.getByRole("button", { name: "Kernpunt" }).isDisabled());
  await sheet.getByText("Er zijn al drie kernpunten.").waitFor();
  await an.page.keyboard.press("Escape");
  const focused = () => an.page.evaluate(() => document.activeElement?.textContent ?? "");
  await until("the focus goes back", focused, (text) => text.includes("Inzicht vier"));

  await an.act("Inzicht vier", "Verwijder");
  await bo.item("Inzicht vier").waitFor({ state: "detached" });
  await an.page.getByRole("button", { name: "Ongedaan maken" }).click();
  await bo.item("Inzicht vier").waitFor();
  await bo.act("Inzicht vier", "Verwijder");
  await an.item("Inzicht vier").waitFor({ state: "detached" });
  await an.page.getByText("Verwijderd (1)").click();
  await an.page.getByRole("button", { name: "Zet terug" }).click();
  await bo.item("Inzicht vier").waitFor();
  await equal(an, bo);
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("what somebody removes while another writes in it can be put back by the writer", async () => {
  const { an, bo } = await two("Weg en terug");
  await an.add("Blijft dit");
  await bo.item("Blijft dit").waitFor();
  await bo.act("Blijft dit", "Bewerk");
  const text = bo.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await text.press("Control+End");
  await text.pressSequentially(" bestaan");
  await an.item("Blijft dit bestaan").waitFor();
  await an.act("Blijft dit bestaan", "Verwijder");
  await bo.page.getByText("Iemand verwijderde dit. Zet terug?").waitFor();
  await bo.page.getByRole("button", { name: "Zet terug" }).first().click();
  await an.item("Blijft dit bestaan").waitFor();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("a locked harvest is read, not written, until it is unlocked", async () => {
  const gathering = await stage.server.open("Op slot");
  const an = await stage.person("An", PHONE);
  await an.join(gathering.codes.participant, "Tafel 1");
  await an.add("Voor het slot");
  await an.saved();
  const [document] = gathering.groups[0].documents;
  const path = `/api/documents/${document.id}/frozen`;
  const token = gathering.facilitator_token;
  await stage.server.call(path, { method: "PUT", token, body: true });
  await an.page.locator('[data-save="locked"]').waitFor();
  await an.composer.waitFor({ state: "detached" });
  await stage.server.call(path, { method: "PUT", token, body: false });
  await an.composer.waitFor();
  await an.add("Na het slot");
  await an.saved();
  assert.deepEqual(an.faults, []);
});

test("a removed participant is told so, and what they wrote stays on their device", async () => {
  const gathering = await stage.server.open("Geen toegang");
  const an = await stage.person("An", PHONE);
  await an.join(gathering.codes.participant, "Tafel 1");
  await an.add("Ik was hier");
  await an.saved();
  const path = `/api/gatherings/${gathering.id}`;
  const token = gathering.facilitator_token;
  const { participants } = await stage.server.call(path, { token });
  const { id } = participants.find(({ name }) => name === "An");
  await stage.server.call(`${path}/participants/${id}`, { method: "DELETE", token });
  await an.page.getByText("Je hebt hier geen toegang meer.").first().waitFor();
  assert.deepEqual(an.faults, []);
});
