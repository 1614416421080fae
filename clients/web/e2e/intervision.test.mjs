// An intervision: only its room sees it, not even the title goes outside; one clock; who may write
// when is said by the step.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fine } from "./fine.mjs";
import { LAPTOP, PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

async function open(person) {
  await person.page.getByRole("button", { name: "Nieuw", exact: true }).click();
  await person.page
    .getByRole("dialog")
    .getByRole("button", { name: /^Intervisie/ })
    .click();
  await person.page.getByRole("heading", { level: 1, name: "Intervisie" }).waitFor();
}

/** Looks at the gathering anew, as a page does by itself now and then. */
const look = (person) => person.page.evaluate(() => window.dispatchEvent(new Event("online")));

const textbox = (person, name) => person.page.getByRole("textbox", { name });

async function put(person, name, text) {
  await textbox(person, name).fill(text);
  await textbox(person, name).press("Enter");
  await person.item(text).waitFor();
}

test("a room goes through its steps, and outsiders see nothing of it", async () => {
  const opened = await stage.server.open("In vertrouwen");
  const an = await stage.person("An", PHONE);
  const bo = await stage.person("Bo", PHONE);
  const cis = await stage.person("Cis", LAPTOP);
  for (const person of [an, bo, cis]) await person.join(opened.codes.participant, "Tafel 1");
  await open(an);
  await an.page.getByLabel("Naam van de casus").fill("De wethouder zegt nee");
  await an.page.getByLabel("De casus in het kort").fill("Na een jaar werk is het weg.");
  await an.page.getByRole("button", { name: "Bo", exact: true }).click();
  await an.saved();
  const address = new URL(an.page.url()).pathname;

  // In the room: it appears, with no word of it anywhere else.
  await look(bo);
  await bo.page.getByRole("link", { name: "Intervisie" }).click();
  await bo.page.getByText("An brengt de casus in").waitFor();
  await bo.page.getByText("Na een jaar werk is het weg.").waitFor();
  assert.equal(
    await bo.page.getByRole("button", { name: "Cis" }).count(),
    0,
    "no hand in the room",
  );

  // Outside it: not in the row, not under its address, not in what the server says.
  await look(cis);
  await cis.page.goto(`${cis.line.origin}${address}`);
  await cis.page.getByText("Dit document is er niet, of niet voor jou.").waitFor();
  const told = await cis.page.evaluate(async () => {
    const { gathering } = JSON.parse(localStorage.getItem("oogst.me"));
    return (await fetch(`/api/gatherings/${gathering}`)).text();
  });
  assert.doesNotMatch(told, /intervisi|wethouder/i);
  const all = await stage.server.call(`/api/gatherings/${opened.id}`, {
    token: opened.facilitator_token,
  });
  assert.doesNotMatch(JSON.stringify(all), /"intervision"|wethouder/i, "nor to the facilitator");

  await an.page.getByRole("button", { name: /^Snelle intervisie/ }).click();
  await an.page.getByRole("heading", { level: 1, name: "De casus" }).waitFor();
  await bo.page.getByRole("heading", { level: 1, name: "De casus" }).waitFor();
  const left = (person) => person.page.locator("[data-clock]").getAttribute("data-clock");
  await until(
    "one clock for all",
    () => left(bo),
    (seconds) => Number(seconds) > 150,
  );
  assert.equal(await an.page.locator("[data-clock]").count(), 1);
  assert.equal(await textbox(bo, "De casus in het kort").count(), 0, "the others listen");

  await an.page.getByRole("button", { name: "Verder naar: Vragen" }).click();
  await put(bo, /^Vragen aan de inbrenger/, "Wat zei hij precies?");
  await an.item("Wat zei hij precies?").waitFor();
  assert.equal(await textbox(an, /^Vragen aan/).count(), 0, "the case owner answers aloud");

  await bo.page.getByRole("button", { name: "Verder naar: Advies" }).click();
  await put(bo, /^Adviezen/, "Ga samen met bewoners terug");
  await an.item("Ga samen met bewoners terug").waitFor();
  await an.page.getByRole("button", { name: /^Verder naar: Wat neem je mee/ }).click();
  for (const text of ["Bellen", "Koffie met Mia", "Nieuwe datum"]) {
    await put(an, /^Mijn volgende stappen/, text);
  }
  await until(
    "three is the most",
    () => textbox(an, /^Mijn volgende stappen/).count(),
    (count) => count === 0,
  );
  await bo.item("Nieuwe datum").waitFor();
  await an.page.getByRole("button", { name: "Rond af" }).click();
  await bo.page.getByRole("heading", { level: 1, name: "Deze intervisie is rond" }).waitFor();
  await an.saved();
  await bo.saved();

  // Who leaves the room sees it no more.
  await an.page.getByRole("button", { name: "Terug naar de groep" }).click();
  await an.composer.waitFor();
  assert.deepEqual([...an.faults, ...bo.faults, ...cis.faults], []);
});

for (const [size, device] of Object.entries({
  360: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  1280: LAPTOP,
})) {
  for (const colorScheme of ["light", "dark"]) {
    test(`for everybody at ${size}, ${colorScheme}`, async () => {
      const { codes } = await stage.server.open(`Intervisie ${size} ${colorScheme}`);
      const an = await stage.person("An", device, { colorScheme });
      const shot = async (name) => {
        if (process.env.OOGST_SHOTS && colorScheme === "light")
          await an.page.screenshot({ path: `${process.env.OOGST_SHOTS}/${name}-${size}.png` });
      };
      await an.join(codes.participant, "Tafel 1");
      await open(an);
      await fine(an.page, "before it begins");
      await shot("intervision-0");
      await an.page.getByRole("button", { name: /^Roddelmethode/ }).click();
      await an.page.getByRole("heading", { level: 1, name: "De casus" }).waitFor();
      await fine(an.page, "the case");
      await shot("intervision-1");
      await an.page.getByRole("button", { name: "Verder naar: Vragen" }).click();
      await an.page.getByRole("heading", { level: 1, name: "Vragen" }).waitFor();
      await fine(an.page, "questions");
      await an.saved();
      for (const language of ["Français", "English"]) {
        await an.page.getByRole("button", { name: /^(Ik|Moi|Me):/ }).click();
        await an.page.getByRole("button", { name: language }).click();
        await an.page.goBack();
        await an.page.locator("[data-clock]").waitFor();
        await fine(an.page, `intervision in ${language}`);
      }
      assert.deepEqual(an.faults, []);
    });
  }
}
