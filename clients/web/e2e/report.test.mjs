// The report: nested, with the credits that people consented to, on paper and as files.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { LAPTOP, PHONE, Stage } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

test("the harvest reads as a report, with credits by consent and ways to moments", async () => {
  const day = await Day.make(stage, "Om te bewaren");
  const chris = await day.join("Chris Maes", 0, { organisation: "Stad Genk" });
  const dina = await day.join("Dina", 0);
  const els = await day.join("Els", 1);
  await day.call("/consent", "PUT", { publish: "name" }, chris.token);
  await day.call("/consent", "PUT", { publish: "not" }, dina.token);
  await day.harvest(chris, 0, [
    { text: "Ga naar de mensen toe", highlight: true },
    "- Drink koffie",
  ]);
  await day.harvest(dina, 0, ["Niet voor publicatie"]);
  await day.harvest(els, 1, ["Laat weten wat ermee gebeurt"]);
  const an = await stage.person("An", LAPTOP);
  await an.join(day.codes.participant, "Tafel 1");
  const { page } = an;
  await page.getByRole("link", { name: "Muur" }).click();
  await page.getByRole("button", { name: "Verslag" }).click();

  await page.getByRole("heading", { name: "Om te bewaren" }).waitFor();
  const first = page.getByRole("region", { name: /Hoe bereiken we wie nooit/ });
  await first.getByRole("heading", { name: "Kernpunten" }).waitFor();
  const nested = first.locator("ul ul").getByText("Drink koffie");
  await nested.waitFor();
  await first.getByText("Chris Maes").first().waitFor();
  await page.getByText("Eén inzicht staat hier niet.").waitFor();
  assert.equal(await page.getByText("Niet voor publicatie").count(), 0);
  const second = page.getByRole("region", { name: /Wat doet een bestuur/ });
  assert.equal(await second.getByText("Els").count(), 0, "who said nothing is not named");

  await page.getByLabel("Wie staat erbij?").selectOption("Niemand");
  await first.getByText("Chris Maes").first().waitFor({ state: "detached" });
  await nested.waitFor();

  await page.getByText("Andere formaten", { exact: true }).click();
  for (const [name, ending, begins] of [
    ["PDF", "pdf", "%PDF"],
    ["Word", "docx", "PK"],
    ["Webpagina", "html", "<!"],
    ["Markdown", "md", "# Om te bewaren"],
    ["Rekenblad (CSV)", "csv", ""],
    ["Gegevens (JSON)", "json", "{"],
  ]) {
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: `Download ${name}` }).click();
    const file = await coming;
    assert.match(file.suggestedFilename(), new RegExp(`\\.${ending}$`));
    const content = await readFile(await file.path());
    assert.ok(content.length > begins.length, `${name} is empty`);
    assert.ok(content.toString("latin1").includes(begins), `${name} begins otherwise`);
    assert.ok(!content.toString("latin1").includes("Chris Maes"), `${name} names nobody`);
  }

  // On paper: the text alone.
  await page.emulateMedia({ media: "print" });
  await nested.waitFor();
  for (const name of ["Druk af", "Muur", "Bekijk het moment: Drink koffie"]) {
    const hidden = page
      .locator("button, a")
      .filter({ hasText: name.split(":")[0] })
      .first();
    assert.equal(await hidden.isVisible(), false, name);
  }
  const whole = await page.evaluate(() => {
    const main = document.querySelector("main");
    return getComputedStyle(main).overflow === "visible" && main.scrollHeight <= main.offsetHeight;
  });
  assert.ok(whole, "all of it is printed, not what fits a screen");
  await page.emulateMedia({ media: "screen" });

  await page.getByRole("link", { name: "Bekijk het moment: Drink koffie" }).click();
  await page.getByRole("slider", { name: "Moment van de dag" }).waitFor();
  await page.getByRole("button", { name: "Drink koffie" }).waitFor();
  await page.getByText("Laat weten wat ermee gebeurt").waitFor({ state: "detached" });
  assert.deepEqual(an.faults, []);
});

test("a file that cannot come is told, and the report stays", async () => {
  const { codes } = await stage.server.open("Zonder lijn");
  const an = await stage.person("An", PHONE);
  await an.join(codes.participant, "Tafel 1");
  await an.add("Blijft staan");
  await an.saved();
  const { page } = an;
  await page.goto(`${an.line.origin}/verslag`);
  await page.getByText("Blijft staan").waitFor();
  an.line.set("cut");
  await an.offline();
  await page.getByRole("button", { name: "Download PDF" }).click();
  await page.getByRole("alert").getByText("Downloaden lukte niet").waitFor();
  await page.getByText("Blijft staan").waitFor();
  assert.deepEqual(an.faults, []);
});
