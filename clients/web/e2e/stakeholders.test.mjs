// A stakeholder map: a form for each on a phone, the picture beside the list on a laptop, a table
// to take away, and contacts for few.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fine } from "./fine.mjs";
import { LAPTOP, PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

async function withMap(title, device, more = {}) {
  const opened = await stage.server.open(title);
  const open = (kind) =>
    stage.server.call(`/api/gatherings/${opened.id}/documents`, {
      method: "POST",
      token: opened.facilitator_token,
      body: { kind },
    });
  await open("stakeholders");
  const an = await stage.person("An", device, more);
  await an.join(opened.codes.participant, "Tafel 1");
  await go(an);
  return { an, opened, open };
}

async function go(person) {
  await person.page.getByRole("link", { name: "Stakeholdermapping" }).click();
  await person.page.getByRole("heading", { level: 1, name: "Stakeholdermapping" }).waitFor();
}

async function add(person, name) {
  const field = person.page.getByRole("textbox", { name: /^Wie is belangrijk/ });
  await field.fill(name);
  await field.press("Enter");
  await person.item(name).waitFor();
}

test("who matters, what they win, where they stand; seen by all, taken as a table", async () => {
  const { an, opened } = await withMap("Mapping", PHONE);
  await add(an, "Huis van het Kind");
  await an.item("Huis van het Kind").getByRole("button").click();
  const sheet = an.page.getByRole("dialog").first();
  await sheet.getByLabel("Gemeente").fill("Geel");
  await sheet.getByLabel("Niveau").selectOption("Lokaal");
  await sheet.getByLabel("Invloed, van 1 tot 5").selectOption("4");
  await sheet.getByLabel("Interesse, van 1 tot 5").selectOption("5");
  await sheet.getByLabel("Hoe betrokken zijn ze?").selectOption("Ambassadeur");
  const win = sheet.getByRole("textbox", { name: /^Wat winnen zij erbij/ });
  await win.fill("Gezinnen bereiken");
  await win.press("Enter");
  // A form over a form: each closes alone, and the focus comes back.
  await an.item("Gezinnen bereiken").getByRole("button").click();
  await until(
    "two forms",
    () => an.page.getByRole("dialog").count(),
    (count) => count === 2,
  );
  await an.page.keyboard.press("Escape");
  await until(
    "one form",
    () => an.page.getByRole("dialog").count(),
    (count) => count === 1,
  );
  await sheet.getByRole("button", { name: "Klaar", exact: true }).click();
  await an.item("Huis van het Kind").getByText("Ambassadeur").waitFor();
  await an.saved();
  assert.equal(await an.page.getByRole("table").count(), 0, "no picture on a phone");

  const bo = await stage.person("Bo", LAPTOP);
  await bo.join(opened.codes.participant, "Tafel 2");
  await go(bo);
  const row = bo.page.getByRole("row", { name: /Huis van het Kind/ });
  await row.getByRole("cell", { name: "5", exact: true }).waitFor();
  await bo.page.getByText("1 van 1 staan op de kaart.").waitFor();
  const download = bo.page.waitForEvent("download");
  await bo.page.getByRole("button", { name: "Download als tabel (CSV)" }).click();
  const table = await readFile(await (await download).path(), "utf8");
  assert.match(table, /Huis van het Kind/);
  assert.match(table, /Gezinnen bereiken/);
  assert.equal(await bo.page.getByText("Contactgegevens").count(), 0);
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("contacts are the core group's and the facilitator's alone", async () => {
  const { an, opened, open } = await withMap("Contacten", PHONE);
  await open("contacts");
  await add(an, "Buurthuis");
  const fa = await stage.person("Fa", LAPTOP);
  await fa.page.goto(`${fa.line.origin}/j/${opened.codes.facilitator}`);
  await fa.page.getByLabel("Hoe heet je?").fill("Fa");
  await fa.page.getByRole("button", { name: "Doe mee" }).click();
  const address = new URL(an.page.url()).pathname;
  await until(
    "in",
    () => fa.page.evaluate(() => localStorage.getItem("oogst.me") !== null),
    (is) => is,
  );
  await fa.page.goto(`${fa.line.origin}${address}`);
  await fa.item("Buurthuis").getByRole("button").click();
  const sheet = fa.page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Voeg een contact toe" }).click();
  await sheet.getByLabel("Telefoon").fill("014 00 00 00");
  await sheet.getByRole("button", { name: "Klaar", exact: true }).click();
  await fa.saved();
  await fa.page.reload();
  await fa.item("Buurthuis").getByRole("button").click();
  await until(
    "it is kept",
    () => fa.page.getByLabel("Telefoon").inputValue(),
    (text) => text === "014 00 00 00",
  );

  await an.item("Buurthuis").getByRole("button").click();
  await an.page.getByRole("dialog").getByLabel("Gemeente").waitFor();
  assert.equal(await an.page.getByText("Contactgegevens").count(), 0);
  assert.deepEqual([...an.faults, ...fa.faults], []);
});

for (const [size, device] of Object.entries({
  360: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  1280: LAPTOP,
})) {
  for (const colorScheme of ["light", "dark"]) {
    test(`for everybody at ${size}, ${colorScheme}`, async () => {
      const { an } = await withMap(`Mapping ${size} ${colorScheme}`, device, { colorScheme });
      const shot = async (name) => {
        if (process.env.OOGST_SHOTS && colorScheme === "light")
          await an.page.screenshot({ path: `${process.env.OOGST_SHOTS}/${name}-${size}.png` });
      };
      await fine(an.page, "empty map");
      for (const [name, influence, interest] of [
        ["Huis van het Kind", "4", "5"],
        ["Sportdienst", "2", "3"],
        ["Jeugdraad", "4", "5"],
      ]) {
        await add(an, name);
        await an.item(name).locator("button").first().click();
        await an.page.getByLabel("Invloed, van 1 tot 5").selectOption(influence);
        await an.page.getByLabel("Interesse, van 1 tot 5").selectOption(interest);
        if (name === "Jeugdraad") {
          await fine(an.page, "a form");
          await shot("stakeholder-form");
        }
        await an.page.keyboard.press("Escape");
      }
      await an.saved();
      await fine(an.page, "map");
      await shot("stakeholders");
      for (const language of ["Français", "English"]) {
        await an.page.getByRole("button", { name: /^(Ik|Moi|Me):/ }).click();
        await an.page.getByRole("button", { name: language }).click();
        await an.page.goBack();
        await an.item("Sportdienst").waitFor();
        await fine(an.page, `map in ${language}`);
      }
      assert.deepEqual(an.faults, []);
    });
  }
}
