// For who enlarges: 200 percent on a laptop, letters of twice their size on a phone, 320 pixels; in
// the system's own colours; and without motion.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fine } from "./fine.mjs";
import { drawn, resize, until } from "./kit.mjs";
import { ALL } from "./places.mjs";
import { go, Venue } from "./venue.mjs";
import { walk } from "./walk.mjs";
import { unread } from "./whole.mjs";

/** A laptop of 1280 by 800 at 200 percent, and what else enlarges. */
const ROOMS = {
  "200 percent": { size: { width: 640, height: 400 }, letters: "" },
  "letters of 200 percent": { size: { width: 390, height: 844 }, letters: "200%" },
  "320 pixels": { size: { width: 320, height: 640 }, letters: "" },
};

let venue;
before(async () => {
  venue = await Venue.set({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
});
after(() => venue?.strike());

test("however little room there is, all can be read", async () => {
  const places = ALL.filter(({ kind, cut }) => (kind === "plain" || kind === "dialog") && !cut);
  const wrong = [];
  const failed = await walk(venue, places, ["fr"], async ({ page }, { name }) => {
    for (const [room, { size, letters }] of Object.entries(ROOMS)) {
      await resize(page, size);
      await page.evaluate((fontSize) => {
        document.documentElement.style.fontSize = fontSize;
      }, letters);
      await drawn(page);
      await page.locator("h1").first().waitFor({ state: "attached" });
      const [width, scroll] = await page.evaluate(() => [
        document.documentElement.clientWidth,
        document.documentElement.scrollWidth,
      ]);
      if (scroll > width) wrong.push(`${name}, ${room}: scrolls sideways, ${scroll} over ${width}`);
      for (const each of await unread(page)) wrong.push(`${name}, ${room}: ${each}`);
    }
    // As it was: the way to the next place is pressed by hand.
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "";
    });
  });
  assert.deepEqual([...failed, ...wrong], []);
});

test("where there is little height the composer is part of the page", async () => {
  const { page } = await venue.person("an");
  const docked = () =>
    page.evaluate(() => {
      const { scrollHeight, clientHeight } = document.documentElement;
      return scrollHeight <= clientHeight + 1;
    });
  await resize(page, { width: 640, height: 400 });
  await go(page, "/groep", "form.composer");
  assert.equal(await docked(), false, "it scrolls with the page");
  await resize(page, { width: 390, height: 844 });
  assert.equal(await docked(), true, "it stays under the thumb");
  // A phone whose keyboard is open.
  await resize(page, { width: 390, height: 440 });
  assert.equal(await docked(), true, "it stays above the keyboard");
});

test("in the system's own colours what is chosen is told apart", async () => {
  const places = ALL.filter(({ kind, cut }) => (kind === "plain" || kind === "dialog") && !cut);
  const wrong = [];
  const failed = await walk(venue, places, ["nl"], async ({ page }, place) => {
    await resize(page, { width: 1280, height: 800 });
    await page.emulateMedia({ forcedColors: "active" });
    for (const each of await alike(page)) wrong.push(`${place.name}: ${each}`);
    if (place.stands) await fine(page, `${place.name}, forced colours`);
    await page.emulateMedia({ forcedColors: "none" });
  });
  assert.deepEqual([...failed, ...wrong], []);
});

/** What is chosen, or not, and looks as what is beside it. */
const alike = (page) =>
  page.evaluate(() => {
    const looks = (each) => {
      const { outline, border, textDecorationLine, backgroundColor, color } =
        getComputedStyle(each);
      return JSON.stringify([outline, border, textDecorationLine, backgroundColor, color]);
    };
    const chosen = [...document.querySelectorAll("[aria-pressed=true], [aria-current]")];
    return chosen
      .filter((each) => each.checkVisibility() && !each.matches(":focus"))
      .filter((each) => {
        const group = each.closest("ul, ol, [role=group], fieldset, .actions") ?? document;
        const others = [...group.querySelectorAll(each.localName)].filter(
          (other) =>
            other !== each &&
            other.getAttribute("aria-pressed") !== "true" &&
            !other.hasAttribute("aria-current"),
        );
        return others.some((other) => looks(other) === looks(each));
      })
      .map((each) => `${each.localName} ${each.textContent.trim().slice(0, 40)}`);
  });

test("who asked for less motion gets none", async () => {
  const an = await venue.person("an");
  const { page } = an;
  await resize(page, { width: 1280, height: 800 });
  const moves = async (text) => {
    await page.evaluate(() => {
      window.seenMotions = [];
      const note = ({ target }) => {
        const { animationDuration, transitionDuration } = getComputedStyle(target);
        window.seenMotions.push(animationDuration, transitionDuration);
      };
      document.addEventListener("animationstart", note);
      document.addEventListener("transitionrun", note);
    });
    await an.composer.or(page.locator("form.composer textarea")).first().fill(text);
    await page.keyboard.press("Enter");
    await an.item(text).waitFor();
    await drawn(page);
    return async () => {
      const seen = await page.evaluate(() => window.seenMotions);
      return Math.max(0, ...seen.map((each) => Number.parseFloat(each)));
    };
  };
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await go(page, "/groep", "form.composer");
  const softly = await moves("Het komt zacht in beeld");
  await until("otherwise it moves", softly, (seconds) => seconds > 0.1);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const atOnce = await moves("Het staat er meteen");
  assert.ok((await atOnce()) < 0.001);
});
