// Closing the day with the devices that still hold something: what a phone says of itself, what its
// silence says, and that what arrives late is kept.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { conducts, part, surely } from "./console.mjs";
import { Day } from "./day.mjs";
import { PHONE, Stage } from "./kit.mjs";

/** The server takes a device that says nothing for this long for one without a line. */
const SILENCE_MS = 45_000;

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

test("what waits for a locked document is shown, and the close says so again", async () => {
  const day = await Day.make(stage, "Op slot");
  const mieke = await conducts(stage, day);
  const { page } = mieke;
  const an = await stage.person("An", PHONE);
  await an.join(day.codes.participant, "Tafel 1");
  await an.add("Staat er al");
  await an.saved();
  await part(page, "Afsluiten");
  await page.locator('[data-held="none"]').waitFor();
  await page.getByText(/meldden zich 2 toestellen/).waitFor();

  // Typed while the line is away, held back by a lock once it is there again.
  an.line.set("cut");
  await an.offline();
  await an.add("Nog snel dit");
  const { id } = day.opened.groups[0].documents.find(({ kind }) => kind === "harvest");
  const lock = (frozen) =>
    stage.server.call(`/api/documents/${id}/frozen`, {
      method: "PUT",
      body: frozen,
      token: day.token,
    });
  await lock(true);
  an.line.set("open");
  const held = page.locator("[data-held]");
  await held.getByText("1 wijziging wacht: op slot, of nog onderweg").waitFor();
  assert.equal(await held.getAttribute("data-held"), "1");
  await held.getByText("An", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Sluit de bijeenkomst af" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 toestel houdt nog iets vast. Toch afsluiten?").waitFor();
  await dialog.getByText(/^Van An\. /).waitFor();
  await dialog.getByRole("button", { name: "Ja, sluit af" }).click();
  await page.locator('[data-status="closed"]').waitFor();
  await held.getByText("1 wijziging wacht").waitFor();
  // What waits is not lost: it comes in once it may.
  await page.getByRole("button", { name: "Open ze weer" }).click();
  await lock(false);
  await page.locator('[data-held="none"]').waitFor();
  await an.saved();
  const root = await stage.server.call(`/api/documents/${id}`, { token: day.token });
  assert.ok(Object.values(root.insights).some(({ text }) => text === "Nog snel dit"));
  assert.deepEqual([...mieke.faults, ...an.faults], []);
});

test("a phone that lost its line shows by its silence, until all of it is in", async () => {
  const day = await Day.make(stage, "Stil");
  const mieke = await conducts(stage, day);
  const { page } = mieke;
  const an = await stage.person("An", PHONE);
  await an.join(day.codes.participant, "Tafel 1");
  await an.saved();
  const bo = await stage.person("Bo", PHONE);
  await bo.join(day.codes.participant, "Tafel 1");
  await bo.saved();
  await part(page, "Afsluiten");
  await page.getByText(/meldden zich 3 toestellen/).waitFor();
  await page.locator('[data-held="none"]').waitFor();

  // Put away with all sent it is no concern; it may as well be switched off.
  await bo.page.close();
  an.line.set("cut");
  await an.offline();
  await an.add("Zonder lijn");
  const held = page.locator("[data-held]");
  await held.getByText(/^geen teken meer sinds .*; toen was alles verstuurd$/).waitFor({
    timeout: 2 * SILENCE_MS,
  });
  assert.equal(await held.count(), 1, "Bo holds nothing");
  await held.getByText("An", { exact: true }).waitFor();
  an.line.set("open");
  await an.saved();
  await page.locator('[data-held="none"]').waitFor();
  await surely(page, "Sluit de bijeenkomst af", "Ja, sluit af");
  await page.locator('[data-status="closed"]').waitFor();
  assert.deepEqual([...mieke.faults, ...an.faults], []);
});
