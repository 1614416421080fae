// The wall follows the day, shows what rests, comes back by itself, and minds its own business.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { LAPTOP, PHONE, Stage, until } from "./kit.mjs";

const PROJECTOR = { viewport: { width: 1920, height: 1080 } };

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

const scene = (page, name) => page.locator(`[data-scene="${name}"]`).waitFor();
const linkOf = (person, codes) =>
  `${person.line.origin}/muur#${codes.observer}/${codes.participant}`;

test("the wall shows settled insights, and survives the server's restart", async () => {
  const { codes } = await stage.server.open("Oogstmuur");
  const an = await stage.person("An", PHONE);
  const wall = await stage.person("Muur", PROJECTOR);
  await wall.page.goto(linkOf(wall, codes));
  await wall.page.getByRole("heading", { name: "Doe mee" }).waitFor();
  await wall.page.getByText(codes.participant).waitFor();
  await an.join(codes.participant, "Tafel 1");
  await wall.page.getByText("Al 1 binnen").waitFor();

  await an.add("Begin klein");
  await wall.page.getByRole("heading", { name: "Tafel 3" }).waitFor();
  await wall.page.getByText(codes.participant).waitFor();
  await an.add("Vier wat lukt");
  await an.act("Vier wat lukt", "Inspringen");
  await wall.page.getByText("Vier wat lukt").waitFor();

  // While somebody writes, the wall keeps what stood there.
  await an.act("Begin klein", "Bewerk");
  const text = an.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await text.press("Control+End");
  await text.pressSequentially(" en blijf", { delay: 30 });
  await an.saved();
  assert.equal(await wall.page.getByText("Begin klein en", { exact: false }).count(), 0);
  await wall.page.getByText("Begin klein en blijf").waitFor();

  await stage.server.kill();
  await wall.page.getByText("Geen verbinding").waitFor();
  await wall.page.getByText("Begin klein en blijf").waitFor();
  await stage.restart();
  await wall.page.getByText("Geen verbinding").waitFor({ state: "detached" });
  await text.press("Enter");
  await an.add("Na de stroompanne");
  await wall.page.getByText("Na de stroompanne").waitFor();
  assert.deepEqual([...an.faults, ...wall.faults], []);
});

test("a wall beside a participant in one browser leaves the participant be", async () => {
  const { codes } = await stage.server.open("Twee vensters");
  const an = await stage.person("An", PROJECTOR);
  await an.join(codes.participant, "Tafel 1");
  const wall = await an.page.context().newPage();
  await wall.goto(linkOf(an, codes));
  await wall.getByRole("heading", { name: "Doe mee" }).waitFor();
  await an.add("Ik doe nog mee");
  await an.saved();
  await wall.getByText("Ik doe nog mee").waitFor();
  await an.page.reload();
  await an.item("Ik doe nog mee").waitFor();
  await an.composer.waitFor();
  assert.deepEqual(an.faults, []);
});

test("the wall follows the day by itself: from coming in to the last overview", async () => {
  const day = await Day.make(stage, "Een hele dag");
  const wall = await stage.person("Muur", { ...PROJECTOR, reducedMotion: "reduce" });
  const { page } = wall;
  await page.goto(linkOf(wall, day.codes));
  await scene(page, "arrival");
  await page.getByText("Welkom").waitFor();
  const qr = page.getByRole("img", { name: /QR-code/ });
  await until("the QR code is drawn", () => qr.evaluate((each) => each.naturalWidth > 0));
  const people = [];
  for (const [at, name] of ["An", "Bo", "Chris"].entries()) people.push(await day.join(name, at));
  await page.getByText("Al 3 binnen").waitFor();

  const [an, bo, chris] = people;
  const plate = "Drie dorpsraden opstarten";
  await day.write("introductions", [[["cards", an.id], { on_my_plate: plate }]], an.token);
  await day.start("who_is_who");
  await scene(page, "who");
  await page.getByText(plate).locator("visible=true").waitFor();
  assert.equal(await page.getByRole("heading", { name: "Bo" }).count(), 0, "only who wrote a card");

  const themes = await day.questions([
    { text: "Wie missen we?", questions: [["Kempen", "Wie komt er nooit?"]] },
    { text: "Terugkoppelen", questions: [["Limburg", "Hoe zeggen we nee?"]] },
    { text: "Jongeren", questions: [] },
  ]);
  await day.start("questions");
  await scene(page, "regions");
  await page.getByText("Hoe zeggen we nee?").waitFor();

  const vote = await day.call("/votes", "POST", { themes, budget: 2, choose: 2 });
  await scene(page, "vote");
  await page.getByText("0 van 3 hebben gestemd").waitFor();
  const give = (who, dots) => day.call(`/votes/${vote.id}/ballot`, "PUT", { dots }, who.token);
  await give(an, { [themes[1]]: 2 });
  await give(bo, { [themes[1]]: 1, [themes[0]]: 1 });
  await page.getByText("2 van 3 hebben gestemd").waitFor();
  assert.equal(await page.getByText("Terugkoppelen").count(), 0, "no order, no themes");
  await day.call(`/votes/${vote.id}/closed`, "PUT");
  await page.getByText("De stemming is gesloten").waitFor();
  await day.call(`/votes/${vote.id}/selection`, "PUT", { themes: [themes[1], themes[0]] });
  await day.call(`/votes/${vote.id}/shown`, "PUT");
  await scene(page, "reveal");
  const rows = await page.locator("ol > li").allInnerTexts();
  assert.match(rows[0], /1\s+Terugkoppelen\s+3 stippen\s+Limburg/);
  assert.match(rows[1], /2\s+Wie missen we\?\s+1 stip\s+Kempen/);
  assert.match(rows[2], /Jongeren/);

  await day.start("breakout");
  await day.call("/timer", "PUT", { seconds: 1_500 });
  await scene(page, "breakout");
  await page.getByText("In groepen aan de slag").waitFor();
  const clock = page.locator("[data-wall-clock]");
  await until(
    "25 minutes",
    () => clock.innerText(),
    (text) => /^2[45]:\d\d$/.test(text),
  );
  const [first] = await day.harvest(an, 0, [
    { text: "Ga naar de mensen toe", highlight: true },
    "- Drink koffie",
    "Zeg wat vastligt",
  ]);
  await day.harvest(bo, 1, ["Eén", "Twee", "Drie", "Vier", "Vijf", "Zes"]);
  await day.harvest(chris, 2, ["Alleen dit"]);
  await until(
    "groups are seen to write",
    () => page.locator(".dot.active").count(),
    (n) => n === 3,
  );
  assert.equal(
    await page.getByText("Ga naar de mensen toe").count(),
    0,
    "what they write is theirs",
  );

  await day.start("plenary");
  await scene(page, "plenary");
  await page.getByText("Ga naar de mensen toe").waitFor();
  await page.keyboard.press("PageDown");
  await page.getByText("Deze groep kiest nog kernpunten.").waitFor();
  await day.spotlight({ kind: "group", id: day.opened.groups[0].id });
  await page.getByText("Ga naar de mensen toe").waitFor();
  assert.equal(await page.getByText("Zeg wat vastligt").count(), 0, "key points only");
  const { documents } = day.opened.groups[0];
  const { id: document } = documents.find(({ kind }) => kind === "harvest");
  await day.spotlight({ kind: "item", document, id: first });
  await scene(page, "item");
  await page.getByRole("heading", { name: "Ga naar de mensen toe" }).waitFor();
  await page.getByText("Drink koffie").waitFor();

  await day.spotlight(null);
  await day.start("closing");
  await scene(page, "overview");
  await page.getByText("+ 2 meer").waitFor();
  assert.equal(await page.getByText("Eén", { exact: true }).count(), 0, "the newest four");
  await page.getByText("Zes", { exact: true }).waitFor();
  assert.deepEqual(wall.faults, []);
});

test("whoever stands at the wall chooses a scene, and gives it back to the day", async () => {
  const day = await Day.make(
    stage,
    "Met de hand",
    Array.from({ length: 7 }, (_, at) => ({ name: `Tafel ${at + 1}` })),
  );
  const an = await day.join("An", 0);
  await day.harvest(an, 0, ["Een inzicht"]);
  const wall = await stage.person("Muur", PROJECTOR);
  const { page } = wall;
  await page.goto(linkOf(wall, day.codes));
  await scene(page, "overview");
  await page.getByText("Blad 1 van 2").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: "Tafel 7" }).waitFor();
  const tools = page.getByRole("toolbar");
  await page.mouse.move(400, 400);
  await tools.getByRole("button", { name: "Pauze" }).click();
  await tools.getByRole("button", { name: "Verder" }).waitFor();
  await page.getByLabel("Wat staat op de muur?").last().selectOption("Plenair");
  await scene(page, "plenary");
  await page.reload();
  await scene(page, "plenary");
  await page.keyboard.press("Home");
  await scene(page, "overview");
  await tools.getByRole("button", { name: "Hele muur" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Inzichten van Tafel 1" }).waitFor();
  assert.deepEqual(wall.faults, []);
});

test("on a phone the wall is text, with the spotlight of the projector", async () => {
  const day = await Day.make(stage, "Klein scherm");
  const bo = await day.join("Bo", 1);
  await day.harvest(bo, 1, [{ text: "Een kernpunt", highlight: true }, "- Eronder"]);
  const an = await stage.person("An", PHONE);
  await an.join(day.codes.participant, "Tafel 1");
  await an.page.getByRole("link", { name: "Muur" }).click();
  const nested = an.page.locator("li", { hasText: "Een kernpunt" }).locator("li");
  await nested.getByText("Eronder").waitFor();
  await day.spotlight({ kind: "group", id: day.opened.groups[1].id });
  await an.page
    .getByRole("complementary", { name: "In de kijker" })
    .getByText("Een kernpunt")
    .waitFor();
  await an.saved();
  assert.deepEqual(an.faults, []);
});

/** How many insights of this list are in sight, and how many of all groups are drawn. */
const inSight = (list) =>
  list.evaluate((box) => {
    const { top, bottom } = box.getBoundingClientRect();
    const rows = [...box.querySelectorAll("[data-insight]")].map((row) =>
      row.getBoundingClientRect(),
    );
    return {
      seen: rows.filter((row) => row.bottom > top && row.top < bottom).length,
      all: document.querySelectorAll("[data-insight]").length,
    };
  });

test("3,000 insights on a laptop: found at once, and few of them drawn", async () => {
  const day = await Day.make(stage, "Veel");
  for (const group of [0, 1, 2]) {
    const writer = await day.join(`Schrijver ${group}`, group);
    const lines = Array.from({ length: 1_000 }, (_, at) => ({
      text: `Tafel ${group + 1}, inzicht ${at}: ${"we leren samen ".repeat(at % 7)}`,
      category: at % 10 === 0 ? "tip" : "insight",
    }));
    await day.harvest(writer, group, lines);
  }
  const an = await stage.person("An", LAPTOP);
  await an.join(day.codes.participant, "Tafel 1");
  await an.page.getByRole("link", { name: "Muur" }).click();
  const { page } = an;
  await page.getByText("3000 inzichten").waitFor();
  const drawn = () => page.locator("[data-insight]").count();
  assert.ok((await drawn()) < 200, `${await drawn()} are drawn`);
  const list = page.getByRole("region", { name: "Inzichten van Tafel 2" });
  for (let at = 1; at <= 12; at += 1) {
    await list.evaluate((box, part) => {
      box.scrollTop = box.scrollHeight * part;
    }, at / 13);
    await until(
      "what is in sight is drawn, and little more",
      () => inSight(list),
      ({ seen, all }) => seen > 0 && all < 200,
    );
  }
  await list.evaluate((box) => {
    box.scrollTop = box.scrollHeight;
  });
  await page.getByText("Tafel 2, inzicht 999", { exact: false }).waitFor();
  await page.getByRole("searchbox").fill("INZICHT 77:");
  await page.getByText("30 van 3000 inzichten").waitFor();
  await page.getByRole("searchbox").fill("");
  await page.getByLabel("Soort").selectOption("Tip");
  await page.getByText("300 van 3000 inzichten").waitFor();
  await page.getByRole("button", { name: "Wis filters" }).click();
  await page.getByLabel("Groep", { exact: true }).selectOption("Tafel 3");
  await page.getByText("1000 van 3000 inzichten").waitFor();
  assert.deepEqual(an.faults, []);
});
