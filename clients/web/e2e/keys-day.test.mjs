// A day without a mouse: come in, add, indent, give dots, go back in time; and what is said of it
// to who does not see it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { LAPTOP, Stage, until } from "./kit.mjs";

const TABS_MAX = 60;

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** Presses Tab, or Shift+Tab, until the focus is on what begins so, and seen. */
async function tabTo(page, words, key = "Tab") {
  const found = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      const label = at.labels?.[0]?.textContent;
      return {
        words: (at.getAttribute("aria-label") || label || at.textContent).trim(),
        seen: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 && box.height > 0,
      };
    });
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    await page.keyboard.press(key);
    if (!(await found()).words.startsWith(words)) continue;
    await until(`the focus on ${words} is seen`, found, ({ seen }) => seen);
    return;
  }
  assert.fail(`${key} never reaches ${words}`);
}

/** Waits until a screen reader is told this. */
const told = (page, words) =>
  until(
    `told: ${words}`,
    () => page.getByRole("status").allTextContents(),
    (all) => all.some((text) => text.includes(words)),
  );

test("X-7: by keys alone, with what is said: join, add, indent, vote, scrub the day", async () => {
  const day = await Day.make(stage, "Zonder muis");
  const themes = await day.questions([
    { text: "Jongeren", questions: [["Kempen", "Hoe bereiken we jongeren?"]] },
    { text: "Vertrouwen", questions: [] },
  ]);
  await day.start("breakout");
  const an = await stage.person("An", LAPTOP);
  const { page } = an;
  const { keyboard } = page;
  await page.goto(`${an.line.origin}/j/${day.codes.participant}`);
  await page.getByLabel("Hoe heet je?").waitFor();
  await tabTo(page, "Hoe heet je?");
  await keyboard.type("An");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Kies je groep" }).waitFor();
  await tabTo(page, "Tafel 2");
  await keyboard.press("Enter");
  await an.composer.waitFor();
  await tabTo(page, "Nieuw inzicht");
  for (const text of ["Begin klein", "Vier wat lukt"]) {
    await keyboard.type(text);
    await keyboard.press("Enter");
    await an.item(text).waitFor();
  }
  await tabTo(page, "Vier wat lukt", "Shift+Tab");
  await keyboard.press("Alt+ArrowRight");
  await told(page, "Nu onder: Begin klein");
  assert.deepEqual(await an.lines(), ["1 Begin klein", "2 Vier wat lukt"]);
  await an.saved();

  const asked = { themes, budget: 3, most_each: 2, choose: 1 };
  const vote = await day.call("/votes", "POST", asked);
  await tabTo(page, "Nu", "Shift+Tab");
  await keyboard.press("Enter");
  await page.getByRole("link", { name: /^Stem op de thema/ }).waitFor();
  await tabTo(page, "Stem op de thema");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Kies de thema’s" }).waitFor();
  await tabTo(page, "Een stip erbij voor Jongeren");
  await keyboard.press("Enter");
  await told(page, "Stip 1 van 2 bij Jongeren. Nog 2 van 3 stippen");
  await keyboard.press("Space");
  await told(page, "Stip 2 van 2 bij Jongeren. Nog 1 van 3 stippen");
  // What can give no more keeps the focus, and gives no more.
  await keyboard.press("Space");
  await tabTo(page, "Een stip erbij voor Vertrouwen");
  await keyboard.press("Enter");
  await told(page, "Stip 1 van 2 bij Vertrouwen");
  await tabTo(page, "Een stip minder voor Jongeren", "Shift+Tab");
  await keyboard.press("Enter");
  await page.locator('[data-vote="arrived"]').waitFor();
  await told(page, "Je stem is aangekomen.");
  await day.call(`/votes/${vote.id}/closed`, "PUT");
  const { votes } = await day.call("/votes", "GET");
  assert.deepEqual(
    themes.map((id) => votes[0].themes.find((theme) => theme.id === id).dots),
    [1, 1],
  );

  await page.goto(`${an.line.origin}/dag`);
  const slider = page.getByRole("slider", { name: "Moment van de dag" });
  await slider.waitFor();
  await tabTo(page, "Moment van de dag");
  const text = () => slider.getAttribute("aria-valuetext");
  await keyboard.press("Home");
  const begin = await until("the begin of the day", text, (now) => /^\d\d:\d\d/.test(now));
  await page.getByText("Vier wat lukt").waitFor({ state: "detached" });
  await keyboard.press("End");
  await page.getByText("Vier wat lukt").waitFor();
  const end = await until("the end of the day", text, (now) => now !== begin);
  assert.match(end, /^\d\d:\d\d, /, "the time is told, and what was done");
  await tabTo(page, "Vorige bijdrage");
  await keyboard.press("Enter");
  await until("an earlier moment", text, (now) => now !== end && /^\d\d:\d\d, /.test(now));
  assert.deepEqual(an.faults, []);
});
