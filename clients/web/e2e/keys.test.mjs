// Without a mouse: every action is reached by keys, and the focus is seen and never lost.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LAPTOP, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** What has the focus: its words, and whether one sees it. */
const focus = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    const box = at.getBoundingClientRect();
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    const sees = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    const inSight = box.top >= 0 && box.bottom <= innerHeight + 1 && box.height > 0;
    const words = at.getAttribute("aria-label") || at.textContent?.trim() || "";
    return { words: at === document.body ? "" : words, seen: sees && inSight };
  });

/** Waits for the focus on what begins with these words, and that it is seen. */
async function at(page, words) {
  await until(
    `the focus on ${words}`,
    () => focus(page),
    (now) => now.words.startsWith(words) && now.seen,
  );
}

/** Presses Tab, or Shift+Tab, until the focus is there. */
async function tabTo(page, words, key = "Tab") {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key);
    if ((await focus(page)).words.startsWith(words)) return at(page, words);
  }
  return assert.fail(`${key} never reaches ${words}`);
}

const lines = (an, wanted) =>
  until(
    wanted.join(", "),
    () => an.lines(),
    (found) => JSON.stringify(found) === JSON.stringify(wanted),
  );

test("by keys alone: join, choose, add, nest, edit, remove, restore", async () => {
  const { codes } = await stage.server.open("Zonder muis");
  const an = await stage.person("An", LAPTOP);
  const { page } = an;
  const { keyboard } = page;
  const press = (key) => keyboard.press(key);

  await page.goto(`${an.line.origin}/j/${codes.participant}`);
  await page.getByLabel("Hoe heet je?").waitFor();
  await tabTo(page, "Andere code");
  await press("Tab");
  await keyboard.type("An");
  await press("Enter");
  await page.getByRole("heading", { name: "Kies je groep" }).waitFor();
  await tabTo(page, "Tafel 2");
  await press("Enter");
  await an.composer.waitFor();
  await tabTo(page, "Nieuw inzicht");
  for (const text of ["een", "twee", "drie"]) {
    await keyboard.type(text);
    await press("Enter");
    await an.item(text).waitFor();
  }
  await at(page, "Nieuw inzicht");

  // Arrows with Alt move the insight, and the focus goes along.
  await tabTo(page, "drie", "Shift+Tab");
  await press("Alt+ArrowUp");
  await lines(an, ["1 een", "1 drie", "1 twee"]);
  await at(page, "drie");
  await press("Alt+ArrowRight");
  await lines(an, ["1 een", "2 drie", "1 twee"]);
  await page.getByText("Nu onder: een").waitFor({ state: "attached" });
  await at(page, "drie");
  await press("Alt+ArrowLeft");
  await lines(an, ["1 een", "1 drie", "1 twee"]);
  await at(page, "drie");

  // In the sheet, an action that can go no further keeps the focus.
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(page, "Omhoog");
  await press("Enter");
  await lines(an, ["1 drie", "1 een", "1 twee"]);
  await at(page, "Omhoog");
  // Nimble fingers: it opens again in the very moment in which it closed.
  await Promise.all([press("Escape"), press("Enter")]);
  await page.getByRole("dialog").waitFor();
  await tabTo(page, "Bewerk");
  await press("Enter");
  await at(page, "Tekst van het inzicht");
  await keyboard.type(" en meer");
  await press("Enter");
  await at(page, "drie en meer");

  // A kind that is not among the first, and a place under another insight.
  await tabTo(page, "Soort");
  await press("Enter");
  await tabTo(page, "Meer", "Shift+Tab");
  await press("Enter");
  await at(page, "Hulpmiddel");
  await press("Enter");
  await at(page, "Nieuw inzicht");
  await tabTo(page, "Onder", "Shift+Tab");
  await press("Enter");
  await tabTo(page, "Bovenaan", "Shift+Tab");
  await press("Enter");
  await at(page, "Nieuw inzicht");

  // Removing leaves the focus beside it, and the way back leads to it.
  await tabTo(page, "een", "Shift+Tab");
  await press("Enter");
  await tabTo(page, "Verwijder");
  await press("Enter");
  await lines(an, ["1 drie en meer", "1 twee"]);
  await at(page, "twee");
  await tabTo(page, "Verwijderd (1)");
  await press("Enter");
  await tabTo(page, "Zet terug");
  await press("Enter");
  await lines(an, ["1 drie en meer", "1 een", "1 twee"]);
  await at(page, "een");
  await press("Enter");
  await tabTo(page, "Verwijder");
  await press("Enter");
  await at(page, "twee");
  await tabTo(page, "Ongedaan maken");
  await press("Enter");
  await at(page, "een");

  await tabTo(page, "Ik: An", "Shift+Tab");
  await press("Enter");
  const title = page.getByRole("heading", { name: "An", exact: true });
  await until("the focus goes to the new page", () =>
    title.evaluate((each) => each === document.activeElement),
  );
  assert.deepEqual(an.faults, []);
});
