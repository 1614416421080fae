// The ways in: the operator's link, a code, the four words of another day, a second tab.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LAPTOP, OPERATOR_KEY, PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

test("the operator's link opens a gathering, and its code lets people in", async () => {
  const operator = await stage.person("Operator", LAPTOP);
  const { page } = operator;
  await page.goto(`${operator.line.origin}/#key=${OPERATOR_KEY}`);
  await page.getByLabel("Titel van de bijeenkomst").fill("Een nieuwe dag");
  await page.getByLabel("Leervraag van groep 1").fill("Wat willen we leren?");
  assert.ok(!page.url().includes("key"), "the key does not stay in the address");
  await page.getByRole("button", { name: "Open de bijeenkomst" }).click();
  await page.getByRole("heading", { name: "De bijeenkomst is open" }).waitFor();
  const picture = page.getByRole("img", { name: /QR-code/ });
  const drawn = () => picture.evaluate((image) => image.complete && image.naturalWidth > 0);
  await until("the QR code is drawn", drawn);
  const code = await page.locator(".big.code").textContent();

  const an = await stage.person("An", PHONE);
  await an.join(code, "Tafel 1");
  await an.page.getByRole("heading", { name: "Wat willen we leren?" }).waitFor();
  await an.add("We zijn begonnen");
  await an.saved();

  const link = await page.getByRole("link", { name: "Open de oogstmuur" }).getAttribute("href");
  await page.goto(link);
  await page.getByText("We zijn begonnen").waitFor();
  assert.deepEqual([...operator.faults, ...an.faults], []);
});

test("a slip of the operator's hand costs no codes, and no focus", async () => {
  const { page, line, faults } = await stage.person("Operator", PHONE);
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  await page.goto(`${line.origin}/#key=${OPERATOR_KEY}`);
  await page.getByRole("button", { name: "Nog een groep" }).click();
  await until("the new group's name", focused, (now) => now === "Naam van groep 4");
  await page.getByRole("button", { name: "Haal groep 4 weg" }).click();
  await until("the name before it", focused, (now) => now === "Naam van groep 3");
  await page.getByLabel("Titel van de bijeenkomst").fill("Eén keer getoond");
  await page.getByRole("button", { name: "Open de bijeenkomst" }).click();
  const code = await page.locator(".big.code").textContent();
  await page.reload();
  await page.getByRole("heading", { name: "De bijeenkomst is open" }).waitFor();
  assert.equal(await page.locator(".big.code").textContent(), code);
  await page.getByRole("button", { name: "Open nog een bijeenkomst" }).click();
  await page.getByRole("button", { name: "Terug naar de codes" }).click();
  assert.equal(await page.locator(".big.code").textContent(), code);
  assert.deepEqual(faults, []);
});

test("a wrong code says so, and leaves what was typed", async () => {
  const an = await stage.person("An", PHONE);
  await an.page.goto(`${an.line.origin}/`);
  await an.page.getByLabel("Code van de bijeenkomst").fill("zzzz0000");
  await an.page.getByLabel("Hoe heet je?").fill("An");
  await an.page.getByRole("button", { name: "Doe mee" }).click();
  await an.page.getByText("Deze code klopt niet. Kijk nog eens goed.").waitFor();
  assert.equal(await an.page.getByLabel("Hoe heet je?").inputValue(), "An");
  assert.equal(await an.page.getByLabel("Code van de bijeenkomst").inputValue(), "ZZZZ-0000");
  assert.deepEqual(an.faults, []);
});

test("an address that was copied badly still shows the way in", async () => {
  const an = await stage.person("An", PHONE);
  await an.page.goto(`${an.line.origin}/j/7K3M%E0`);
  await an.page.getByLabel("Hoe heet je?").fill("An");
  await an.page.getByRole("button", { name: "Doe mee" }).click();
  await an.page.getByText("Deze code klopt niet. Kijk nog eens goed.").waitFor();
  assert.deepEqual(an.faults, []);
});

test("four words bring the same person back on another device", async () => {
  const gathering = await stage.server.open("Morgen weer");
  const an = await stage.person("An", PHONE);
  await an.page.goto(`${an.line.origin}/j/${gathering.codes.participant}`);
  await an.page.getByLabel("Hoe heet je?").fill("An");
  await an.page.getByRole("button", { name: "Doe mee" }).click();
  const words = await an.page.locator(".words .code").textContent();
  await an.page.getByRole("button", { name: /^Tafel 2/ }).click();
  await an.add("Van gisteren");
  await an.saved();

  const again = await stage.person("An", LAPTOP);
  await again.page.goto(`${again.line.origin}/`);
  await again.page.getByText("Was je hier al?").click();
  await again.page.getByLabel("Jouw vier woorden").fill(words);
  await again.page.getByRole("button", { name: "Kom terug" }).click();
  await again.page.getByRole("link", { name: "Naar mijn groep" }).click();
  await again.item("Van gisteren").waitFor();
  await again.add("Van vandaag");
  await an.item("Van vandaag").waitFor();
  const path = `/api/gatherings/${gathering.id}`;
  const { participants } = await stage.server.call(path, { token: gathering.facilitator_token });
  assert.equal(participants.filter(({ name }) => name === "An").length, 1);
  assert.deepEqual([...an.faults, ...again.faults], []);
});

test("a tab whose browser became somebody else stops, and speaks for nobody", async () => {
  const first = await stage.server.open("Eerste dag");
  const second = await stage.server.open("Tweede dag");
  const an = await stage.person("An", LAPTOP);
  await an.join(first.codes.participant, "Tafel 1");
  await an.add("Van An");
  await an.saved();
  const tab = await an.page.context().newPage();
  await tab.goto(`${an.line.origin}/j/${second.codes.participant}`);
  await tab.getByLabel("Hoe heet je?").fill("Bo");
  await tab.getByRole("button", { name: "Doe mee" }).click();
  await an.page.getByText("In een ander venster doet iemand anders mee.").waitFor();
  await an.page.getByRole("button", { name: "Laad opnieuw" }).click();
  await an.page.getByRole("heading", { name: "Kies je groep" }).waitFor();
  assert.deepEqual(an.faults, []);
});

test("a gathering begins as each of the five known days, with room for so many", async () => {
  const mieke = await stage.person("Mieke", LAPTOP);
  const { page } = mieke;
  for (const kind of [
    "Participatie",
    "Overheidsparticipatie",
    "Startdag",
    "Opleiding",
    "Groen netwerk",
  ]) {
    await page.goto(`${mieke.line.origin}/#key=${OPERATOR_KEY}`);
    const again = page.getByRole("button", { name: "Open nog een bijeenkomst" });
    await page.getByRole("heading", { name: /bijeenkomst/, level: 1 }).waitFor();
    if (await again.isVisible()) await again.click();
    await page.getByLabel("Titel van de bijeenkomst").fill(kind);
    await page.getByRole("radio", { name: new RegExp(`^${kind}`) }).check();
    await page.getByLabel("Hoeveel deelnemers ten hoogste?").fill("12");
    await page.getByRole("button", { name: "Open de bijeenkomst" }).click();
    await page.getByLabel("Jouw naam").fill("Mieke");
    await page.getByRole("button", { name: "Naar de regie" }).click();
    await page.locator("[data-block]").first().waitFor();
    await mieke.saved();
    assert.ok((await page.locator("[data-block]").count()) >= 5, kind);
    await page.getByRole("link", { name: "Mensen", exact: true }).click();
    await page.getByText("0 van 12 plaatsen bezet").waitFor();
    await page.getByRole("button", { name: /^Wijzig Mieke/ }).waitFor();
  }
  assert.deepEqual(mieke.faults, []);
});
