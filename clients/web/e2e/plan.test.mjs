// An action plan: opened by the facilitator, filled by a group, seen by scenario, on a board, in
// time; and a list of actions of one's own that nobody else sees.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fine } from "./fine.mjs";
import { LAPTOP, PHONE, Stage, until } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

/** A gathering with a plan, and somebody of its first group who has it open. */
async function withPlan(title, device, more = {}) {
  const opened = await stage.server.open(title);
  const made = await stage.server.call(`/api/gatherings/${opened.id}/documents`, {
    method: "POST",
    token: opened.facilitator_token,
    body: { kind: "action_plan", title: "Plan voor de Kempen" },
  });
  const an = await stage.person("An", device, more);
  await an.join(opened.codes.participant, "Tafel 1");
  await an.page.getByRole("link", { name: "Plan voor de Kempen" }).click();
  await an.page.getByRole("heading", { level: 1, name: "Plan voor de Kempen" }).waitFor();
  return { an, opened, plan: made };
}

const view = (person, name) =>
  person.page
    .getByRole("group", { name: "Wat wil je zien?" })
    .getByRole("button", { name, exact: true });

async function add(person, text) {
  await person.page.getByRole("textbox", { name: /^Acties:/ }).fill(text);
  await person.page.getByRole("textbox", { name: /^Acties:/ }).press("Enter");
  await person.item(text).waitFor();
}

async function form(person, text) {
  await person.item(text).and(person.page.locator("div")).getByRole("button").first().click();
  return person.page.getByRole("dialog");
}

test("an action gets who, when, cost and scenarios; the server adds up the same", async () => {
  const { an, opened, plan } = await withPlan("Plan", PHONE);
  const overview = () =>
    stage.server.call(`/api/documents/${plan.id}/overview`, { token: opened.facilitator_token });
  await an.item("Eerste netwerkmoment").waitFor();
  await add(an, "Koffie op het plein");
  let sheet = await form(an, "Koffie op het plein");
  await sheet.getByRole("button", { name: "Ik doe dit" }).click();
  await sheet.getByRole("button", { name: "Zonder geld" }).click();
  await sheet.getByRole("button", { name: "Klein budget" }).click();
  await sheet.getByLabel("Kost in euro").fill("120");
  await sheet.getByLabel("Tegen wanneer?").fill("2026-12-24");
  await sheet.getByLabel("Hoe ver is het?").selectOption("Afgesproken");
  await sheet.getByRole("button", { name: "Klaar", exact: true }).click();
  await an.item("Koffie op het plein").getByText("Afgesproken").waitFor();
  await add(an, "Een bus met koffie");
  sheet = await form(an, "Een bus met koffie");
  await sheet.getByRole("button", { name: "Klein budget" }).click();
  await sheet.getByLabel("Kost in euro").fill("2500");
  await sheet.getByRole("button", { name: "Klaar", exact: true }).click();
  await an.saved();

  await view(an, "Scenario’s").click();
  const seen = await an.page.evaluate(() =>
    [...document.querySelectorAll("[data-scenario]")].map((each) => ({
      scenario: each.dataset.scenario,
      actions: each.querySelectorAll("li").length,
      cost_euros: Number(each.querySelector("[data-cost]").dataset.cost),
    })),
  );
  assert.deepEqual(
    seen.map(({ scenario, cost_euros }) => [scenario, cost_euros]),
    [
      ["none", 120],
      ["small", 2620],
      ["medium", 0],
      ["large", 0],
    ],
  );
  const counted = await until("the server's own count", overview, (found) => {
    const [none, small] = found.scenarios;
    return none.actions === 1 && small.cost_euros === 2620;
  });
  assert.deepEqual(counted.scenarios, seen);
  assert.deepEqual(an.faults, []);
});

test("the board, the time path and the check-ins, together with somebody else", async () => {
  const { an, opened } = await withPlan("Bord", LAPTOP);
  const bo = await stage.person("Bo", PHONE);
  await bo.join(opened.codes.participant, "Tafel 1");
  await bo.page.getByRole("link", { name: "Plan voor de Kempen" }).click();
  await view(bo, "Bord").click();
  await view(an, "Bord").click();
  const doing = (person) => person.page.locator('[data-column="doing"]');
  await an.page.getByLabel("Hoe ver is: Stakeholdermapping").selectOption("Bezig");
  await doing(bo).getByText("Stakeholdermapping").first().waitFor();
  const focused = () => an.page.evaluate(() => document.activeElement.dataset.statusOf ?? "");
  await until("the focus goes along", focused, (id) => id !== "");

  // An action opens from its card, and the focus comes back to it.
  await doing(bo).getByRole("button", { name: "Stakeholdermapping" }).click();
  await bo.page.getByRole("dialog").getByLabel("Tegen wanneer?").fill("2026-12-01");
  await bo.page.keyboard.press("Escape");
  await until(
    "the focus is back on the card",
    () => bo.page.evaluate(() => document.activeElement.textContent ?? ""),
    (words) => words.includes("Stakeholdermapping"),
  );

  await view(an, "Tijdpad").click();
  await an.page.getByText("Kies een eerste dag.").waitFor();
  await an.page.getByLabel("Eerste dag").fill("2026-11-01");
  await an.page.locator("svg.picture").waitFor();
  await an.page.getByText("Dag 30", { exact: true }).waitFor();
  await view(bo, "Tijdpad").click();
  await bo.page.getByText("9 feb", { exact: true }).locator("visible=true").waitFor();

  await view(an, "Peilen").click();
  await an.page.getByLabel("Nieuwe periode").fill("2026-K4");
  await an.page.getByRole("button", { name: "Voeg toe" }).click();
  const start = an.page.locator('[data-period="2026-K4"] [data-moment="start"]');
  await start.getByRole("button", { name: "Vul in" }).click();
  await start.getByLabel("Geld").fill("Nog niets beloofd");
  await view(bo, "Peilen").click();
  const theirs = bo.page.locator('[data-period="2026-K4"]').getByLabel("Geld");
  await until(
    "the other reads it",
    () => theirs.inputValue(),
    (text) => text === "Nog niets beloofd",
  );
  await an.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("actions of one's own are nobody else's to see", async () => {
  const { codes } = await stage.server.open("Eigen");
  const an = await stage.person("An", PHONE);
  const bo = await stage.person("Bo", PHONE);
  await an.join(codes.participant, "Tafel 1");
  await bo.join(codes.participant, "Tafel 1");
  await an.page.getByRole("button", { name: "Nieuw", exact: true }).click();
  await an.page
    .getByRole("dialog")
    .getByRole("button", { name: /^Mijn acties/ })
    .click();
  await an.page.getByRole("heading", { level: 1, name: "Mijn acties" }).waitFor();
  await add(an, "Maandag bellen met de wijk");
  await an.saved();
  const address = new URL(an.page.url()).pathname;
  await bo.page.goto(`${bo.line.origin}${address}`);
  await bo.page.getByText("Dit document is er niet, of niet voor jou.").waitFor();
  await bo.page.getByRole("button", { name: "Naar de oogst" }).click();
  await bo.composer.waitFor();
  assert.equal(await bo.page.getByRole("link", { name: "Mijn acties" }).count(), 0);
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

for (const [size, device] of Object.entries({
  360: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  1280: LAPTOP,
})) {
  for (const colorScheme of ["light", "dark"]) {
    test(`for everybody at ${size}, ${colorScheme}`, async () => {
      const { an } = await withPlan(`Plan ${size} ${colorScheme}`, device, { colorScheme });
      const shot = async (name) => {
        if (process.env.OOGST_SHOTS && colorScheme === "light")
          await an.page.screenshot({ path: `${process.env.OOGST_SHOTS}/${name}-${size}.png` });
      };
      await an.item("Eerste netwerkmoment").waitFor();
      const sheet = await form(an, "Eerste netwerkmoment");
      await sheet.getByRole("button", { name: "Zonder geld" }).click();
      await sheet.getByLabel("Tegen wanneer?").fill("2026-12-24");
      await fine(an.page, "an action");
      await shot("plan-form");
      await an.page.keyboard.press("Escape");
      for (const [index, name] of [
        "Acties",
        "Scenario’s",
        "Bord",
        "Tijdpad",
        "Peilen",
        "Doel",
      ].entries()) {
        await view(an, name).click();
        if (name === "Tijdpad") await an.page.getByLabel("Eerste dag").fill("2026-11-01");
        if (name === "Peilen") {
          await an.page.getByLabel("Nieuwe periode").fill("2026-K4");
          await an.page.getByRole("button", { name: "Voeg toe" }).click();
          await an.page.getByRole("button", { name: "Vul in" }).first().click();
        }
        await fine(an.page, name);
        await shot(`plan-${index}`);
      }
      for (const language of ["Français", "English"]) {
        await an.saved();
        await an.page.getByRole("button", { name: /^(Ik|Moi|Me):/ }).click();
        await an.page.getByRole("button", { name: language }).click();
        await an.page.goBack();
        await an.item("Eerste netwerkmoment").waitFor();
        await fine(an.page, `plan in ${language}`);
      }
      assert.deepEqual(an.faults, []);
    });
  }
}
