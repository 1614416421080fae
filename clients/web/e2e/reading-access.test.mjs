// Wall, replay and report for everybody: in three languages, light and dark, small and large.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { fine } from "./fine.mjs";
import { Stage, until } from "./kit.mjs";

const SIZES = { 360: { width: 360, height: 740 }, 1280: { width: 1280, height: 800 } };
const SCENES = ["arrival", "who", "regions", "vote", "reveal", "breakout", "plenary", "overview"];
/** What a room reads from the back: WCAG's own level for enhanced contrast. */
const CONTRAST = 7;

let stage;
let day;
before(async () => {
  stage = await Stage.set();
  day = await Day.make(stage, "Voor iedereen, op de muur");
  const bo = await day.join("Bo Van den Broeck", 1);
  const chris = await day.join("Chris", 2);
  await day.write("introductions", [[["cards", bo.id], { on_my_plate: "Veel" }]], bo.token);
  const themes = await day.questions([
    { text: "Wie missen we?", questions: [["Kempen", "Wie komt er nooit?"]] },
    { text: "Terugkoppelen", questions: [["Limburg", "Hoe zeggen we nee?"]] },
  ]);
  const vote = await day.call("/votes", "POST", { themes, budget: 2, choose: 1 });
  await day.call(`/votes/${vote.id}/ballot`, "PUT", { dots: { [themes[0]]: 2 } }, bo.token);
  await day.call(`/votes/${vote.id}/closed`, "PUT");
  await day.call(`/votes/${vote.id}/selection`, "PUT", { themes: [themes[0]] });
  await day.call(`/votes/${vote.id}/shown`, "PUT");
  await day.start("breakout");
  await day.harvest(bo, 1, [
    { text: "Een kernpunt", highlight: true, category: "tip" },
    "- Eronder, met een woord als participatieverantwoordelijkheidsbevoegdheid",
  ]);
  await day.harvest(chris, 2, [{ text: "Une idée en français", language: "fr" }]);
  await day.start("plenary");
});
after(() => stage?.strike());

/** Somebody who is in, without the screens that others test. */
async function somebody(language, viewport, colorScheme) {
  const person = await stage.person("An", { viewport }, { colorScheme });
  await person.join(day.codes.participant, "Tafel 1");
  await person.page.evaluate((chosen) => localStorage.setItem("oogst.language", chosen), language);
  return person;
}

/** Texts of the page whose contrast with their ground is less than wanted. */
const pale = (page, least) =>
  page.evaluate((wanted) => {
    const light = (colour) => {
      const parts = colour
        .match(/[\d.]+/g)
        .slice(0, 3)
        .map(Number);
      const [r, g, b] = parts.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
      for (let each = element; each !== null; each = each.parentElement) {
        const { backgroundColor } = getComputedStyle(each);
        if (!/^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor)) return backgroundColor;
      }
      return "rgb(255, 255, 255)";
    };
    return [...document.querySelectorAll(".scene *, .corner *")]
      .filter((each) => each.closest(".aside-for-ears") === null)
      .filter((each) =>
        [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()),
      )
      .map((each) => {
        const [a, b] = [light(getComputedStyle(each).color), light(ground(each))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        return { text: each.textContent.trim(), contrast };
      })
      .filter(({ contrast }) => contrast < wanted);
  }, least);

for (const language of ["nl", "fr", "en"]) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`wall, replay and report in ${language} at ${size}, ${colorScheme}`, async () => {
        const an = await somebody(language, viewport, colorScheme);
        const { page } = an;
        const where = `${language} ${size} ${colorScheme}`;
        await page.goto(`${an.line.origin}/muur`);
        await page.getByText("Een kernpunt").waitFor();
        assert.equal(await page.evaluate(() => document.documentElement.lang), language);
        await fine(page, `wall ${where}`);
        await page.goto(`${an.line.origin}/dag`);
        await page.getByRole("button", { name: "Een kernpunt" }).waitFor();
        await page.locator("summary").click();
        await fine(page, `replay ${where}`);
        await page.getByRole("button", { name: "Een kernpunt" }).click();
        await page.getByRole("dialog").locator("li").first().waitFor();
        await fine(page, `life ${where}`);
        await page.keyboard.press("Escape");
        await page.goto(`${an.line.origin}/verslag`);
        await page.getByRole("link", { name: /Eronder/ }).waitFor();
        await fine(page, `report ${where}`);
        assert.deepEqual(an.faults, []);
      });
    }
  }

  test(`every scene of the projector in ${language}, light and clear`, async () => {
    const viewport = { width: 1920, height: 1080 };
    const more = { colorScheme: "dark", reducedMotion: "reduce" };
    const wall = await stage.person("Muur", { viewport }, more);
    const { page } = wall;
    const hash = `#${day.codes.observer}/${day.codes.participant}`;
    await page.goto(`${wall.line.origin}/`);
    await page.evaluate((chosen) => localStorage.setItem("oogst.language", chosen), language);
    for (const scene of SCENES) {
      await page.goto(`${wall.line.origin}/muur?scene=${scene}${hash}`);
      await page.locator(`[data-scene="${scene}"] :is(section, article)`).first().waitFor();
      await fine(page, `${scene} ${language}`);
      assert.deepEqual(await pale(page, CONTRAST), [], `${scene} ${language}`);
      // Nothing of a scene stands outside of the screen.
      const tall = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.ok(tall <= viewport.height, `${scene} is ${tall} high`);
    }
    assert.deepEqual(wall.faults, []);
  });
}

test("errors and a line that is gone are as fine as the rest", async () => {
  const an = await somebody("nl", SIZES[360], "dark");
  const { page } = an;
  await page.goto(`${an.line.origin}/verslag`);
  await page.getByText("Eronder", { exact: false }).first().waitFor();
  an.line.set("cut");
  await an.offline();
  await page.getByRole("button", { name: "Download PDF" }).click();
  await page.getByRole("alert").waitFor();
  await fine(page, "report offline");
  an.line.set("open");
  await page.goto(`${an.line.origin}/dag`);
  await page.getByRole("button", { name: "Een kernpunt" }).waitFor();
  an.line.set("cut");
  await an.offline();
  await page.getByRole("slider").press("Home");
  await page.getByRole("alert").waitFor();
  await fine(page, "replay offline");
  an.line.set("open");
  const stranger = await stage.person("Niemand", { viewport: SIZES[360] });
  await stranger.page.goto(`${stranger.line.origin}/muur`);
  await stranger.page.getByText("Open de muur met de link").waitFor();
  await fine(stranger.page, "a wall for nobody");
  await page.goto(`${an.line.origin}/dag`);
  const slider = page.getByRole("slider");
  await slider.waitFor();
  await until(
    "it is told where one is",
    () => slider.getAttribute("aria-valuetext"),
    (told) => /^\d\d:\d\d, /.test(told ?? ""),
  );
  assert.deepEqual([...an.faults, ...stranger.faults], []);
});
