// The morning of the whole day: from the opening to groups that agree on their question.
import assert from "node:assert/strict";
import { LAPTOP } from "./kit.mjs";
import * as room from "./room.mjs";

export const WORDING = "Hoe komen we bij jongeren die ons niet zoeken?";
const THEMES = ["Jongeren", "Vertrouwen", "Tijd", "Taal", "Bereik", "Geld"];

/** What happens, in its order, by its name. */
export const PARTS = {
  "opening and arrival: a day from its template, a code on the wall, all come in": async (
    at,
    stage,
  ) => {
    const day = await room.opened(stage, "Startdag", "Startdag van het netwerk", "Mieke");
    const { conductor, code, wall } = day;
    at.Mieke = conductor;
    at.Muur = await stage.person("Muur", room.PROJECTOR);
    await at.Muur.page.goto(`${at.Muur.line.origin}/muur${wall}`);
    await room.scene(at.Muur, "arrival");
    await at.Muur.page.getByText(code).waitFor();
    await room.start(at.Mieke, "Welkom");

    const come = [
      ["An", "Tafel 1", { region: "Kempen", shared: ["Bo"] }],
      ["Chris", "Tafel 1", { region: "Kempen" }],
      ["Dina", "Tafel 2", { region: "Limburg" }],
      ["Els", "Tafel 3", { region: "Antwerpen" }],
      ["Farid", "Tafel 3", { region: "Antwerpen", device: LAPTOP }],
    ];
    for (const [name, table, more] of come) {
      at[name] = await room.scans(stage, name, code, more);
      await room.sits(at[name], table);
    }
    await at.Muur.page.getByText("Al 5 binnen").waitFor();
    assert.equal(await at.Muur.page.getByText("Chris").count(), 0, "no names before wie is wie");
    await room.part(at.Mieke, "Mensen");
    await at.Mieke.page.getByText("samen met Bo").waitFor();
  },

  "002-2: a card is its owner's alone, and all of them are on the wall": async (at) => {
    const { Mieke, Muur, An, Chris } = at;
    await room.start(Mieke, "Wie is wie?");
    await room.scene(Muur, "who");
    for (const person of [An, Chris]) await room.toDo(person, /^Wie is wie/);
    await An.page.getByLabel("Wat ligt er op je bord?").fill("Drie dorpsraden opstarten");
    await An.page.getByLabel("Met welke vragen kom je?").fill("Wie missen we?");
    await An.page.getByLabel("Wat breng je mee?").fill("Koffie");
    await Chris.page.getByLabel("Wat ligt er op je bord?").fill("Een stationsbuurt");
    for (const [person, other, plate] of [
      [An, "Chris", "Een stationsbuurt"],
      [Chris, "An", "Drie dorpsraden opstarten"],
    ]) {
      const card = person.page.locator("[data-card]").filter({ hasText: other });
      await card.getByText(plate).waitFor();
      assert.equal(await card.locator("textarea, input, button").count(), 0, "read, not written");
      assert.equal(await person.page.locator("main textarea").count(), 3, "one's own three fields");
      await Muur.page.getByText(plate).locator("visible=true").waitFor();
      await Muur.page.getByRole("heading", { name: other, exact: true }).waitFor();
      await person.saved();
    }
    assert.equal(await Muur.page.getByRole("heading", { name: "Dina" }).count(), 0);
  },

  "002-3: each region asks, its phones in one list, and the wall shows all regions": async (at) => {
    const { Mieke, Muur, An, Chris, Dina, Els, Farid } = at;
    await room.start(Mieke, "Vragen van elke regio");
    await room.scene(Muur, "regions");
    for (const person of [An, Chris, Dina, Els, Farid])
      await room.toDo(person, /^Vragen van de regio/);
    await room.asks(An, "Hoe bereiken we jongeren?");
    // The other phone of the region has it while it asks its own.
    await Chris.page.getByText("Hoe bereiken we jongeren?").waitFor();
    await room.asks(Chris, "Waar zijn jongeren online?");
    await room.asks(Dina, "Wie vertrouwt wie?");
    await room.asks(Dina, "Waar halen we tijd?");
    await room.asks(Els, "Hoe praten we klare taal?");
    await room.asks(Farid, "Wie komt er nooit?");
    const column = (region) => Muur.page.getByRole("article", { name: region });
    for (const [region, texts] of [
      ["Kempen", ["Hoe bereiken we jongeren?", "Waar zijn jongeren online?"]],
      ["Limburg", ["Wie vertrouwt wie?", "Waar halen we tijd?"]],
      ["Antwerpen", ["Hoe praten we klare taal?", "Wie komt er nooit?"]],
    ]) {
      for (const text of texts) await column(region).getByText(text).waitFor();
      assert.equal(await column(region).getByRole("listitem").count(), texts.length);
    }
    const own = An.page.getByRole("main").getByRole("heading", { level: 2 }).first();
    assert.equal(await own.textContent(), "Kempen", "one's own region comes first");
    for (const person of [An, Chris, Dina, Els, Farid]) await person.saved();
  },

  "002-4: themes from questions, hidden dots over a cut line, exactly five chosen": async (at) => {
    const { Mieke, Muur, An, Chris, Dina, Els, Farid } = at;
    const { page } = Mieke;
    await room.start(Mieke, "Thema’s kiezen");
    await room.part(Mieke, "Vragen en thema’s");
    for (const theme of THEMES) {
      await page.getByLabel("Nieuw thema").fill(theme);
      await page.getByRole("button", { name: "Voeg toe" }).click();
      await page.getByRole("heading", { name: theme, level: 3 }).waitFor();
    }
    await room.clusters(Mieke, "Jongeren", [
      "Hoe bereiken we jongeren?",
      "Waar zijn jongeren online?",
    ]);
    await room.clusters(Mieke, "Vertrouwen", ["Wie vertrouwt wie?"]);
    await room.clusters(Mieke, "Tijd", ["Waar halen we tijd?"]);
    await room.clusters(Mieke, "Taal", ["Hoe praten we klare taal?"]);
    await room.clusters(Mieke, "Bereik", ["Wie komt er nooit?"]);
    await Mieke.saved();

    await room.part(Mieke, "Stemming");
    await page.getByRole("button", { name: "Open de stemming" }).click();
    await room.scene(Muur, "vote");
    await Muur.page.getByText("0 van 5 hebben gestemd").waitFor();
    for (const person of [An, Chris, Dina, Els, Farid])
      await room.toDo(person, /^Stem op de thema/);
    const source = An.page.getByRole("listitem").filter({ hasText: "Jongeren" });
    await source.getByText("Uit 2 vragen").click();
    await source.getByText("Waar zijn jongeren online?").waitFor();
    // One votes while the line is gone: it waits, and says so.
    Chris.line.set("cut");
    await Chris.offline();
    await room.gives(Chris, { Jongeren: 1, Tijd: 2 });
    await Chris.page.locator('[data-vote="waits"]').waitFor();
    await room.gives(An, { Jongeren: 2, Vertrouwen: 1 });
    await room.gives(Dina, { Vertrouwen: 2, Taal: 1 });
    await room.gives(Els, { Taal: 1, Tijd: 1, Vertrouwen: 1 });
    await room.gives(Farid, { Bereik: 1, Geld: 1, Jongeren: 1 });
    await Muur.page.getByText("4 van 5 hebben gestemd").waitFor();
    Chris.line.set("open");
    await Chris.page.locator('[data-vote="arrived"]').waitFor();
    await Muur.page.getByText("5 van 5 hebben gestemd").waitFor();
    await page.getByRole("heading", { name: "5 van 5 hebben gestemd" }).waitFor();
    assert.equal(await page.locator("[data-ranked]").count(), 0, "the console shows no dot either");
    for (const theme of THEMES) {
      assert.equal(
        await Muur.page.getByRole("main").getByText(theme).count(),
        0,
        "no theme, no order on the wall",
      );
    }
    assert.equal(await Dina.page.locator("main ol").count(), 0, "nor does a phone");

    await room.surely(Mieke, "Sluit de stemming", "Ja, sluit de stemming");
    await Dina.page.getByRole("main").getByText("De stemming is dicht.").waitFor();
    await Muur.page.getByText("De stemming is gesloten").waitFor();
    // The fifth place is a tie, which nobody passes over.
    const confirm = page.getByRole("button", { name: "Bevestig de keuze" });
    await page.getByText("Gelijke stand voor de laatste plaats").waitFor();
    assert.ok(await confirm.isDisabled());
    await page.getByRole("button", { name: "Laat het lot beslissen" }).click();
    await page.getByText("5 van 5 gekozen").waitFor();
    await confirm.click();
    await page.getByText("De keuze is bevestigd.").first().waitFor();
    assert.equal(await Dina.page.getByRole("heading", { name: "Dit is gekozen" }).count(), 0);
    await page.getByRole("button", { name: "Toon aan iedereen" }).click();

    await room.scene(Muur, "reveal");
    const rows = await Muur.page.locator("ol > li").allInnerTexts();
    assert.deepEqual(
      rows.slice(0, 2).map((row) => /\d stippen/.exec(row)?.[0]),
      ["4 stippen", "4 stippen"],
    );
    assert.match(
      rows.find((row) => row.includes("Jongeren")),
      /Kempen/,
    );
    for (const person of [An, Chris, Dina, Els, Farid]) {
      await person.page.getByRole("heading", { name: "Dit is gekozen" }).waitFor();
      assert.equal(await person.page.getByText("· gekozen").count(), 5, "exactly five");
    }
  },

  "002-5: groups on themes word their learning question, and agree": async (at) => {
    const { Mieke, Muur, An, Chris, Dina, Els, Farid } = at;
    const { page } = Mieke;
    await page.getByLabel("Plaatsen per groep").fill("");
    await page.getByRole("button", { name: "Maak de groepen" }).click();
    await page.getByRole("button", { name: "Naar de rondes" }).click();
    for (const name of ["An", "Chris", "Farid"]) {
      await room.seats(Mieke, "Themagroepen", name, "Jongeren");
    }
    for (const name of ["Dina", "Els"]) await room.seats(Mieke, "Themagroepen", name, "Vertrouwen");
    const round = page.locator("[data-round]").filter({ hasText: "Themagroepen" });
    await round.getByRole("button", { name: "Start deze ronde" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Ja, start de ronde" }).click();
    await round.getByText("Loopt nu").waitFor();
    await room.start(Mieke, "Van thema naar leervraag");
    await room.scene(Muur, "breakout");

    for (const person of [An, Chris, Dina, Els, Farid]) await room.tab(person, "Groep");
    const sees = ({ page: its }, group) =>
      its.locator("header strong").filter({ hasText: group }).waitFor();
    for (const person of [An, Chris, Farid]) await sees(person, "Jongeren");
    for (const person of [Dina, Els]) await sees(person, "Vertrouwen");

    const proposes = async ({ page: its }, text) => {
      await its.getByRole("button", { name: /^Verwoord samen/ }).click();
      await its.getByLabel("Jouw voorstel").fill(text);
      await its.getByRole("button", { name: "Stel voor" }).click();
      await its.locator("[data-wording]").filter({ hasText: text }).waitFor();
    };
    await proposes(Chris, "Hoe bereiken we iedereen?");
    await proposes(An, WORDING);
    const wording = ({ page: its }, text) =>
      its.locator("[data-wording]").filter({ hasText: text });
    await Farid.page.getByRole("button", { name: "Verwoord samen (2)" }).click();
    for (const person of [Chris, Farid]) {
      await wording(person, WORDING).getByRole("button", { name: "Ik ga akkoord" }).click();
    }
    await wording(An, WORDING).getByText("Iedereen gaat akkoord").waitFor();
    await wording(An, WORDING).getByRole("button", { name: "Maak dit de leervraag" }).click();
    for (const person of [An, Chris, Farid]) {
      await wording(person, WORDING).getByText("Dit is de leervraag").waitFor();
      await wording(person, "Hoe bereiken we iedereen?")
        .getByText("1 van 3 gaan akkoord")
        .waitFor();
      await person.page.keyboard.press("Escape");
      await person.page.getByRole("heading", { level: 1, name: WORDING }).waitFor();
    }
    await Muur.page.getByText(WORDING).waitFor();
    await room.tab(Farid, "Nu");
    await Farid.page.getByText(WORDING).waitFor();
    await room.tab(Farid, "Groep");
    await Farid.composer.waitFor();
  },
};
