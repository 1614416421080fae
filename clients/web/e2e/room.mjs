// A room on its day: what each device is pressed to do, through real screens alone.
import { DEADLINE_MS, LAPTOP, OPERATOR_KEY, PHONE, until } from "./kit.mjs";

export const PROJECTOR = { viewport: { width: 1920, height: 1080 }, reducedMotion: "reduce" };

/** A part of the console, from the menu beside. */
export async function part({ page }, name, heading = name) {
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
}

/** Presses the button that asks first, and says yes. */
export async function surely({ page }, button, yes) {
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: yes }).click();
}

/** The facilitator starts a block of the programme. */
export async function start(conductor, title) {
  await part(conductor, "De dag");
  await conductor.page.getByRole("button", { name: `Start ${title}`, exact: true }).click();
  await conductor.page.locator("#now").getByText(title).waitFor();
}

/** The operator opens a day from its template and goes on as its facilitator; gives what the
 * screen shows once: the code, and the wall's link. */
export async function opened(stage, kind, title, name) {
  const conductor = await stage.person(name, LAPTOP);
  const { page } = conductor;
  await page.goto(`${conductor.line.origin}/#key=${OPERATOR_KEY}`);
  await page.getByLabel("Titel van de bijeenkomst").fill(title);
  await page.getByRole("radio", { name: new RegExp(`^${kind}`) }).check();
  await page.getByRole("button", { name: "Open de bijeenkomst" }).click();
  const code = await page.locator(".big.code").textContent();
  const link = await page.getByRole("link", { name: "Open de oogstmuur" }).getAttribute("href");
  await page.getByLabel("Jouw naam").fill(name);
  await page.getByRole("button", { name: "Naar de regie" }).click();
  await page.getByRole("heading", { name: "De dag", level: 1 }).waitFor();
  return { conductor, code, wall: new URL(link).hash };
}

/** Somebody scans the code and says who they are. */
export async function scans(stage, name, code, { device = PHONE, region, shared = [] } = {}) {
  const person = await stage.person(name, device);
  const { page } = person;
  await page.goto(`${person.line.origin}/j/${code}`);
  await page.getByLabel("Hoe heet je?").fill(name);
  if (region !== undefined) await page.getByLabel(/^Regio/).fill(region);
  for (const [at, other] of shared.entries()) {
    if (at === 0) await page.getByRole("button", { name: "Wij delen dit toestel" }).click();
    await page.getByLabel(`Naam ${at + 2}`).fill(other);
  }
  await page.getByRole("button", { name: "Doe mee" }).click();
  return person;
}

/** The table at which one sits in the morning. */
export async function sits(person, table) {
  await person.page.getByRole("button", { name: new RegExp(`^${table}`) }).click();
  await person.composer.waitFor();
}

export const tab = ({ page }, name) => page.getByRole("link", { name, exact: true }).click();

/** From wherever one is to one of the things on Nu. */
export async function toDo(person, name) {
  await tab(person, "Nu");
  await person.page.getByRole("link", { name }).click();
}

export async function asks(person, text) {
  await person.page.getByRole("textbox", { name: /^Welke vraag/ }).fill(text);
  await person.page.getByRole("button", { name: "Zet erbij" }).click();
  await person.page.locator("[data-question]").filter({ hasText: text }).waitFor();
}

/** The facilitator puts questions under a theme. */
export async function clusters({ page }, theme, questions) {
  for (const text of questions) await page.getByLabel(text).check();
  await page.getByLabel("Welk thema?").selectOption({ label: theme });
  await page.getByRole("button", { name: "Zet bij thema" }).click();
  const heading = page.getByRole("heading", { name: theme, exact: true });
  const card = page.locator("[data-theme]").filter({ has: heading });
  for (const text of questions) await card.getByText(text).waitFor();
}

/** Gives dots by theme, on the vote's page. */
export async function gives({ page }, dots) {
  for (const [theme, count] of Object.entries(dots)) {
    const more = page.getByRole("button", { name: `Een stip erbij voor ${theme}` });
    for (let dot = 0; dot < count; dot += 1) await more.click();
  }
  await page.locator('[data-left="0"]').waitFor();
}

/** The facilitator gives somebody a place in a round's group. */
export async function seats({ page }, round, name, group) {
  const card = page.locator("[data-round]").filter({ hasText: round });
  await card.getByRole("button", { name: `Kies een groep voor ${name}` }).click();
  const choice = page.getByRole("dialog").getByRole("button", { name: new RegExp(`^${group}`) });
  await choice.click();
  const seat = card.locator("[data-seat-group]").filter({ hasText: group });
  await seat.getByRole("button", { name: `Kies een groep voor ${name}` }).waitFor();
}

/** Writes at the end of an insight's text. */
export async function writesOn(person, text, more) {
  await person.act(text, "Bewerk");
  const field = person.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await field.press("Control+End");
  await field.pressSequentially(more);
  await field.press("Enter");
  await person.item(`${text}${more}`).waitFor();
}

/** Waits until all of them draw the same insights, so many, and gives these. */
export async function agree(people, count) {
  const [first] = await until(
    `${people.map(({ name }) => name).join(", ")} see the same ${count}`,
    () => Promise.all(people.map((person) => person.lines())),
    (all) => all.every((lines) => lines.length === count && lines.join("\n") === all[0].join("\n")),
  );
  return first;
}

/** A scene of the projector. */
export const scene = ({ page }, name) =>
  page.locator(`[data-scene="${name}"]`).waitFor({ timeout: DEADLINE_MS });

/** Every insight that a wall or a replay draws, by group. */
export const drawn = (page, within) =>
  page.evaluate(
    (root) =>
      [...document.querySelectorAll(`${root} section[data-group]`)].map((section) => [
        section.querySelector("h2").textContent.trim(),
        [...section.querySelectorAll("[data-insight]")].map((each) =>
          each.querySelector("p, button").textContent.trim(),
        ),
      ]),
    within,
  );
