// The service worker: the app opens cold without a line, and changes nothing under an open editor.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fine } from "./fine.mjs";
import { LOCAL_NAME, PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** The build's files are all on the device. */
const kept = (page) =>
  until(
    "the build is kept on the device",
    () =>
      page.evaluate(async () => (await navigator.serviceWorker?.getRegistration())?.active?.state),
    (state) => state === "activated",
  );

test("opened cold without a line: the harvest is there, one types on, all arrives", async () => {
  const { codes } = await stage.server.open("Zonder lijn");
  const an = await stage.person("An", PHONE);
  await an.join(codes.participant, "Tafel 1");
  await an.add("Voor de lijn wegviel");
  await an.saved();
  await kept(an.page);
  an.line.set("cut");

  // Another tab of the same phone, as if it was opened anew.
  const cold = await an.tab();
  await an.page.close();
  await cold.item("Voor de lijn wegviel").waitFor();
  await cold.offline();
  await cold.add("Zonder lijn getypt");
  await fine(cold.page, "opened cold, without a line");
  await cold.page.getByRole("link", { name: "Nu", exact: true }).click();
  await cold.page.getByRole("link", { name: "Naar mijn groep" }).waitFor();
  await fine(cold.page, "Nu without a line");
  await cold.page.getByRole("link", { name: "Ik", exact: true }).click();
  await cold.page.getByRole("button", { name: "English" }).click();
  await cold.page.getByRole("heading", { name: "Your four words" }).waitFor();
  await fine(cold.page, "me without a line");
  await cold.page.reload();
  await cold.page.getByRole("heading", { name: "Your four words" }).waitFor();
  await cold.page.goto(`${an.line.origin}/j/${codes.participant}`);
  await cold.page.getByLabel("What is your name?").waitFor();
  await cold.page.goto(`${an.line.origin}/groep`);
  await cold.item("Zonder lijn getypt").waitFor();
  an.line.set("open");
  await cold.saved();

  const bo = await stage.person("Bo", PHONE);
  await bo.join(codes.participant, "Tafel 1");
  await bo.item("Zonder lijn getypt").waitFor();
  assert.deepEqual([...an.faults, ...cold.faults, ...bo.faults], []);
});

test("a newer build waits until somebody says so", async () => {
  const { codes } = await stage.server.open("Nieuwe versie");
  const an = await stage.person("An", PHONE);
  const { page } = an;
  await an.join(codes.participant, "Tafel 1");
  await kept(page);
  await page.reload();
  await an.composer.fill("Half een zin");
  // The next look for the worker finds another build.
  an.line.change("/sw.js", (text) => text.replace(/const BUILD = "/, "$&newer-"));
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await until("the newer build waits", () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting !== null),
  );
  assert.equal(await an.composer.inputValue(), "Half een zin");
  await page.getByRole("link", { name: "Nu", exact: true }).click();
  await page.getByText("Er is een nieuwe versie.").waitFor();
  await fine(page, "a newer build waits");
  const loaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Laad de nieuwe versie" }).click();
  await loaded;
  await page.getByRole("link", { name: "Naar mijn groep" }).click();
  await until(
    "the draft is there still",
    () => an.composer.inputValue(),
    (text) => text === "Half een zin",
  );
  const caches = await page.evaluate(async () =>
    (await window.caches.keys()).filter((name) => name.startsWith("oogst-")),
  );
  assert.equal(caches.length, 1, caches.join());
  assert.match(caches[0], /^oogst-newer-/);
  assert.deepEqual(an.faults, []);
});

test("over plain http there is no service worker, and all else works", async () => {
  const { codes } = await stage.server.open("Zonder slotje");
  const an = await stage.person("An", PHONE);
  an.line = { origin: `http://${LOCAL_NAME}:${new URL(an.line.origin).port}` };
  await an.join(codes.participant, "Tafel 1");
  await an.add("Zonder slotje");
  await an.saved();
  assert.equal(await an.page.evaluate(() => "serviceWorker" in navigator), false);
  await an.page.getByRole("link", { name: "Nu", exact: true }).click();
  await an.page.getByRole("link", { name: "Naar mijn groep" }).click();
  await an.item("Zonder slotje").waitFor();
  assert.deepEqual(an.faults, []);
});
