// What waits is never out of sight: in a group that one was moved from, after a refused change,
// and in a browser that keeps nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, Stage } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

const saveLine = (person, kind) => person.page.locator(`[data-save="${kind}"]`).waitFor();

test("who is moved with unsent changes sees that they wait, and they arrive later", async () => {
  const gathering = await stage.server.open("Verplaatst");
  const an = await stage.person("An", PHONE);
  const bo = await stage.person("Bo", PHONE);
  await an.join(gathering.codes.participant, "Tafel 1");
  await bo.join(gathering.codes.participant, "Tafel 1");
  await an.saved();
  an.line.set("cut");
  await an.offline();
  await an.add("Nog voor tafel 1");
  await an.page.getByRole("button", { name: /^Ik/ }).click();
  await an.page.getByRole("button", { name: "Wissel van groep" }).click();
  await an.page.getByText("Er wachten nog wijzigingen.").waitFor();
  await an.page.getByRole("link", { name: "Groep" }).click();

  const path = `/api/gatherings/${gathering.id}`;
  const token = gathering.facilitator_token;
  const { participants } = await stage.server.call(path, { token });
  const { id } = participants.find(({ name }) => name === "An");
  const move = (group) =>
    stage.server.call(`${path}/participants/${id}`, { method: "PUT", token, body: { group } });
  await move(gathering.groups[1].id);
  an.line.set("open");
  await an.page.getByText("1 wijziging wacht in je vorige groep").waitFor();
  await an.page.reload();
  await an.page.getByText("1 wijziging wacht in je vorige groep").waitFor();
  assert.deepEqual(await an.lines(), [], "the second table sees nothing of it");
  await move(gathering.groups[0].id);
  await bo.item("Nog voor tafel 1").waitFor();
  await an.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("after a refused change one begins again, with the text back as a draft", async () => {
  const { codes } = await stage.server.open("Geweigerd");
  const an = await stage.person("An", PHONE);
  let refuses = false;
  await an.page.routeWebSocket(/\/sync/, (socket) => {
    if (refuses) void socket.close({ code: 1008, reason: "refused" });
    else socket.connectToServer();
  });
  await an.join(codes.participant, "Tafel 1");
  await an.add("Dit is bewaard");
  await an.saved();
  an.line.set("cut");
  await an.offline();
  await an.add("Dit wordt geweigerd");
  refuses = true;
  an.line.set("open");
  await saveLine(an, "refused");
  await an.page.getByRole("button", { name: "Begin opnieuw met wat bewaard is" }).click();
  const texts = an.page.getByRole("textbox", { name: "Dit is niet bewaard" });
  assert.equal(await texts.inputValue(), "Dit wordt geweigerd");
  await an.page.getByRole("button", { name: "Nog niet" }).click();
  await an.item("Dit wordt geweigerd").waitFor();
  await an.page.getByRole("button", { name: "Begin opnieuw met wat bewaard is" }).click();
  refuses = false;
  await an.page.getByRole("button", { name: "Wis hier en begin opnieuw" }).click();
  await an.saved();
  assert.deepEqual(await an.lines(), ["1 Dit is bewaard"]);
  assert.equal(await an.composer.inputValue(), "Dit wordt geweigerd");
  assert.deepEqual(an.faults, []);
});

test("a word that is still being composed stands when its row is taken away", async () => {
  const { codes } = await stage.server.open("Half woord");
  const an = await stage.person("An", PHONE);
  const bo = await stage.person("Bo", PHONE);
  await an.join(codes.participant, "Tafel 1");
  await bo.join(codes.participant, "Tafel 1");
  await an.add("Samen");
  await bo.item("Samen").waitFor();
  await bo.act("Samen", "Bewerk");
  await bo.page.getByRole("textbox", { name: "Tekst van het inzicht" }).waitFor();
  const keyboard = await bo.page.context().newCDPSession(bo.page);
  const text = " werken";
  const at = { selectionStart: text.length, selectionEnd: text.length };
  await keyboard.send("Input.imeSetComposition", { text, ...at });
  await an.act("Samen", "Verwijder");
  await bo.page.getByText("Iemand verwijderde dit.").waitFor();
  await bo.page.getByRole("button", { name: "Zet terug" }).first().click();
  await an.item("Samen werken").waitFor();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("a browser whose store never answers says that changes are on this page only", async () => {
  const { codes } = await stage.server.open("Zonder opslag");
  const an = await stage.person("An", PHONE);
  await an.page.addInitScript(() => {
    IDBFactory.prototype.open = () => ({});
  });
  await an.join(codes.participant, "Tafel 1");
  await an.add("Eerst met lijn");
  await an.saved();
  an.line.set("cut");
  await an.offline();
  await an.add("Dan zonder");
  await an.page.getByText("Geen verbinding: 1 wijziging enkel op deze pagina").waitFor();
  an.line.set("open");
  await an.saved();
  assert.deepEqual(an.faults, []);
});
