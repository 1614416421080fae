// Cut lines and a killed server: the save line never says more than is so, and nothing is lost.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { equal, LAPTOP, PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

async function two(title) {
  const { codes, id } = await stage.server.open(title);
  const an = await stage.person("An", LAPTOP);
  const bo = await stage.person("Bo", PHONE);
  await an.join(codes.participant, "Tafel 2");
  await bo.join(codes.participant, "Tafel 2");
  return { an, bo, codes, id };
}

test("a page that comes speaks of no lost line before it knows of one", async () => {
  const { an } = await two("Erbij komen");
  await an.page.addInitScript(() => {
    window.seenSaveLine = [];
    const look = () => {
      const now = document.querySelector("[data-save]")?.getAttribute("data-save");
      if (now && window.seenSaveLine.at(-1) !== now) window.seenSaveLine.push(now);
    };
    const options = { subtree: true, childList: true, attributes: true };
    new MutationObserver(look).observe(document, options);
  });
  for (const [path, mark] of [
    ["/groep", "form.composer"],
    ["/verslag", ".points, section"],
    ["/nu", ".label"],
  ]) {
    await an.page.goto(`${an.line.origin}${path}`);
    await an.page.locator(mark).first().waitFor();
    await an.saved();
    const seen = await an.page.evaluate(() => window.seenSaveLine);
    assert.ok(!seen.includes("offline"), `${path}: ${seen}`);
  }
  // A line that can be reached by nobody is called so, in a moment.
  an.line.set("page");
  await an.page.goto(`${an.line.origin}/groep`);
  await an.offline();
  assert.deepEqual(an.faults, []);
});

test("offline both write, one reloads; back on the line both are equal", async () => {
  const { an, bo } = await two("Lijn eraf");
  await an.add("Voor de lijn");
  await bo.item("Voor de lijn").waitFor();
  await bo.saved();

  bo.line.set("cut");
  await bo.offline();
  // Without a line nobody knows who else is here.
  assert.equal(await bo.page.locator("[data-here]").isVisible(), false);
  const seen = await bo.watchSave();
  await bo.add("Zonder lijn geschreven");
  await bo.page.getByText("Geen verbinding: 1 wijziging op dit toestel").waitFor();
  await an.add("Intussen aan tafel");
  await bo.act("Voor de lijn", "Bewerk");
  const text = bo.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await text.press("Control+End");
  await text.pressSequentially(" was alles goed");
  await text.press("Enter");
  // A sentence is many letters, and one change to who typed it.
  await bo.page.getByText("Geen verbinding: 2 wijzigingen op dit toestel").waitFor();
  assert.deepEqual(await seen(), ["offline"], "never saved, not for a moment, while cut");

  // The page itself loads, as from a cache; nothing else comes through.
  bo.line.set("page");
  await bo.page.reload();
  await bo.item("Zonder lijn geschreven").waitFor();
  await bo.item("Voor de lijn was alles goed").waitFor();
  await bo.page.getByText("Geen verbinding: 2 wijzigingen op dit toestel").waitFor();
  const again = await bo.watchSave();
  await bo.add("Na het herladen");
  await bo.page.getByText("Geen verbinding: 3 wijzigingen op dit toestel").waitFor();
  assert.deepEqual(await again(), ["offline"]);
  assert.equal((await an.lines()).length, 2, "nothing came through");

  bo.line.set("open");
  await bo.saved();
  await until(
    "all four at the table",
    () => an.lines(),
    (lines) => lines.length === 4,
  );
  const lines = await equal(an, bo);
  assert.deepEqual([...lines].sort(), [
    "1 Intussen aan tafel",
    "1 Na het herladen",
    "1 Voor de lijn was alles goed",
    "1 Zonder lijn geschreven",
  ]);
  await an.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("while another types, one's own save line stays as it is", async () => {
  const { an, bo } = await two("De ander typt");
  await an.add("Wij leren");
  await bo.item("Wij leren").waitFor();
  await bo.saved();
  const seen = await bo.watchSave();
  await an.act("Wij leren", "Bewerk");
  const text = an.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await text.press("Control+End");
  await text.pressSequentially(" van elkaar");
  await bo.item("Wij leren van elkaar").waitFor();
  assert.deepEqual(await seen(), ["saved"]);
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("a draft that was not yet added survives a reload", async () => {
  const { codes } = await stage.server.open("Half getypt");
  const an = await stage.person("An", PHONE);
  await an.join(codes.participant, "Tafel 1");
  await an.composer.fill("Dit is nog niet af");
  await an.page.reload();
  await an.composer.waitFor();
  assert.equal(await an.composer.inputValue(), "Dit is nog niet af");
  assert.deepEqual(an.faults, []);
});

test("what is written offline while the harvest is locked waits, and arrives after", async () => {
  const gathering = await stage.server.open("Wachten op het slot");
  const an = await stage.person("An", PHONE);
  const bo = await stage.person("Bo", LAPTOP);
  await an.join(gathering.codes.participant, "Tafel 1");
  await bo.join(gathering.codes.participant, "Tafel 1");
  await an.saved();
  an.line.set("cut");
  await an.offline();
  await an.add("In de kelder geschreven");
  const [document] = gathering.groups[0].documents;
  const path = `/api/documents/${document.id}/frozen`;
  const token = gathering.facilitator_token;
  await stage.server.call(path, { method: "PUT", token, body: true });
  an.line.set("open");
  await an.page.getByText("Op slot: je wijziging wacht").waitFor();
  assert.deepEqual(await bo.lines(), []);
  await stage.server.call(path, { method: "PUT", token, body: false });
  await bo.item("In de kelder geschreven").waitFor();
  await an.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("the server killed while two people write: what was said to be saved is there", async () => {
  const { an, bo, id } = await two("Stroom weg");
  let number = 0;
  for (let round = 1; round <= 3; round += 1) {
    await an.add(`An zegt ${++number}`);
    await bo.add(`Bo zegt ${++number}`);
    await an.saved();
    await bo.saved();
    const promised = [...(await an.lines()), ...(await bo.lines())];
    // Both go on while it dies.
    await an.composer.fill(`An zegt ${++number}`);
    await an.composer.press("Enter");
    await stage.server.kill();
    await bo.add(`Bo zegt ${++number}`);
    await an.offline();
    await bo.offline();
    await stage.restart();
    await an.saved();
    await bo.saved();
    const lines = await until(
      "both hold all of it",
      () => equal(an, bo),
      (found) => found.length === number,
    );
    for (const line of promised) assert.ok(lines.includes(line), line);
    assert.equal(new Set(lines).size, lines.length, "none of it twice");
  }
  const { groups } = await stage.server.call(`/api/gatherings/${id}/wall`);
  const table = groups.find(({ name }) => name === "Tafel 2");
  assert.equal(table.insights.length, number, "the server's own view holds it as well");
  assert.deepEqual([...an.faults, ...bo.faults], []);
});
