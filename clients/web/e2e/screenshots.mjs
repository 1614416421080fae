// Fills a gathering through real browsers and takes the pictures of docs/images. Run by hand, with
// the server built: npm run screenshots
import { mkdirSync } from "node:fs";
import { PHONE, Stage } from "./kit.mjs";

const IMAGES = new URL("../../../docs/images/", import.meta.url).pathname;
const LAPTOP = { viewport: { width: 1360, height: 850 } };
const PROJECTOR = { viewport: { width: 1920, height: 1080 }, reducedMotion: "reduce" };

/** Per table: insights, with a dash where they are nested under the one before. */
const HARVEST = {
  "Tafel 1": [
    "Ga naar de mensen toe: de bakker, de schoolpoort, de moskee",
    "- Koffie op het plein werkte beter dan een zaal met een micro",
    "- Neem iemand mee die er al gekend is",
    "Zeg vooraf wat er nog te beslissen valt",
    "Betaal sleutelfiguren voor hun tijd",
    "Jongeren komen niet voor een plan, wel voor hun eigen plein",
  ],
  "Tafel 2": [
    "Laat binnen twee weken weten wat je met een idee doet",
    "- Ook als het antwoord nee is",
    "De schepen zat erbij en zweeg: dat gaf vertrouwen",
    "Wie beslist, moet zelf aan tafel komen",
  ],
  "Tafel 3": ["Welke vraag durven we niet te stellen?", "Oefen eerst met een kleine beslissing"],
};

const stage = await Stage.set();
try {
  mkdirSync(IMAGES, { recursive: true });
  const shoot = (person, name) => person.page.screenshot({ path: `${IMAGES}${name}.png` });
  const { codes } = await stage.server.open("Lerend netwerk participatie, dag 3");

  const an = await stage.person("An Peeters", PHONE);
  await an.page.goto(`${an.line.origin}/j/${codes.participant}`);
  await an.page.getByLabel("Hoe heet je?").fill("An Peeters");
  await shoot(an, "join-390");
  await an.page.getByRole("button", { name: "Doe mee" }).click();
  await an.page.getByRole("button", { name: /^Tafel 1/ }).waitFor();
  await shoot(an, "choose-390");
  await an.page.getByRole("button", { name: /^Tafel 1/ }).click();
  await an.composer.waitFor();

  const bo = await stage.person("Bo Van den Broeck", LAPTOP);
  await bo.join(codes.participant, "Tafel 1");
  const writers = { "Tafel 1": an };
  for (const [table, name] of [
    ["Tafel 2", "Chris"],
    ["Tafel 3", "Dina"],
  ]) {
    writers[table] = await stage.person(name, LAPTOP);
    await writers[table].join(codes.participant, table);
  }
  for (const [table, lines] of Object.entries(HARVEST)) {
    for (const line of lines) {
      const text = line.replace(/^- /, "");
      await writers[table].add(text);
      if (line.startsWith("- ")) await writers[table].act(text, "Inspringen");
    }
    await writers[table].saved();
  }
  await bo.act("Zeg vooraf", "Kernpunt");
  await bo.act("Betaal sleutelfiguren", "Steun");
  await bo.act("Koffie op het plein", "Goed voorbeeld");
  await bo.saved();
  await bo.composer.pressSequentially("Een kaart op tafel helpt", { delay: 20 });
  await an.page.getByText("Bo Van den Broeck schrijft iets nieuws…").waitFor();
  await shoot(an, "group-390");
  await an.item("Zeg vooraf").getByRole("button").click();
  await shoot(an, "sheet-390");
  await an.page.keyboard.press("Escape");
  await bo.composer.press("Enter");
  await an.act("Een kaart op tafel", "Bewerk");
  const text = an.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await text.press("Control+End");
  await text.pressSequentially(": je ziet waarover het gaat");
  await bo.page.getByText("An Peeters typt…").waitFor();
  await shoot(bo, "group-1360");
  await text.press("Enter");

  const wall = await stage.person("Muur", PROJECTOR);
  await wall.page.goto(`${wall.line.origin}/muur#${codes.observer}/${codes.participant}`);
  await wall.page.getByText("je ziet waarover het gaat").waitFor();
  await shoot(wall, "wall-1920");

  an.line.set("cut");
  await an.offline();
  await an.add("Dit typ ik in de kelder, zonder bereik");
  await shoot(an, "offline-390");
} finally {
  await stage.strike();
}
