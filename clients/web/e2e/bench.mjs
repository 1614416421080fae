// How long the screens take, in real browsers on this machine: prints a table for
// docs/performance.md. Run by `cargo xtask bench screens`, with a server of the release profile.
import { Day } from "./day.mjs";
import { LAPTOP, PHONE, Stage, until } from "./kit.mjs";
import { seeks } from "./seeks.mjs";
import { joinsAndTypes, SLOW, slow } from "./slow.mjs";

const GROUPS = 5;
const INSIGHTS_A_GROUP = 600;
const JOINS = 7;
const EDITS = 50;
const SEEKS = 60;
const SCROLLS = 120;
/** One screen of a list on a laptop, about, in CSS pixels. */
const SCROLL_PX = 700;

const rows = [];
/** Notes a row: `times` in milliseconds. */
function note(what, times) {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  rows.push([what, sorted.length, ...[at(0.5), at(0.95), sorted.at(-1)].map(Math.round)]);
}

/** A number from 0 to 1 for each step, spread so that no two neighbours are near. */
const spread = (count) => Array.from({ length: count }, (_, at) => (at * 0.618_034) % 1);

/** Each with a browser that has nothing of us yet. */
async function joins(stage) {
  const { codes } = await stage.server.open("Trage lijn");
  const took = [];
  for (let at = 0; at < JOINS; at += 1) {
    const an = await stage.person(`An ${at}`, PHONE);
    await slow(an);
    took.push(await joinsAndTypes(an, codes.participant, "Tafel 1", `Op een trage lijn ${at}`));
    await an.page.context().close();
  }
  const ms = (key) => took.map((each) => each[key] * 1_000);
  note(`scanned -> the form can be filled in (${SLOW})`, ms("usable"));
  note(`scanned -> the first insight is typed (${SLOW})`, ms("typed"));
  note(`scanned -> it stands in the group's list (${SLOW})`, ms("added"));
}

async function edits(stage) {
  const { codes } = await stage.server.open("Samen");
  const an = await stage.person("An", PHONE);
  const bo = await stage.person("Bo", LAPTOP);
  await an.join(codes.participant, "Tafel 1");
  await bo.join(codes.participant, "Tafel 1");
  await bo.page.evaluate(() => {
    window.drawnAt = {};
    const list = new MutationObserver(() => {
      for (const row of document.querySelectorAll("[data-item]")) {
        window.drawnAt[row.textContent.match(/Inzicht \d+/)?.[0]] ??= Date.now();
      }
    });
    list.observe(document.body, { childList: true, subtree: true });
  });
  await an.page.evaluate(() => {
    const enter = ({ key }) => {
      if (key === "Enter") window.enteredAt = Date.now();
    };
    document.addEventListener("keydown", enter, { capture: true });
  });
  const took = [];
  for (let at = 0; at < EDITS; at += 1) {
    const text = `Inzicht ${at}`;
    await an.composer.fill(text);
    await an.composer.press("Enter");
    await bo.item(new RegExp(`${text}\\b`)).waitFor({ state: "attached" });
    const drawn = await bo.page.evaluate((key) => window.drawnAt[key], text);
    took.push(drawn - (await an.page.evaluate(() => window.enteredAt)));
  }
  note("Enter on a phone -> the insight stands on another's laptop", took);
}

async function bigDay(stage) {
  const groups = Array.from({ length: GROUPS }, (_, at) => ({ name: `Tafel ${at + 1}` }));
  const day = await Day.make(stage, "Een volle dag", groups);
  await day.start("breakout");
  for (let group = 0; group < GROUPS; group += 1) {
    const writer = await day.join(`Schrijver ${group + 1}`, group);
    const lines = Array.from(
      { length: INSIGHTS_A_GROUP },
      (_, at) => `${at % 3 === 0 ? "" : "- "}Inzicht ${at}: ${"we leren samen ".repeat(at % 7)}`,
    );
    await day.harvest(writer, group, lines);
  }
  const an = await stage.person("An", LAPTOP);
  await an.join(day.codes.participant, "Tafel 1");
  const { page } = an;
  const all = GROUPS * INSIGHTS_A_GROUP;

  // The wall shows what its writers have let rest: that is not what is measured.
  const rests = ({ settled, children }) => settled && children.every(rests);
  await until("all of it rests", async () => {
    const { groups: seen } = await day.call("/wall", "GET");
    return seen.every(({ insights }) => insights.every(rests));
  });
  const began = performance.now();
  await page.getByRole("link", { name: "Muur" }).click();
  await page.getByText(`${all} inzichten`).waitFor();
  note(`Muur pressed -> ${all} insights can be read`, [performance.now() - began]);
  const list = page.getByRole("region", { name: "Inzichten van Tafel 2" });
  const frames = await list.evaluate(
    async (box, { scrolls, pixels }) => {
      const times = [];
      for (let at = 0; at < scrolls; at += 1) {
        const from = performance.now();
        box.scrollTop = ((at * pixels) % (box.scrollHeight - box.clientHeight)) + 1;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        times.push(performance.now() - from);
      }
      return times;
    },
    { scrolls: SCROLLS, pixels: SCROLL_PX },
  );
  note(`a screen further in ${INSIGHTS_A_GROUP} insights -> drawn`, frames);

  await page.goto(`${an.line.origin}/dag`);
  await page.locator(".wall[data-seq]").waitFor();
  note(`the replay's slider -> that moment of ${all} insights`, await seeks(page, spread(SEEKS)));
}

const stage = await Stage.set();
try {
  await joins(stage);
  await edits(stage);
  await bigDay(stage);
} finally {
  await stage.strike();
}
console.log("| what | times | p50 ms | p95 ms | slowest ms |");
console.log("|---|---|---|---|---|");
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
