// The rest of the whole day: from the harvest over cut lines to the replay and the report.
import assert from "node:assert/strict";
import { until } from "./kit.mjs";
import { WORDING } from "./morning.mjs";
import * as room from "./room.mjs";

/** What the wall of everything showed live, before the guests came. */
let seenLive;

/** What happens, in its order, by its name. */
export const PARTS = {
  "X-2: lines cut while they harvest, one loads anew: nothing lost, nothing twice": async (at) => {
    const { Muur, An, Chris, Farid } = at;
    await An.add("Ga naar de mensen toe");
    await Chris.item("Ga naar de mensen toe").waitFor();
    await Chris.add("Drink koffie");
    await Chris.act("Drink koffie", "Inspringen");
    await room.agree([An, Chris, Farid], 2);
    for (const person of [An, Chris]) {
      await person.saved();
      person.line.set("cut");
      await person.offline();
    }
    const seenByAn = await An.watchSave();
    const seenByChris = await Chris.watchSave();
    await An.add("In de kelder bedacht");
    await room.writesOn(An, "Ga naar de mensen toe", ", elke week");
    await Chris.add("Op straat gehoord");
    await room.writesOn(Chris, "Drink koffie", " op het plein");
    await Farid.add("Aan tafel gezegd");
    assert.deepEqual(await seenByAn(), ["offline"], "never saved, not for a moment");
    An.line.set("page");
    await An.page.reload();
    await An.page.getByText("Geen verbinding: 2 wijzigingen op dit toestel").waitFor();
    await An.item("In de kelder bedacht").waitFor();
    await Chris.page.getByText("Geen verbinding: 2 wijzigingen op dit toestel").waitFor();
    assert.deepEqual(await seenByChris(), ["offline"]);
    assert.equal((await Farid.lines()).length, 3, "nothing came through");

    for (const person of [An, Chris]) person.line.set("open");
    const lines = await room.agree([An, Chris, Farid], 5);
    assert.deepEqual([...lines].sort(), [
      "1 Aan tafel gezegd",
      "1 Ga naar de mensen toe, elke week",
      "1 In de kelder bedacht",
      "1 Op straat gehoord",
      "2 Drink koffie op het plein",
    ]);
    for (const person of [An, Chris, Farid]) await person.saved();
    assert.equal(
      await Muur.page.getByText("Aan tafel gezegd").count(),
      0,
      "theirs while they work",
    );
  },

  "X-3: the server killed in the middle: all come back, what was saved stands": async (
    at,
    stage,
  ) => {
    const { Mieke, Muur, Dina, Els } = at;
    await Dina.add("Zeg vooraf wat vastligt");
    await Dina.saved();
    await Els.item("Zeg vooraf wat vastligt").waitFor();
    await stage.server.kill();
    for (const person of [Mieke, Dina, Els]) await person.offline();
    await Els.add("Laat weten wat ermee gebeurt");
    await Els.page.getByText("Geen verbinding: 1 wijziging op dit toestel").waitFor();
    await Muur.page.getByText("Geen verbinding").waitFor();
    await stage.restart();
    const lines = await room.agree([Dina, Els], 2);
    assert.equal(lines[0], "1 Zeg vooraf wat vastligt");
    for (const person of [Mieke, Dina, Els]) await person.saved();
    await Muur.page.getByText("Geen verbinding").waitFor({ state: "detached" });

    // The wall of everything, as it stands when the morning ends.
    const screen = await at.Farid.tab();
    const { page } = screen;
    await page.goto(`${at.Farid.line.origin}/muur`);
    await page.getByText("7 inzichten", { exact: true }).waitFor();
    seenLive = await room.drawn(page, ".columns");
    assert.equal(seenLive.flatMap(([, insights]) => insights).length, 7);
    await page.close();
  },

  "002-6: guests wait until their time, are spread, read in, and are marked": async (at, stage) => {
    const { Mieke, An, Chris, Dina } = at;
    const { page } = Mieke;
    await room.part(Mieke, "Codes");
    const guest = await page.locator('[data-code="guest"]').textContent();
    await room.part(Mieke, "Gasten");
    await page.getByLabel("Verwacht ze om").fill("23:59");
    await page.getByRole("button", { name: "Bewaar het uur" }).click();
    await page.getByText("We verwachten ze om 23:59.").waitFor();
    for (const name of ["Gina", "Henk"]) {
      at[name] = await room.scans(stage, name, guest);
      await at[name].page.getByText("We beginnen om 23:59.").waitFor();
    }
    await room.start(Mieke, "Gasten denken mee");
    await An.act("Ga naar de mensen toe", "Kernpunt");
    await An.saved();
    await room.part(Mieke, "Gasten");
    await page.getByRole("button", { name: "Laat de gasten binnen" }).click();
    const { Gina, Henk } = at;
    for (const person of [Gina, Henk])
      await person.page.getByText("Hierover praat deze groep").waitFor();
    await page.getByText("2 gasten zijn binnen").waitFor();

    await room.part(Mieke, "Rondes");
    const seat = async (name) => {
      const chip = page.getByRole("button", { name: `Kies een groep voor ${name}` });
      const group = page.locator("[data-seat-group]").filter({ has: chip });
      return (await group.locator("h3 .words").innerText()).trim();
    };
    assert.notEqual(await seat("Gina"), await seat("Henk"), "spread");
    // Who conducts may give somebody another place; the brief follows.
    if ((await seat("Gina")) !== "Jongeren") {
      await room.seats(Mieke, "Themagroepen", "Gina", "Jongeren");
    }
    await Gina.page.getByText(WORDING).waitFor();
    await Gina.page.getByText("Ga naar de mensen toe, elke week").waitFor();
    for (const name of ["An", "Chris", "Farid"]) {
      await Gina.page.getByRole("main").getByText(name, { exact: true }).waitFor();
    }
    await room.tab(Gina, "Nu");
    await Gina.page.getByRole("link", { name: /^Lees je in/ }).waitFor();
    const cards = Gina.page.getByRole("link", { name: /^Wie is wie/ });
    assert.equal(await cards.count(), 0, "the morning's cards are not a guest's");
    await room.toDo(Gina, /^Lees je in/);
    await Gina.page.getByRole("link", { name: "Aan de slag" }).click();
    await Gina.page.getByRole("button", { name: "Soort", exact: true }).click();
    await Gina.page.getByRole("button", { name: "Tip", exact: true }).click();
    await Gina.add("Vraag het aan de jeugdwerkers");
    await Gina.saved();
    for (const person of [An, Chris]) {
      const tip = person.item("Vraag het aan de jeugdwerkers");
      await tip.getByText("van buiten").waitFor();
      await tip.getByText("Tip", { exact: true }).waitFor();
      assert.equal(await person.item("Aan tafel gezegd").getByText("van buiten").count(), 0);
    }
    assert.equal((await Dina.lines()).length, 2, "the other group has its own");
  },

  "the lock: what is written meanwhile waits, and comes in with the thaw": async (at) => {
    const { Mieke, An, Chris } = at;
    await room.part(Mieke, "Aan het werk");
    const card = Mieke.page.locator("[data-work]").filter({ hasText: "Jongeren" });
    Chris.line.set("cut");
    await Chris.offline();
    await Chris.add("Net voor het slot");
    await card.getByRole("button", { name: "Zet op slot: Jongeren" }).click();
    await An.page.locator('[data-save="locked"]').waitFor();
    Chris.line.set("open");
    await Chris.page.getByText("Op slot: je wijziging wacht").waitFor();
    assert.equal(await An.item("Net voor het slot").count(), 0);
    await card.getByRole("button", { name: "Haal van het slot: Jongeren" }).click();
    await An.item("Net voor het slot").waitFor();
    for (const person of [An, Chris]) await person.saved();
  },

  "plenary and closing: key points on the wall, a word each, and the day is closed": async (at) => {
    const { Mieke, Muur, An, Dina, Els } = at;
    await Dina.act("Zeg vooraf wat vastligt", "Kernpunt");
    await Dina.saved();
    await room.start(Mieke, "Kernpunten delen");
    await room.scene(Muur, "plenary");
    await room.part(Mieke, "Aan het werk");
    for (const [group, point, not] of [
      ["Vertrouwen", "Zeg vooraf wat vastligt", "Laat weten wat ermee gebeurt"],
      ["Jongeren", "Ga naar de mensen toe, elke week", "Aan tafel gezegd"],
    ]) {
      await Mieke.page.getByRole("button", { name: `Zet ${group} in de kijker` }).click();
      await Muur.page.getByText(point).waitFor();
      assert.equal(await Muur.page.getByText(not).count(), 0, "key points only");
      await Els.page.locator("[data-show]").getByText(`Ga mee naar: ${group}`).waitFor();
    }
    await Mieke.page.getByRole("button", { name: "Haal uit de kijker" }).click();

    await room.start(Mieke, "Afronden");
    for (const [person, choice] of [
      [An, /^Met mijn naam/],
      [Els, /^Publiceer mijn woorden niet/],
    ]) {
      const { page } = person;
      await room.toDo(person, /^Afronden/);
      await page.getByLabel("Wat neem je mee?").fill("Begin bij de mensen");
      await page.getByLabel("Wat is je eerste stap?").fill("Koffie drinken");
      await page.getByLabel("Deze dag in één woord").fill("Warm");
      await page.getByRole("radio", { name: choice }).check();
      await page.locator('[data-consent="arrived"]').waitFor();
      await page.getByText("Dank je wel. Alles staat er.").waitFor();
    }
    await room.part(Mieke, "Afsluiten");
    await Mieke.page.getByText(/^2 van \d kozen hoe hun naam/).waitFor();
    await room.surely(Mieke, "Sluit de bijeenkomst af", "Ja, sluit af");
    await Mieke.page.locator('[data-status="closed"]').waitFor();
    for (const person of [An, Els]) await person.page.locator('[data-save="locked"]').waitFor();
    await room.scene(Muur, "overview");
  },

  "002-26: the replay shows the morning as it was seen live, the report what was typed": async (
    at,
  ) => {
    const { page } = at.Farid;
    await room.tab(at.Farid, "Muur");
    await page.getByRole("button", { name: "Herbekijk de dag" }).click();
    const chapters = page.getByRole("list", { name: "Onderdelen van de dag" });
    await chapters.getByRole("button", { name: /Gasten denken mee/ }).click();
    await until(
      "the wall of that moment",
      () => room.drawn(page, ".wall"),
      (groups) => JSON.stringify(groups) === JSON.stringify(seenLive),
    );
    await chapters.getByRole("button", { name: /Wie is wie/ }).click();
    await page.getByText("Ga naar de mensen toe").waitFor({ state: "detached" });

    await room.tab(at.Farid, "Muur");
    await page.getByRole("button", { name: "Verslag" }).click();
    const young = page.getByRole("region", { name: WORDING });
    for (const text of ["Aan tafel gezegd", "In de kelder bedacht", "Op straat gehoord"]) {
      await young.getByText(text, { exact: true }).waitFor();
    }
    await young.locator("ul ul").getByText("Drink koffie op het plein").waitFor();
    await young.getByText(/Tip · van buiten/).waitFor();
    await page.getByText("Eén inzicht staat hier niet.").waitFor();
    assert.equal(await page.getByText("Laat weten wat ermee gebeurt").count(), 0, "Els chose so");
  },
};
