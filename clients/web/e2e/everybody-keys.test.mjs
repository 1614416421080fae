// By keys, on every route and in every dialog, on a phone and a laptop: Tab meets all that can be
// pressed, in the order in which one reads, each seen, none covered, nowhere caught; and whoever
// closes a dialog is back where they were.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tabThrough } from "./focus.mjs";
import { resize, until } from "./kit.mjs";
import { ALL } from "./places.mjs";
import { Venue } from "./venue.mjs";
import { walk } from "./walk.mjs";

const SIZES = { 360: { width: 360, height: 740 }, 1280: { width: 1280, height: 800 } };

let venue;
before(async () => {
  venue = await Venue.set();
});
after(() => venue?.strike());

test("Tab follows what one sees, everywhere", async () => {
  const places = ALL.filter(({ kind, cut }) => (kind === "plain" || kind === "dialog") && !cut);
  const wrong = [];
  const failed = await walk(venue, places, ["nl"], async ({ page }, { name }) => {
    for (const [width, size] of Object.entries(SIZES)) {
      await resize(page, size);
      await page.locator("h1").first().waitFor({ state: "attached" });
      for (const each of await tabThrough(page, name)) wrong.push(`${name}, ${width}: ${each}`);
    }
  });
  assert.deepEqual([...failed, ...wrong], []);
});

test("a dialog gives the focus back to what opened it", async () => {
  const dialogs = ALL.filter(({ kind, cut }) => kind === "dialog" && !cut);
  const failed = await walk(venue, dialogs, ["fr"], async ({ page }, { opener }) => {
    const inside = () =>
      page.evaluate(() => document.querySelector("dialog").contains(document.activeElement));
    assert.ok(await inside(), "the focus goes into the dialog");
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await until("the focus is back at what opened it", () =>
      page.evaluate((from) => document.activeElement === document.querySelector(from), opener),
    );
  });
  assert.deepEqual(failed, []);
  assert.deepEqual(await venue.faults(), []);
});
