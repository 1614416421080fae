// For everybody: every route in three languages, light and dark, on a phone and a laptop, plain,
// without a line, with something that went wrong, with each of its dialogs.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fine } from "./fine.mjs";
import { resize } from "./kit.mjs";
import { ALL, NEVER, PLACES } from "./places.mjs";
import { Venue } from "./venue.mjs";
import { walk } from "./walk.mjs";

const SOURCE = new URL("../src/", import.meta.url);
const LANGUAGES = ["nl", "fr", "en"];
const KINDS = ["plain", "offline", "error", "dialog"];
const SIZES = { 360: { width: 360, height: 740 }, 1280: { width: 1280, height: 800 } };
const LOOKS = ["light 360", "dark 1280", "dark 360", "light 1280"];

let venue;
before(async () => {
  venue = await Venue.set();
});
after(() => venue?.strike());

const source = (path) => readFileSync(new URL(path, SOURCE), "utf8");

test("no route is left out, nor any of its states without a reason", () => {
  const routes = [...source("pages.ts").matchAll(/\["(\/[^"]*)", \(\) => import/g)].map(
    ([, path]) => path,
  );
  assert.ok(routes.length > 0);
  assert.deepEqual(Object.keys(PLACES).sort(), [...routes, "/", "/j", "/nergens"].sort());
  for (const route of Object.keys(PLACES)) {
    const shown = new Set(ALL.filter((place) => place.route === route).map(({ kind }) => kind));
    for (const kind of KINDS) {
      assert.notEqual(shown.has(kind), kind in (NEVER[route] ?? {}), `${kind} at ${route}`);
    }
  }
});

test("no dialog is left out", () => {
  const files = readdirSync(SOURCE, { recursive: true }).filter((path) => path.endsWith(".svelte"));
  const dialogs = files
    .filter((path) => /<(Dialog|dialog)\b/.test(source(path)))
    .map((path) => path.replace(/^.*\/|\.svelte$/g, ""))
    .filter((name) => name !== "Dialog");
  const shown = ALL.map(({ shows }) => shows).filter((name) => name !== undefined);
  assert.deepEqual([...new Set(shown)].sort(), dialogs.sort());
});

for (const language of LANGUAGES) {
  test(`every place in ${language}`, async () => {
    const wrong = await walk(venue, ALL, [language], async ({ page }, place) => {
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      for (const look of LOOKS) {
        const [colorScheme, size] = look.split(" ");
        await page.emulateMedia({ colorScheme });
        await resize(page, SIZES[size]);
        // What is drawn otherwise on a larger screen may have to come first.
        await page.locator("h1").first().waitFor({ state: "attached" });
        await fine(page, `${place.name}, ${language}, ${look}`);
      }
    });
    assert.deepEqual(wrong, []);
    assert.deepEqual(await venue.faults(), []);
  });
}
