// A walk through places of the client: who sees them, in which language, with or without a line.
import { Stuck } from "./kit.mjs";
import { go } from "./venue.mjs";

async function cut(person) {
  await go(person.page, "/ik", "#typing");
  person.line.set("cut");
  await person.offline();
}

async function mended(person) {
  person.line.set("open");
  await person.page.evaluate(() => dispatchEvent(new Event("online")));
  await go(person.page, "/ik", "#typing");
  await person.page.locator('[data-save]:not([data-save="offline"])').waitFor();
}

/** Closes what is open over the page. */
export async function shut({ page }) {
  for (const dialog of await page.locator("dialog[open]").all()) {
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }
}

/**
 * Brings everybody to each of their places, in each language, and looks there; gives all that is
 * wrong anywhere.
 */
export async function walk(venue, places, languages, look) {
  const wrong = [];
  const noting = async (what, act) => {
    try {
      await act();
    } catch (error) {
      wrong.push(`${what}: ${error.message}`);
    }
  };
  for (const language of languages) {
    const visit = (person, place) =>
      noting(`${place.name} in ${language}`, async () => {
        const see = async () => {
          await place.come(person, venue);
          await look(person, place, language);
        };
        await see().catch(async (error) => {
          if (!(error instanceof Stuck)) throw error;
          await person.page.reload();
          await see();
        });
        await shut(person);
        await place.leave?.(person);
      });
    for (const who of new Set(places.map((place) => place.who))) {
      await noting(`${who} in ${language}`, async () => {
        const person = await venue.person(who);
        await venue.speak(person, language);
        const own = places.filter((place) => place.who === who);
        for (const place of own.filter((each) => !each.cut)) await visit(person, place);
        const without = own.filter((each) => each.cut);
        if (without.length === 0) return;
        await cut(person);
        for (const place of without) await visit(person, place);
        await mended(person);
      });
    }
  }
  return wrong;
}
