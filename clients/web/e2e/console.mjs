// The facilitator's console as tests use it: the way in, its parts, and the buttons that ask first.
import { LAPTOP } from "./kit.mjs";

/** The console's part with this name, from the menu beside. */
export async function part(page, name, heading = name) {
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
}

/** Presses the button that asks first, and says yes. */
export async function surely(page, button, yes) {
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("dialog").getByRole("button", { name: yes }).click();
}

/** A facilitator with the day's own code. */
export async function conducts(stage, day, who = stage.person("Mieke", LAPTOP)) {
  const mieke = await who;
  const { page } = mieke;
  await page.goto(`${mieke.line.origin}/regie`);
  await page.getByLabel("Code voor begeleiders").fill(day.codes.facilitator);
  await page.getByLabel("Hoe heet je?").fill("Mieke");
  await page.getByRole("button", { name: "Naar de regie" }).click();
  await page.getByRole("heading", { name: "De dag", level: 1 }).waitFor();
  return mieke;
}
