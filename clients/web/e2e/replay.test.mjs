// The day again: a moment reads on screen as its room saw it, at once, and has a link.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Day } from "./day.mjs";
import { LAPTOP, PHONE, Stage, until } from "./kit.mjs";
import { seeks } from "./seeks.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** Every insight on the page, by group, as it is drawn. */
const drawn = (page, within) =>
  page.evaluate((root) => {
    const sections = [...document.querySelectorAll(`${root} section[data-group]`)];
    return sections.map((section) => [
      section.querySelector("h2").textContent.trim(),
      [...section.querySelectorAll("[data-insight]")].map((each) =>
        each.querySelector("p, button").textContent.trim(),
      ),
    ]);
  }, within);

const at = (page, seq) => page.locator(`.wall[data-seq="${seq}"]`).waitFor();

test("002-26: each moment of the day reads as it was seen live", async () => {
  const day = await Day.make(stage, "Opnieuw");
  const people = [];
  for (const [group, name] of ["Chris", "Dina", "Els"].entries()) {
    people.push(await day.join(name, group));
  }
  const an = await stage.person("An", LAPTOP);
  await an.join(day.codes.participant, "Tafel 1");
  const live = await an.tab();
  await live.page.goto(`${an.line.origin}/muur`);
  await live.page.getByText("0 inzichten").waitFor();

  // What the wall showed live, at an event of the day each time.
  const seen = [];
  const moment = async (count) => {
    await live.page
      .getByText(count === 1 ? "1 inzicht" : `${count} inzichten`, { exact: true })
      .waitFor();
    const { seq } = await day.call("/wall", "GET");
    seen.push({ seq, groups: await drawn(live.page, ".columns") });
  };
  await day.start("breakout");
  await an.add("Ga naar de mensen toe");
  await moment(1);
  await day.harvest(people[1], 1, ["Wat doet een bestuur?", "- Niets beloven"]);
  await moment(3);
  await an.add("Drink koffie");
  await an.act("Drink koffie", "Inspringen");
  await an.saved();
  await moment(4);
  await day.start("plenary");
  await an.act("Ga naar de mensen toe", "Verwijder");
  await an.saved();
  await until(
    "the removal is on the wall",
    () => drawn(live.page, ".columns"),
    ([[, first]]) => first.length === 1,
  );
  await moment(3);
  assert.equal(new Set(seen.map(({ groups }) => JSON.stringify(groups))).size, 4);

  const { page } = live;
  await page.goto(`${an.line.origin}/dag`);
  await at(page, (await day.call("/wall", "GET")).seq);
  assert.deepEqual(await drawn(page, ".wall"), seen.at(-1).groups, "it opens at the end");
  for (const { seq, groups } of [...seen].reverse()) {
    await page.goto(`${an.line.origin}/dag/${seq}`);
    await at(page, seq);
    assert.deepEqual(await drawn(page, ".wall"), groups, `at ${seq}`);
  }

  // The slider over the whole day, in steps that no cache foresaw.
  await seeks(page, [0.9, 0.1, 0.5, 0.3, 0.7, 0.2, 0.6, 1, 0]);
  assert.equal((await drawn(page, ".wall")).flatMap(([, insights]) => insights).length, 0);
  assert.deepEqual([...an.faults, ...live.faults], []);
});

test("chapters, steps, play and an insight's own life", async () => {
  const day = await Day.make(stage, "Stappen");
  const an = await stage.person("An", LAPTOP);
  await an.join(day.codes.participant, "Tafel 1");
  await day.start("breakout");
  await an.add("Begin klein");
  await an.act("Begin klein", "Kernpunt");
  await an.saved();
  await day.start("plenary");
  const { page } = an;
  await page.goto(`${an.line.origin}/dag`);
  await page.getByRole("button", { name: "Begin klein" }).waitFor();

  const chapters = page.getByRole("list", { name: "Onderdelen van de dag" });
  await chapters.getByRole("button", { name: /In groepen aan de slag/ }).click();
  await page.getByRole("button", { name: "Begin klein" }).waitFor({ state: "detached" });
  const slider = page.getByRole("slider", { name: "Moment van de dag" });
  const text = () => slider.getAttribute("aria-valuetext");
  await until("the chapter is told", text, (told) =>
    /^\d\d:\d\d, .*: onderdeel gestart$/.test(told),
  );
  const next = page.getByRole("button", { name: "Volgende bijdrage" });
  await next.click();
  await until("the next contribution", text, (told) =>
    /^\d\d:\d\d, An: inzicht erbij · Tafel 1$/.test(told),
  );
  await page.getByRole("button", { name: "Begin klein" }).waitFor();
  await page.getByRole("button", { name: "Vorige bijdrage" }).click();
  await page.getByRole("button", { name: "Begin klein" }).waitFor({ state: "detached" });

  await slider.focus();
  await page.keyboard.press("End");
  await page.getByRole("button", { name: "Begin klein" }).waitFor();
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Begin klein" }).waitFor({ state: "detached" });
  await page.getByLabel("Snelheid").selectOption("600×");
  await page.getByRole("button", { name: "Speel af" }).click();
  await page.getByRole("button", { name: "Begin klein" }).waitFor();
  await page.getByRole("button", { name: "Speel af" }).waitFor();

  await page.getByRole("button", { name: "Begin klein" }).click();
  const life = page.getByRole("dialog", { name: "Hoe dit inzicht groeide" });
  await life.getByText(/An: inzicht erbij/).waitFor();
  await life.getByText(/An: kernpunt gekozen/).waitFor();
  await life.getByRole("button", { name: /^Toon/ }).first().click();
  await life.waitFor({ state: "detached" });
  const mark = page.locator("[data-insight]", { hasText: "Begin klein" }).getByText("Kernpunt");
  await mark.waitFor({ state: "detached" });
  // The address of the moment before stands there until this one has rested.
  const wall = page.locator(".wall[data-seq]");
  await until(
    "the link is the moment's",
    async () => [page.url(), await wall.getAttribute("data-seq")],
    ([url, seq]) => url.endsWith(`/dag/${seq}`),
  );
  await page.reload();
  await page.getByRole("button", { name: "Begin klein" }).waitFor();
  assert.equal(await mark.count(), 0, "the link leads to the same moment");
  await page.getByText("Dezelfde cijfers als tabel").click();
  await page.getByRole("columnheader", { name: "Tafel 1" }).waitFor();
  assert.deepEqual(an.faults, []);
});

test("without a line the replay says so, and goes on once there is one", async () => {
  const day = await Day.make(stage, "Zonder lijn");
  const chris = await day.join("Chris", 1);
  // Long enough that not every moment is fetched ahead.
  for (let count = 1; count <= 12; count += 1) await day.harvest(chris, 1, [`Inzicht ${count}`]);
  const an = await stage.person("An", PHONE);
  await an.join(day.codes.participant, "Tafel 1");
  await an.add("Nog te zien");
  await an.saved();
  const { page } = an;
  await page.goto(`${an.line.origin}/dag`);
  await page.getByRole("button", { name: "Nog te zien" }).waitFor();
  an.line.set("cut");
  await an.offline();
  const failed = page.getByRole("alert").getByText("Dit moment kon niet komen.");
  await until("a moment that was not fetched yet", async () => {
    await page.getByRole("slider").press("ArrowLeft");
    return failed.isVisible();
  });
  an.line.set("open");
  // By the button, or by itself as the line comes back: whichever is first.
  const again = page.getByRole("button", { name: "Probeer opnieuw" });
  await until("the moment is there", async () => {
    if (await again.isVisible()) await again.click({ timeout: 1_000 }).catch(() => {});
    return (await failed.count()) === 0;
  });
  assert.deepEqual(an.faults, []);
});
