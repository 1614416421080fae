// The way in: from a scanned code to typing, whatever the line, the code and the hour.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { fine } from "./fine.mjs";
import { LAPTOP, PHONE, Stage, until } from "./kit.mjs";
import { joinsAndTypes, SLOW, slow } from "./slow.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

const open = (person, code) => person.page.goto(`${person.line.origin}/j/${code}`);

test("X-1: from scanning to typing on a slow phone, measured", async () => {
  const { codes } = await stage.server.open("Trage lijn");
  const an = await stage.person("An", PHONE);
  await slow(an);
  const took = await joinsAndTypes(an, codes.participant, "Tafel 1", "Op een trage lijn");
  const [form, text, there] = Object.values(took).map((seconds) => `${seconds.toFixed(1)} s`);
  console.log(`# X-1: form ${form}, typed ${text}, added ${there}; ${SLOW}, cold, this machine`);
  await an.saved();
  assert.deepEqual(an.faults, []);
});

test("who types before the harvest is here waits for nothing, and reads no untruth", async () => {
  const { codes } = await stage.server.open("Nog onderweg");
  const an = await stage.person("An", PHONE);
  const { page } = an;
  // Automerge's module is still on its way, as on a slow line.
  let arrives;
  const onItsWay = new Promise((resolve) => {
    arrives = resolve;
  });
  await page.route("**/*.wasm", async (request) => {
    await onItsWay;
    await request.continue();
  });
  an.line.set("greets");
  await an.join(codes.participant, "Tafel 1");
  await an.composer.fill("Nog voor alles er is");
  await page.reload();
  await an.composer.waitFor();
  assert.equal(await an.composer.inputValue(), "Nog voor alles er is");
  await an.composer.press("Enter");
  const soon = page.getByRole("main").getByText("Komt erbij zodra je groep open is.");
  await soon.waitFor();
  assert.equal(await page.locator('[data-save="saved"]').count(), 0);
  await fine(page, "before the harvest is here");
  arrives();
  await until(
    "the harvest is asked for",
    () => an.line.held,
    (held) => held > 0,
  );
  await soon.waitFor();
  assert.equal(await page.locator('[data-save="saved"]').count(), 0);
  an.line.set("open");
  await an.item("Nog voor alles er is").waitFor();
  assert.equal(await an.composer.inputValue(), "");
  await an.saved();
  assert.deepEqual(await an.lines(), ["1 Nog voor alles er is"]);
  assert.deepEqual(an.faults, []);
});

test("name, organisation, region and who shares the device arrive", async () => {
  const day = await Day.make(stage, "Samen op een toestel");
  const an = await stage.person("An", PHONE);
  const { page } = an;
  await open(an, day.codes.participant);
  await page.getByLabel("Hoe heet je?").fill("An");
  await page.getByLabel(/^Organisatie/).fill("Samenlevingsopbouw");
  await page.getByLabel(/^Regio/).fill("Kempen");
  await page.getByRole("button", { name: "Wij delen dit toestel" }).click();
  await page.getByLabel("Naam 2").fill("Bo");
  await page.getByLabel("Naam 3").fill("Chris");
  await fine(page, "join, shared");
  await page.getByRole("button", { name: "Doe mee" }).click();
  await page.getByRole("heading", { name: "Kies je groep" }).waitFor();
  const { participants } = await day.call("", "GET");
  const found = participants.find(({ name }) => name === "An");
  assert.equal(found.organisation, "Samenlevingsopbouw");
  assert.equal(found.region, "Kempen");
  assert.deepEqual(found.together_with, ["Bo", "Chris"]);
  assert.deepEqual(an.faults, []);
});

test("without a line the form says so and keeps what was typed", async () => {
  const { codes } = await stage.server.open("Even weg");
  const an = await stage.person("An", PHONE);
  const { page } = an;
  await open(an, codes.participant);
  await page.getByLabel("Hoe heet je?").fill("An");
  await page.getByLabel(/^Organisatie/).fill("Stad");
  an.line.set("cut");
  await page.getByRole("button", { name: "Doe mee" }).click();
  await page.getByText("Geen verbinding. Kijk je internet na en probeer opnieuw.").waitFor();
  await fine(page, "join without a line");
  an.line.set("open");
  assert.equal(await page.getByLabel("Hoe heet je?").inputValue(), "An");
  assert.equal(await page.getByLabel(/^Organisatie/).inputValue(), "Stad");
  await page.getByRole("button", { name: "Doe mee" }).click();
  await page.getByRole("heading", { name: "Kies je groep" }).waitFor();
  assert.deepEqual(an.faults, []);
});

test("a line that breaks while the app comes breaks no page for good", async () => {
  const { codes } = await stage.server.open("Halverwege");
  // The line breaks as the first request for this goes out: while somebody types a name, or, for
  // the sheet of an insight, while they type the first.
  for (const piece of [
    /\/app-/,
    /\/NowPage-.*\.js$/,
    /\/NowPage-.*\.css$/,
    /\.wasm$/,
    /\/ItemSheet-/,
  ]) {
    const an = await stage.person("An", PHONE);
    const { page } = an;
    let broke = false;
    await page.route(piece, async (request) => {
      if (!broke) {
        broke = true;
        an.line.set("cut");
      }
      await request.continue();
    });
    const again = until(`the line breaks at ${piece}`, () => broke).then(() => {
      an.line.set("open");
    });
    await open(an, codes.participant);
    await page.getByLabel("Hoe heet je?").fill("An");
    if (!piece.source.includes("ItemSheet")) await again;
    // What asks over a line that was cut is told so, and asked again.
    const pressing = (what, button, done) =>
      until(`${piece}: ${what}`, async () => {
        await button.click({ timeout: 500 }).catch(() => {});
        return done();
      });
    const joins = page.getByRole("button", { name: "Doe mee" });
    await pressing("in", joins, () => new URL(page.url()).pathname === "/nu");
    const table = page.getByRole("button", { name: /^Tafel 1/ });
    await pressing("at the table", table, () => an.composer.isVisible());
    await again;
    await an.add(`Ondanks ${piece}`);
    await an.saved();
    await an.item(`Ondanks ${piece}`).getByRole("button").click();
    await page.getByRole("dialog").getByRole("button", { name: "Kernpunt" }).waitFor();
    const plain = await page.evaluate(() =>
      [...document.querySelectorAll("link[rel=stylesheet]")].every((link) => link.sheet !== null),
    );
    assert.ok(plain, "every style sheet is here");
    assert.deepEqual(an.faults, []);
    await page.context().close();
  }
});

test("a full gathering, and too many wrong codes, say what to do", async () => {
  const an = await stage.person("An", PHONE);
  const { page } = an;
  const { codes } = await stage.server.open("Vol");
  // What the server says is its own tests' affair; here is what the page makes of it.
  let answer = { status: 409, headers: {} };
  await page.route("**/api/join", (route) =>
    route.fulfill({
      ...answer,
      contentType: "application/problem+json",
      body: JSON.stringify({ detail: "no room", status: answer.status }),
    }),
  );
  await open(an, codes.participant);
  await page.getByLabel("Hoe heet je?").fill("An");
  await page.getByRole("button", { name: "Doe mee" }).click();
  await page.getByText("De bijeenkomst is vol. Vraag de begeleider om een plaats.").waitFor();
  answer = { status: 429, headers: { "retry-after": "42" } };
  await page.getByRole("button", { name: "Doe mee" }).click();
  await page.getByText("Te veel pogingen. Probeer het over 42 seconden opnieuw.").waitFor();
  assert.equal(await page.getByLabel("Hoe heet je?").inputValue(), "An");
  assert.deepEqual(an.faults, []);
});

test("a guest who scans early waits, over a reload too, comes in and reads up", async () => {
  const day = await Day.make(stage, "Frisse blik");
  const bo = await day.join("Bo", 0, { organisation: "Stad Gent" });
  await day.harvest(bo, 0, [{ text: "Ga naar de mensen toe", highlight: true }, "Drink koffie"]);
  const starts = new Date(Date.now() + 3_600_000);
  await day.call("/guests", "PUT", { state: "expected", starts: starts.toISOString() });

  const gina = await stage.person("Gina", PHONE);
  const { page } = gina;
  await open(gina, day.codes.guest);
  await page.getByLabel("Hoe heet je?").fill("Gina");
  await page.getByRole("button", { name: "Doe mee" }).click();
  const at = starts.toLocaleTimeString("nl", { hour: "2-digit", minute: "2-digit" });
  await page.getByText(`We beginnen om ${at}.`).waitFor();
  await fine(page, "guest waiting");
  await page.reload();
  await page.getByRole("heading", { name: "Welkom, Gina" }).waitFor();
  gina.line.set("cut");
  await page.getByText("Geen verbinding. We proberen het vanzelf opnieuw.").waitFor();
  gina.line.set("open");
  await day.call("/guests", "PUT", { state: "admitted" });

  await page.getByRole("button", { name: "Ik heb ze bewaard" }).waitFor();
  const table = page.getByRole("button", { name: /^Tafel 1/ });
  if (await table.count()) await table.click();
  await page.getByText("Hierover praat deze groep").waitFor();
  await fine(page, "guest's brief");
  const { participants } = await day.call("", "GET");
  assert.equal(participants.filter(({ name }) => name === "Gina").length, 1);
  const group = participants.find(({ name }) => name === "Gina").group;
  assert.ok(group !== null);
  if (group === day.opened.groups[0].id) {
    await page.getByText("Ga naar de mensen toe").waitFor();
    await page.getByText("Stad Gent").waitFor();
  }
  await page.getByRole("link", { name: "Aan de slag" }).click();
  await gina.add("Van buiten bekeken");
  await gina.saved();
  assert.deepEqual(gina.faults, []);
});

test("four words bring one back on another device, at Nu, and are shown until kept", async () => {
  const day = await Day.make(stage, "Terug");
  const an = await stage.person("An", PHONE);
  await open(an, day.codes.participant);
  await an.page.getByLabel("Hoe heet je?").fill("An");
  await an.page.getByRole("button", { name: "Doe mee" }).click();
  const words = await an.page.locator(".words .code").textContent();
  await an.page.reload();
  assert.equal(await an.page.locator(".words .code").textContent(), words);
  await an.page.getByRole("button", { name: "Ik heb ze bewaard" }).click();
  await an.page.getByRole("button", { name: /^Tafel 2/ }).click();
  await an.composer.waitFor();

  const again = await stage.person("An", LAPTOP);
  await again.page.goto(`${again.line.origin}/`);
  await again.page.getByText("Was je hier al?").click();
  await again.page.getByLabel("Jouw vier woorden").fill(words.toUpperCase());
  await again.page.getByRole("button", { name: "Kom terug" }).click();
  await again.page.getByRole("link", { name: "Naar mijn groep" }).waitFor();
  await again.page.getByText(GROUP_QUESTION).waitFor();
  const { participants } = await day.call("", "GET");
  assert.equal(participants.filter(({ name }) => name === "An").length, 1);
  assert.deepEqual([...an.faults, ...again.faults], []);
});

const GROUP_QUESTION = "Wat doet een bestuur met wat bewoners zeggen?";

test("Nu says what is now, how long, what comes next, and where one is called", async () => {
  const day = await Day.make(stage, "Nu");
  const an = await stage.person("An", PHONE);
  await an.join(day.codes.participant, "Tafel 1");
  const { page } = an;
  const bar = page.getByRole("complementary");
  await day.start("breakout");
  await day.call("/timer", "PUT", { seconds: 18 * 60 });
  await page.getByRole("link", { name: "Nu", exact: true }).click();
  await page.getByRole("heading", { name: "In groepen aan de slag" }).waitFor();
  await page.getByText("nog 18 min").waitFor();
  await page.getByText(/^Kernpunten delen om \d\d:\d\d$/).waitFor();
  await fine(page, "now");

  // From Nu the page follows by itself, unless one stays.
  await day.spotlight({ kind: "group", id: day.opened.groups[1].id });
  await bar.getByText("Ga mee naar: Tafel 2").waitFor();
  await fine(page, "now, called");
  await page.getByRole("button", { name: "Blijf hier" }).click();
  await bar.getByText("Ga mee naar: Tafel 2").waitFor({ state: "detached" });
  await day.spotlight(null);
  await page.getByRole("link", { name: "Naar mijn groep" }).click();

  // Where somebody types nothing takes the focus.
  await an.composer.fill("Half een zin");
  await day.spotlight({ kind: "round", id: day.opened.round });
  await bar.getByText("We komen samen").waitFor();
  assert.ok(await an.composer.evaluate((each) => each === document.activeElement));
  assert.equal(await an.composer.inputValue(), "Half een zin");
  await fine(page, "group, called together");
  await page.getByRole("button", { name: "Nog even afwerken" }).click();
  await bar.getByText("We komen samen").waitFor({ state: "detached" });
  await day.spotlight(null);
  await day.spotlight({ kind: "group", id: day.opened.groups[1].id });
  await page.getByRole("button", { name: "Ga mee", exact: true }).click();
  await until("the wall is shown", () => page.evaluate(() => location.pathname === "/muur"));
  assert.deepEqual(an.faults, []);
});
