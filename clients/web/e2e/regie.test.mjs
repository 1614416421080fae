// The facilitator's console through a kick-off: the morning from the opening to the groups that
// work on the chosen themes, the afternoon with guests, locks, undoing and the close. A phone in
// the room sees what it is to see.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { write } from "./author.mjs";
import { conducts, part, surely } from "./console.mjs";
import { Day } from "./day.mjs";
import { LAPTOP, OPERATOR_KEY, PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

const clockOf = async (page) =>
  Number(await page.locator("[data-clock]").first().getAttribute("data-clock"));

test("nothing of the programme can be changed before its document is here", async () => {
  const day = await Day.make(stage, "Trage lijn");
  const mieke = await stage.person("Mieke", LAPTOP);
  mieke.line.set("greets");
  await conducts(stage, day, mieke);
  const { page } = mieke;
  const add = page.getByRole("button", { name: "Voeg een onderdeel toe" });
  const edit = page.getByRole("button", { name: "Bewerk Wie is wie?" });
  await edit.waitFor();
  await until(
    "the programme is asked for",
    () => mieke.line.held,
    (held) => held > 0,
  );
  assert.deepEqual([await add.isDisabled(), await edit.isDisabled()], [true, true]);
  mieke.line.set("open");
  await add.click();
  await page.getByLabel("Naam van het onderdeel").fill("Onthaal");
  await page.keyboard.press("Escape");
  await mieke.saved();
  await page.getByRole("button", { name: "Start: Onthaal" }).waitFor();
  assert.deepEqual(mieke.faults, []);
});

test("a kick-off's morning: from the opening to groups that work on chosen themes", async () => {
  const mieke = await stage.person("Mieke", LAPTOP);
  const { page } = mieke;
  await page.goto(`${mieke.line.origin}/#key=${OPERATOR_KEY}`);
  await page.getByLabel("Titel van de bijeenkomst").fill("Startdag");
  await page.getByRole("button", { name: "Open de bijeenkomst" }).click();
  await page.getByLabel("Jouw naam").fill("Mieke");
  await page.getByRole("button", { name: "Naar de regie" }).click();
  await page.getByRole("heading", { name: "De dag", level: 1 }).waitFor();

  for (const [title, minutes] of [
    ["Onthaal", "15"],
    ["Regiovragen", "45"],
  ]) {
    await page.getByRole("button", { name: "Voeg een onderdeel toe" }).click();
    await page.getByLabel("Naam van het onderdeel").fill(title);
    await page.getByLabel("Minuten").fill(minutes);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await mieke.saved();

  await part(page, "Codes");
  const code = await page.locator('[data-code="participant"]').textContent();
  const an = await stage.person("An", PHONE);
  await an.join(code, "Tafel 1");

  await part(page, "De dag");
  await page.getByRole("button", { name: "Start: Onthaal" }).click();
  await page.getByRole("heading", { name: "Onthaal" }).waitFor();
  await an.page.locator("[data-clock]").waitFor();
  const apart = Math.abs((await clockOf(page)) - (await clockOf(an.page)));
  assert.ok(apart <= 3, `the phone's clock and the console's are ${apart} s apart`);

  const startsNext = async () =>
    Number(await page.locator("[data-next-starts]").getAttribute("data-next-starts"));
  const planned = await startsNext();
  await page.getByRole("button", { name: "+5 min" }).click();
  const near = (minutes) => (found) => Math.abs(found - planned - minutes * 60_000) < 5_000;
  await until("what follows begins five minutes later", startsNext, near(5));
  await until(
    "the phone has five minutes more",
    () => clockOf(an.page),
    (left) => left > 1_080,
  );
  await page.getByRole("button", { name: "10 min later" }).click();
  await until("and then ten more", startsNext, near(15));

  // Somebody of each region asks something.
  const gathering = await stage.server.call("/api/join", {
    method: "POST",
    body: { code, name: "Bo", region: "Kempen" },
  });
  const chris = await stage.server.call("/api/join", {
    method: "POST",
    body: { code, name: "Chris", region: "Oost" },
  });
  const { id } = gathering.gathering;
  const programme = gathering.gathering.documents.find(({ kind }) => kind === "programme");
  const origin = `http://127.0.0.1:${stage.server.port}`;
  // Who has a group may write in what is everybody's.
  const ask = async ({ token, participant }, region, texts) => {
    await stage.server.call(`/api/gatherings/${id}/participants/${participant.id}`, {
      method: "PUT",
      token,
      body: { group: gathering.gathering.groups[1].id },
    });
    await write(
      origin,
      token,
      programme.url,
      texts.map((text, at) => [
        ["questions", crypto.randomUUID()],
        { text, region, kind: "question", position: `a${at}`, removed: false },
      ]),
    );
  };
  await ask(gathering, "Kempen", ["Wie vertrouwt wie?", "Hoe praten we klare taal?"]);
  await ask(chris, "Oost", ["Waar halen we tijd?"]);

  await part(page, "Vragen en thema’s");
  await page.getByText("Waar halen we tijd?").waitFor();
  for (const theme of ["Vertrouwen", "Taal", "Tijd"]) {
    await page.getByLabel("Nieuw thema").fill(theme);
    await page.getByRole("button", { name: "Voeg toe" }).click();
    await page.getByRole("heading", { name: theme, level: 3 }).waitFor();
  }
  await page.getByLabel("Wie vertrouwt wie?").check();
  await page.getByLabel("Welk thema?").selectOption({ label: "Vertrouwen" });
  await page.getByRole("button", { name: "Zet bij thema" }).click();
  // With a mouse it can also be dragged.
  const card = (theme) => page.locator("[data-theme]").filter({ hasText: theme });
  await page.locator("[data-question]").filter({ hasText: "klare taal" }).dragTo(card("Taal"));
  await card("Taal").getByText("Hoe praten we klare taal?").waitFor();
  await mieke.saved();
  const root = await stage.server.call(`/api/documents/${programme.id}`, { token: chris.token });
  const under = Object.values(root.questions).map(({ text, theme }) => [
    text,
    theme ? root.themes[theme].text : null,
  ]);
  assert.deepEqual(Object.fromEntries(under), {
    "Wie vertrouwt wie?": "Vertrouwen",
    "Hoe praten we klare taal?": "Taal",
    "Waar halen we tijd?": null,
  });

  await part(page, "Stemming");
  await page.getByLabel("Hoeveel thema’s kiezen jullie?").fill("2");
  await page.getByRole("button", { name: "Open de stemming" }).click();
  await page.getByRole("heading", { name: "0 van 3 hebben gestemd" }).waitFor();
  const votes = (token) => stage.server.call(`/api/gatherings/${id}/votes`, { token });
  const [vote] = (await votes(chris.token)).votes;
  const idOf = (title) => vote.themes.find((theme) => theme.title === title).id;
  const cast = (token, dots) =>
    fetch(`${origin}/api/gatherings/${id}/votes/${vote.id}/ballot`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        dots: Object.fromEntries(dots.map(([title, count]) => [idOf(title), count])),
      }),
    });
  assert.equal(
    (
      await cast(chris.token, [
        ["Tijd", 2],
        ["Taal", 1],
      ])
    ).status,
    204,
  );
  assert.equal(
    (
      await cast(gathering.token, [
        ["Tijd", 1],
        ["Taal", 1],
      ])
    ).status,
    204,
  );
  await page.getByRole("heading", { name: "2 van 3 hebben gestemd" }).waitFor();
  assert.equal(
    await page.locator("[data-ranked]").count(),
    0,
    "nobody sees a dot before the close",
  );
  await page.getByText("Stippen op papier", { exact: true }).click();
  await page.getByLabel("Stippen op papier voor Vertrouwen").fill("1");
  await page.getByRole("button", { name: "Noteer de stippen" }).click();
  await until(
    "the paper is noted",
    () => page.locator("[role=status]").first().textContent(),
    (text) => /papier zijn genoteerd/.test(text),
  );
  await surely(page, "Sluit de stemming", "Ja, sluit de stemming");
  const ranked = () => page.locator("[data-ranked] strong").allTextContents();
  await page.getByRole("heading", { name: "De uitslag" }).waitFor();
  assert.deepEqual(await ranked(), ["Tijd", "Taal", "Vertrouwen"]);
  assert.equal((await votes(chris.token)).votes[0].themes[0].dots, undefined);

  // Other themes than the dots say: then a reason is asked for.
  const confirm = page.getByRole("button", { name: "Bevestig de keuze" });
  await page.getByLabel("Taal").uncheck();
  await page.getByLabel("Vertrouwen").check();
  await page.getByLabel("Waarom deze keuze?").waitFor();
  assert.ok(await confirm.isDisabled());
  await page.getByLabel("Waarom deze keuze?").fill("Vertrouwen komt eerst.");
  await confirm.click();
  await page.getByText("De keuze is bevestigd.").first().waitFor();
  // Until it is shown it can be another.
  await page.getByLabel("Vertrouwen").uncheck();
  await page.getByLabel("Taal").check();
  await confirm.click();
  await page.getByRole("button", { name: "Toon aan iedereen" }).click();
  await page.getByText("Iedereen ziet deze uitslag.").waitFor();
  assert.equal((await votes(chris.token)).votes[0].phase, "shown");

  await page.getByRole("button", { name: "Maak de groepen" }).click();
  await page.getByRole("button", { name: "Naar de rondes" }).click();
  const round = page.locator("[data-round]").filter({ hasText: "Themagroepen" });
  await round.getByText("Gepland").waitFor();
  await round.getByRole("button", { name: "Kies een groep voor An" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Taal/ }).click();
  const seat = (name) => round.locator("[data-seat-group]").filter({ hasText: name });
  await seat("Taal").getByRole("button", { name: "Kies een groep voor An" }).waitFor();
  await round.getByRole("button", { name: "Verdeel wie nog geen groep heeft" }).click();
  await round.getByText("Iedereen heeft een groep.").waitFor();
  await round.getByRole("button", { name: "Start deze ronde" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Ja, start de ronde" }).click();
  await round.getByText("Loopt nu").waitFor();
  await an.page.locator("header strong").filter({ hasText: "Taal" }).waitFor();
  await an.add("Zeg het zonder jargon");
  await an.saved();
  const themes = await stage.server.call(`/api/gatherings/${id}`, { token: chris.token });
  assert.deepEqual(
    themes.groups.map(({ name, theme }) => [name, theme]),
    [
      ["Tijd", idOf("Tijd")],
      ["Taal", idOf("Taal")],
    ],
  );
  assert.deepEqual([...mieke.faults, ...an.faults], []);
});

test("the afternoon: guests, the groups at work, a lock, and everybody called", async () => {
  const day = await Day.make(stage, "Namiddag");
  const mieke = await conducts(stage, day);
  const { page } = mieke;
  const an = await stage.person("An", PHONE);
  await an.join(day.codes.participant, "Tafel 1");

  await part(page, "Gasten");
  const early = { code: day.codes.guest, name: "Gust" };
  const come = () => stage.server.call("/api/join", { method: "POST", body: early });
  await page.getByLabel("Verwacht ze om").fill("23:59");
  await page.getByRole("button", { name: "Bewaar het uur" }).click();
  await page.getByText("We verwachten ze om 23:59.").waitFor();
  assert.ok("starts" in (await come()), "an early guest is told when");
  await page.getByRole("button", { name: "Laat de gasten binnen" }).click();
  await page.locator('[data-guests="admitted"]').waitFor();
  const gust = await come();
  await page.getByText("1 gast is binnen").waitFor();
  await page.getByText("Gust", { exact: true }).waitFor();
  const group = day.opened.groups.find((each) => each.id === gust.participant.group);
  assert.ok(group, "a guest is given a group");

  await part(page, "Aan het werk");
  const table = page.locator("[data-work]").filter({ hasText: "Tafel 1" });
  await table.getByText("nog niets geschreven").waitFor();
  await an.add("Ga zelf langs");
  await table.getByText("net nog bezig").waitFor();
  await table.getByRole("button", { name: "Zet op slot: Tafel 1" }).click();
  await an.page.locator('[data-save="locked"]').waitFor();
  await table.getByRole("button", { name: "Haal van het slot: Tafel 1" }).click();
  await an.saved();
  await surely(page, "Zet alles op slot", "Zet alles op slot");
  await an.page.locator('[data-save="locked"]').waitFor();
  await page.getByRole("button", { name: "Haal alles van het slot" }).click();
  await an.saved();

  const spotlight = async () => (await day.call("", "GET")).conduct.spotlight;
  await table.getByRole("button", { name: "Zet Tafel 1 in de kijker" }).click();
  await page.getByText("In de kijker: Tafel 1").waitFor();
  assert.deepEqual(await spotlight(), { kind: "group", id: day.opened.groups[0].id });
  // Everybody is called while somebody types: the field keeps the focus and the letters.
  await an.composer.focus();
  await an.page.keyboard.type("Half een zin");
  await page.getByRole("button", { name: "Roep iedereen" }).click();
  await page.locator('[data-spotlight="round"]').waitFor();
  assert.equal((await spotlight()).kind, "round");
  await an.page.keyboard.type(" en de rest");
  assert.equal(await an.composer.inputValue(), "Half een zin en de rest");
  await page.getByRole("button", { name: "Haal uit de kijker" }).click();
  await until("nothing is in the spotlight", spotlight, (found) => found === null);

  await part(page, "Gasten");
  await surely(page, "Neem afscheid van de gasten", "Ja, neem afscheid");
  await page.locator('[data-guests="dismissed"]').waitFor();
  assert.deepEqual([...mieke.faults, ...an.faults], []);
});

test("what one person did is undone, and the day is closed and opened again", async () => {
  const day = await Day.make(stage, "Avond");
  const mieke = await conducts(stage, day);
  const { page } = mieke;
  const an = await stage.person("An", PHONE);
  await an.join(day.codes.participant, "Tafel 1");
  const bo = await day.join("Bo", 0);
  await day.harvest(bo, 0, ["Van Bo blijft staan"]);
  await an.add("Dit was een vergissing");
  await an.saved();

  await part(page, "Terugdraaien");
  await page.getByRole("button", { name: "Kijk wie iets deed" }).click();
  await page.getByRole("radio", { name: /^An/ }).check();
  await page.getByText("Dit was een vergissing").waitFor();
  await surely(page, "Maak dit ongedaan", "Ja, maak ongedaan");
  await page.locator("[data-undone]").waitFor();
  await an.item("Dit was een vergissing").waitFor({ state: "detached" });
  await an.item("Van Bo blijft staan").waitFor();

  await part(page, "Mensen");
  await page.getByRole("button", { name: /^Wijzig Bo/ }).click();
  await page.getByLabel("Rol").selectOption({ label: "Kerngroep" });
  await page.getByLabel("Naam", { exact: true }).fill("Bo Peeters");
  await page.getByRole("dialog").getByRole("button", { name: "Bewaar" }).click();
  await page.getByRole("button", { name: /^Wijzig Bo Peeters/ }).waitFor({ state: "attached" });
  await page.keyboard.press("Escape");
  const people = async () =>
    (await day.call("", "GET")).participants.map(({ name, role }) => `${name} ${role}`);
  assert.ok((await people()).includes("Bo Peeters core_group"));
  await page.getByRole("button", { name: /^Wijzig Bo Peeters/ }).click();
  await page.getByRole("button", { name: "Verwijder uit deze bijeenkomst" }).click();
  await page.getByRole("button", { name: "Ja, verwijder" }).click();
  await page.getByRole("button", { name: /^Wijzig Bo Peeters/ }).waitFor({ state: "detached" });
  assert.ok(!(await people()).some((each) => each.startsWith("Bo")));

  await part(page, "Afsluiten");
  await page.getByText("0 van 1 kozen hoe hun naam").waitFor();
  await page.getByText("Dit toestel heeft alles bewaard.").waitFor();
  await surely(page, "Sluit de bijeenkomst af", "Ja, sluit af");
  await page.locator('[data-status="closed"]').waitFor();
  await an.page.locator('[data-save="locked"]').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Haal op: Markdown" }).click(),
  ]);
  assert.match(file.suggestedFilename(), /\.md$/);
  await page.getByRole("button", { name: "Open ze weer" }).click();
  await an.saved();
  assert.deepEqual([...mieke.faults, ...an.faults], []);
});

test("who is no facilitator is told what to do, and comes in once made one", async () => {
  const day = await Day.make(stage, "Niet voor jou");
  const an = await stage.person("An", PHONE);
  await an.join(day.codes.participant, "Tafel 1");
  await an.saved();
  await an.page.goto(`${an.line.origin}/regie`);
  await an.page.getByRole("heading", { name: "De regie is voor de begeleider" }).waitFor();
  const { participants } = await day.call("", "GET");
  const { id } = participants.find(({ name }) => name === "An");
  await day.call(`/participants/${id}`, "PUT", { role: "facilitator" });
  await an.page.getByRole("heading", { name: "De dag", level: 1 }).waitFor();
  // Where an act does not get through, it is said, and nothing is pretended.
  an.line.set("cut");
  await an.page.getByRole("button", { name: "Start: Onthaal met koffie" }).click();
  await an.page.getByText("Geen verbinding. Er is niets veranderd.").waitFor();
  an.line.set("open");
  await an.page.getByRole("button", { name: "Start: Onthaal met koffie" }).click();
  await an.page.getByRole("heading", { name: "Onthaal met koffie" }).waitFor();
  assert.deepEqual(an.faults, []);
});
