// How somebody comes to a place of the client: by a path, by a load, by what they press there.
import { OPERATOR_KEY } from "./kit.mjs";
import { go } from "./venue.mjs";

export const HOME = "form.card #name";
export const HARVEST = "form.composer";
export const ROW = "[data-item] > button";
export const ALERT = "[role=alert]";

/** A page of the app that is there at once: `[path, what stands there]`. */
export const at = (path, ready) => (person) => go(person.page, pathOf(path, person), ready);
const pathOf = (path, person) => (typeof path === "function" ? path(person) : path);
export const mapOf = ({ day }) => `/groep/${day.map.id}`;

/** The same, and one thing pressed there. */
export const pressed = (path, ready, button, shows) => async (person) => {
  await at(path, ready)(person);
  await person.page.locator(button).first().click();
  await person.page.locator(shows).first().waitFor();
};

/** A page that is opened afresh. */
export const load = (path, ready) => async (person) => {
  // From elsewhere: what follows a # alone would not be a load.
  await person.page.goto("about:blank");
  await person.page.goto(`${person.line.origin}${pathOf(path, person)}`);
  await person.page.locator(ready).first().waitFor();
};

/** A dialog, opened by its button. */
export const dialog = (path, ready, opener, more = {}) => ({
  kind: "dialog",
  opener,
  come: async (person, venue) => {
    await at(path, ready)(person);
    await more.before?.(person, venue);
    const button = person.page.locator(opener).first();
    await button.focus();
    await button.press("Enter");
    await person.page.locator("dialog[open]").waitFor();
    await more.inside?.(person);
  },
});

export const joinPath = ({ day }) => `/j/${day.codes.participant}`;
const guestPath = ({ day }) => `/j/${day.codes.guest}`;

export async function tries({ page }) {
  await page.locator("form.card button[type=submit]").click();
  await page.locator(ALERT).waitFor();
}

export async function waits(person) {
  await load(guestPath(person), `${HOME}, .waiting`)(person);
  if (await person.page.locator(".waiting").isVisible()) return;
  await person.page.locator("#name").fill("Gina");
  await person.page.locator("#name").press("Enter");
  await person.page.locator(".waiting").waitFor();
}

export const operates = load(`/#key=${OPERATOR_KEY}`, "form #title");

/** Its piece of the app does not come. */
export const unfetched = (path) => async (person) => {
  const { page } = person;
  await page.route(/StatementPage.*\.js/, (route) => route.abort());
  await load(path, ALERT)(person);
};
export const fetched = ({ page }) => page.unroute(/StatementPage.*\.js/);

export const console_ = (part) => [`/regie/${part}`, "[data-part] h1"];
const NOTICE = ".notice button[aria-haspopup=dialog]";
export const noticed = (path) => ({ kind: "error", who: "refused", come: at(path, NOTICE) });
export const again = (path) => ({
  ...dialog(path, NOTICE, NOTICE),
  who: "refused",
  shows: "BeginAgain",
});
