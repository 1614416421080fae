// For everybody: axe finds nothing, targets fit a thumb, nothing scrolls sideways, keys suffice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { LAPTOP, PHONE, Stage, until } from "./kit.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TARGET_PX = 44;

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** Everything that axe has to say about the page, in short. */
async function faults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((tags) => {
    // Colours of what is still fading in are not the colours that stay.
    for (const animation of document.getAnimations()) animation.finish();
    return window.axe.run(document, { runOnly: { type: "tag", values: tags } });
  }, TAGS);
  return violations.map(({ id, impact, nodes }) => ({
    id,
    impact,
    at: nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`),
  }));
}

/** What can be pressed but is smaller than a thumb. */
const small = (page) =>
  page.evaluate((least) => {
    const pressed = [...document.querySelectorAll("button, input, textarea, summary")];
    return pressed
      .filter((each) => each.checkVisibility())
      .map((each) => ({ each, box: each.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < least || box.width < least))
      .map(({ each, box }) => `${each.textContent} ${box.width}x${box.height}`);
  }, TARGET_PX);

async function fine(page, where) {
  assert.deepEqual(await faults(page), [], where);
  assert.deepEqual(await small(page), [], where);
  const [width, scroll] = await page.evaluate(() => [
    document.documentElement.clientWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.ok(scroll <= width, `${where} scrolls sideways: ${scroll} over ${width}`);
}

for (const [size, device] of Object.entries({ 390: PHONE, 1280: LAPTOP })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`join, group and wall at ${size}, ${colorScheme}`, async () => {
      const { codes } = await stage.server.open(`Voor iedereen ${size} ${colorScheme}`);
      const an = await stage.person("An", device, { colorScheme });
      const { page } = an;
      await page.goto(`${an.line.origin}/`);
      await page.getByLabel("Code van de bijeenkomst").waitFor();
      await fine(page, "home");
      await page.goto(`${an.line.origin}/j/${codes.participant}`);
      await page.getByLabel("Hoe heet je?").waitFor();
      await fine(page, "join");
      await page.getByRole("button", { name: "Doe mee" }).click();
      await page.getByText("Vul je naam in.").waitFor();
      await fine(page, "join with a fault");
      await page.getByLabel("Hoe heet je?").fill("An");
      await page.getByRole("button", { name: "Doe mee" }).click();
      await page.getByRole("button", { name: /^Tafel 1/ }).waitFor();
      await fine(page, "choose a group");
      await page.getByRole("button", { name: /^Tafel 1/ }).click();
      await an.composer.waitFor();
      await fine(page, "empty group");
      await an.add("Ga naar de mensen toe");
      await an.add("Drink koffie");
      await an.act("Drink koffie", "Inspringen");
      await an.act("Ga naar de mensen toe", "Kernpunt");
      await page.getByRole("button", { name: "Soort" }).click();
      await fine(page, "group");
      await page.getByRole("button", { name: "Tip", exact: true }).click();
      await an.item("Drink koffie").getByRole("button").click();
      await page.getByRole("dialog").waitFor();
      await fine(page, "sheet");
      await page.getByRole("button", { name: "Bewerk" }).click();
      await page.getByRole("textbox", { name: "Tekst van het inzicht" }).waitFor();
      await fine(page, "editor");
      await page.keyboard.press("Enter");
      await an.act("Drink koffie", "Verwijder");
      await fine(page, "undo");
      await page.getByRole("button", { name: /^Ik/ }).click();
      await page.getByRole("dialog").waitFor();
      await fine(page, "me");
      await page.keyboard.press("Escape");
      an.line.set("cut");
      await an.offline();
      await fine(page, "offline");
      an.line.set("open");
      await page.goto(`${an.line.origin}/muur#${codes.observer}/${codes.participant}`);
      await page.getByText("Ga naar de mensen toe").waitFor();
      await fine(page, "wall");
      assert.deepEqual(an.faults, []);
    });
  }
}

test("keys suffice: join, choose, add, move, edit, and the focus is never lost", async () => {
  const { codes } = await stage.server.open("Zonder muis");
  const an = await stage.person("An", LAPTOP);
  const { page } = an;
  const { keyboard } = page;
  const focus = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      return at?.getAttribute("aria-label") || at?.textContent?.trim() || "";
    });
  const tabTo = (wanted) =>
    until(
      `the focus on ${wanted}`,
      async () => {
        await keyboard.press("Tab");
        return page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
      },
      (text) => text.startsWith(wanted),
    );
  await page.goto(`${an.line.origin}/j/${codes.participant}`);
  await page.getByLabel("Hoe heet je?").focus();
  await keyboard.type("An");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Kies je groep" }).waitFor();
  await tabTo("Tafel 2");
  await keyboard.press("Enter");
  await an.composer.waitFor();
  await an.composer.focus();
  for (const text of ["een", "twee", "drie"]) {
    await keyboard.type(text);
    await keyboard.press("Enter");
    await an.item(text).waitFor();
  }
  assert.equal(await focus(), "Nieuw inzicht", "Enter adds and stays");
  await an.item("drie").getByRole("button").focus();
  await keyboard.press("Alt+ArrowUp");
  await until(
    "moved up",
    () => an.lines(),
    (lines) => lines[1] === "1 drie",
  );
  await keyboard.press("Alt+ArrowRight");
  await until(
    "nested",
    () => an.lines(),
    (lines) => lines[1] === "2 drie",
  );
  await page.getByText("Nu onder: een").waitFor({ state: "attached" });
  await an.item("drie").getByRole("button").focus();
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await keyboard.press("Escape");
  await until("the focus is back", focus, (text) => text.includes("drie"));
  assert.deepEqual(an.faults, []);
});

test("the page speaks the chosen language, and 320 pixels are enough", async () => {
  const { codes } = await stage.server.open("Klein en Frans");
  const an = await stage.person("An", { viewport: { width: 320, height: 640 } });
  const { page } = an;
  await an.join(codes.participant, "Tafel 1");
  await an.add("Een heel lang woord: participatieverantwoordelijkheidsbevoegdheid");
  await fine(page, "320 wide");
  await page.getByRole("button", { name: /^Ik/ }).click();
  await page.getByRole("button", { name: "Français" }).click();
  await page.getByRole("heading", { name: "Vos quatre mots" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "fr");
  await fine(page, "French");
  assert.deepEqual(an.faults, []);
});
