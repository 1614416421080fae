// Plays the demo's day on a real server and takes the pictures of docs/images through real
// browsers. Run by hand, with server and `oogst` built: npm run screenshots
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { OPERATOR_KEY, PHONE, Stage } from "./kit.mjs";

const IMAGES = new URL("../../../docs/images/", import.meta.url).pathname;
const OOGST =
  process.env.OOGST_BIN ?? new URL("../../../target/debug/oogst", import.meta.url).pathname;
const LAPTOP = { viewport: { width: 1280, height: 800 } };
const PROJECTOR = { viewport: { width: 1920, height: 1080 }, reducedMotion: "reduce" };
/** How long the day takes: long enough that the replay has something to show. */
const MINUTES = 1;

/** Plays the whole day; gives the codes that it printed. */
async function play(port) {
  const server = `http://127.0.0.1:${port}`;
  const args = ["demo", "--minutes", String(MINUTES), "--server", server];
  const env = { ...process.env, OOGST_OPERATOR_KEY: OPERATOR_KEY };
  const demo = spawn(OOGST, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  demo.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const [status] = await once(demo, "exit");
  if (status !== 0) throw new Error(`the demo ended with ${status}: ${said}`);
  const code = (role) => new RegExp(`^${role}: (\\S+)`, "m").exec(said)[1];
  return Object.fromEntries(
    ["participant", "observer", "facilitator"].map((role) => [role, code(role)]),
  );
}

const stage = await Stage.set();
try {
  mkdirSync(IMAGES, { recursive: true });
  const codes = await play(stage.server.port);
  /** A picture once nothing moves and nothing is on its way. */
  const shoot = async (person, name) => {
    if ((await person.page.locator("[data-save]").count()) > 0)
      await person.page.locator('[data-save]:not([data-save="saving"])').first().waitFor();
    await person.page.evaluate(async () => {
      await document.fonts.ready;
      await Promise.all([...document.images].map((each) => each.decode().catch(() => {})));
      await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})));
    });
    await person.page.screenshot({ path: `${IMAGES}${name}.png` });
  };
  const enter = async (person, code) => {
    await person.page.goto(`${person.line.origin}/j/${code}`);
    await person.page.getByLabel("Hoe heet je?").fill(person.name);
    await person.page.getByRole("button", { name: "Doe mee" }).click();
    await person.page.waitForURL("**/nu");
  };

  const fien = await stage.person("Fien Claes", LAPTOP);
  await enter(fien, codes.facilitator);
  await fien.page.goto(`${fien.line.origin}/regie/dag`);
  const again = fien.page.getByRole("button", { name: /^Start opnieuw/ }).first();
  await again.click();
  await shoot(fien, "regie-1280");
  await fien.page.goto(`${fien.line.origin}/dag`);
  await fien.page.locator("[data-insight]").first().waitFor();
  await shoot(fien, "replay-1280");

  const an = await stage.person("An Peeters", PHONE);
  await an.page.goto(`${an.line.origin}/j/${codes.participant}`);
  await an.page.getByLabel("Hoe heet je?").fill(an.name);
  await shoot(an, "join-390");
  await an.join(codes.participant, "Wie er niet bij was");
  await shoot(an, "group-390");
  await an.page.goto(`${an.line.origin}/nu`);
  await an.page.getByRole("button", { name: "Ik heb ze bewaard" }).click();
  await shoot(an, "nu-390");

  const bo = await stage.person("Bo Van den Broeck", LAPTOP);
  await bo.join(codes.participant, "Wie er niet bij was");
  await an.page.goto(`${an.line.origin}/groep`);
  await an.composer.pressSequentially("Een kaart op tafel helpt", { delay: 20 });
  await bo.page.getByText("An Peeters schrijft iets nieuws…").waitFor();
  await shoot(bo, "group-1280");
  an.line.set("cut");
  await an.offline();
  await an.composer.press("Enter");
  await an.add("Dit typ ik in de kelder, zonder bereik");
  await shoot(an, "offline-390");

  const els = await stage.person("Elsa Dubois", PHONE, { locale: "fr-BE", colorScheme: "dark" });
  await els.page.goto(`${els.line.origin}/j/${codes.participant}`);
  await els.page.locator("#name").fill(els.name);
  await els.page.locator("#name").press("Enter");
  await els.page.waitForURL("**/nu");
  await els.page.getByRole("button", { name: /^Vertrouwen/ }).click();
  await els.page.locator("form.composer").waitFor();
  await els.saved();
  await shoot(els, "group-fr-dark-390");
  await els.page.goto(`${els.line.origin}/verslag`);
  await els.page.locator(".points").first().waitFor();
  await shoot(els, "report-fr-dark-390");

  await bo.page.getByRole("link", { name: "Actieplan" }).click();
  await bo.page.getByRole("button", { name: "Scenario’s" }).click();
  await bo.saved();
  await shoot(bo, "plan-1280");

  const wall = await stage.person("Muur", PROJECTOR);
  for (const scene of ["plenary", "overview", "reveal"]) {
    const address = `/muur?scene=${scene}#${codes.observer}/${codes.participant}`;
    await wall.page.goto(`${wall.line.origin}${address}`);
    await wall.page.reload();
    await wall.page.locator(`[data-scene="${scene}"] :is(section, article)`).first().waitFor();
    await wall.page.getByText(codes.participant).waitFor();
    await shoot(wall, `${scene}-1920`);
  }
} finally {
  await stage.strike();
}
