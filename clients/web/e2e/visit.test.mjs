// A visit: opened by its group, written in on the way without a line, and seen by the others.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fine } from "./fine.mjs";
import { LAPTOP, PHONE, Stage, until } from "./kit.mjs";
import { PICTURE, PICTURE_SIDE_PX } from "./picture.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

async function two(title) {
  const opened = await stage.server.open(title);
  const { codes } = opened;
  const an = await stage.person("An", PHONE);
  const bo = await stage.person("Bo", LAPTOP);
  await an.join(codes.participant, "Tafel 1");
  await bo.join(codes.participant, "Tafel 1");
  return { an, bo, codes, opened };
}

async function open(person, kind) {
  await person.page.getByRole("button", { name: "Nieuw", exact: true }).click();
  await person.page
    .getByRole("dialog")
    .getByRole("button", { name: new RegExp(`^${kind}`) })
    .click();
  await person.page.getByRole("heading", { level: 1, name: kind }).waitFor();
}

const field = (person, name) => person.page.getByRole("textbox", { name });

async function put(person, name, text) {
  await field(person, name).fill(text);
  await field(person, name).press("Enter");
  await person.item(text).waitFor();
}

test("a member opens a visit; both write, and take a recommendation over", async () => {
  const { an, bo } = await two("Op bezoek");
  await open(an, "Werkbezoek");
  await bo.page.getByRole("link", { name: "Werkbezoek" }).click();
  await put(an, "Vragen voor onderweg", "Wie betaalt dit?");
  await bo.item("Wie betaalt dit?").getByRole("button").click();
  const form = bo.page.getByRole("dialog");
  await form.getByLabel("Wie stelt deze vraag?").fill("Bo");
  await form.getByLabel("Het antwoord").fill("De gemeente en de buurt");
  await form.getByRole("button", { name: "Klaar" }).click();
  await an.item("Wie betaalt dit?").getByText("De gemeente en de buurt").waitFor();

  await put(bo, "Wat nemen we mee", "Nodig de buurt uit aan tafel");
  await an.item("Nodig de buurt uit").getByRole("button").click();
  await an.page.getByRole("dialog").getByRole("button", { name: "Neem ik over" }).click();
  await an.page.getByRole("dialog").getByRole("button", { name: "Klaar" }).click();
  await bo.item("Nodig de buurt uit").getByText("1 neemt dit over").waitFor();
  // One's own last act is taken back; the other's stay.
  await an.page.getByRole("button", { name: "Ongedaan maken" }).click();
  await bo.item("Nodig de buurt uit").getByText("1 neemt dit over").waitFor({ state: "detached" });
  await an.saved();
  await bo.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("without a line notes and photos are kept, and arrive when it is back", async () => {
  const { an, bo } = await two("Zonder bereik");
  await open(an, "Werkbezoek");
  await bo.page.getByRole("link", { name: "Werkbezoek" }).click();
  await bo.page.getByRole("heading", { level: 1, name: "Werkbezoek" }).waitFor();
  await an.saved();
  an.line.set("cut");
  await an.offline();
  await put(an, "Wat we zien en horen", "Een bank in de zon");
  await an.item("Een bank in de zon").getByRole("button").first().click();
  const form = an.page.getByRole("dialog");
  const chosen = an.page.waitForEvent("filechooser");
  await form.getByRole("button", { name: "Voeg een foto toe" }).click();
  await (await chosen).setFiles(PICTURE);
  await form.getByText("Nog niet aangekomen. Staat op dit toestel.").waitFor();
  await form.getByRole("button", { name: "Klaar" }).click();
  assert.equal(await an.save(), "offline");
  // A reload without a line would need the service worker: the line is back for the page only.
  an.line.set("open");
  await bo.item("Een bank in de zon").locator("[data-photo] img").waitFor();
  const width = await until(
    "the photo is drawn at the other's",
    () =>
      bo
        .item("Een bank in de zon")
        .locator("[data-photo] img")
        .evaluate((image) => image.naturalWidth),
    (found) => found > 0,
  );
  assert.equal(width, PICTURE_SIDE_PX);
  await an.saved();
  assert.equal(await an.page.locator("[data-photo-state]").count(), 0);
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("a photo that did not arrive survives a reload, and is sent from there", async () => {
  const { an, bo } = await two("Herladen");
  await open(an, "Werkbezoek");
  await put(an, "Wat we zien en horen", "Een muur vol kaarten");
  await an.saved();
  let tries = 0;
  await an.page.route("**/api/gatherings/*/files*", (route) => {
    tries += 1;
    return route.abort();
  });
  await an.item("Een muur vol kaarten").getByRole("button").first().click();
  const chosen = an.page.waitForEvent("filechooser");
  await an.page.getByRole("button", { name: "Voeg een foto toe" }).click();
  await (await chosen).setFiles(PICTURE);
  await an.page.getByRole("dialog").getByText("Nog niet aangekomen").waitFor();
  assert.notEqual(await an.save(), "saved", "what did not arrive is not called saved");
  await an.page.reload();
  const waiting = an.item("Een muur vol kaarten").locator('[data-photo-state="waits"]');
  const before = tries;
  await waiting.getByRole("button", { name: "Probeer opnieuw" }).click();
  await until("it is tried again by hand", () => tries > before);
  await an.page.unroute("**/api/gatherings/*/files*");
  await bo.page.getByRole("link", { name: "Werkbezoek" }).click();
  await bo.item("Een muur vol kaarten").locator("[data-photo] img").waitFor();
  await an.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("a photo goes on its way whatever page is on show, and counts until it is there", async () => {
  const { an, bo, opened } = await two("Onderweg");
  const held = async () => {
    const path = `/api/gatherings/${opened.id}/devices`;
    const { holding } = await stage.server.call(path, { token: opened.facilitator_token });
    return holding.map(({ unsent }) => unsent);
  };
  await open(an, "Werkbezoek");
  await put(an, "Wat we zien en horen", "Een loket achter glas");
  await an.saved();
  await an.page.route("**/api/gatherings/*/files*", (route) => route.abort());
  await an.item("Een loket achter glas").getByRole("button").first().click();
  const chosen = an.page.waitForEvent("filechooser");
  await an.page.getByRole("button", { name: "Voeg een foto toe" }).click();
  await (await chosen).setFiles(PICTURE);
  await an.page.getByRole("dialog").getByText("Nog niet aangekomen").waitFor();
  await an.page.getByRole("dialog").getByRole("button", { name: "Klaar" }).click();
  await an.page.getByRole("link", { name: "Nu", exact: true }).click();
  await an.page.getByText("Onderweg").first().waitFor();
  await until(
    "it is not saved elsewhere",
    () => an.save(),
    (found) => found === "saving",
  );
  await an.page.reload();
  await until("the console hears of it", held, (found) => found.includes(1));
  await until(
    "nor after a reload",
    () => an.save(),
    (found) => found === "saving",
  );
  await an.page.unroute("**/api/gatherings/*/files*");
  // The line comes back while another page is on show.
  an.line.set("cut");
  await an.offline();
  an.line.set("open");
  await an.saved();
  await bo.page.getByRole("link", { name: "Werkbezoek" }).click();
  await bo.item("Een loket achter glas").locator("[data-photo] img").waitFor();
  await until("nothing waits there any more", held, (found) => !found.some((unsent) => unsent > 0));
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("several photos go one after the other, so that on a poor line each arrives", async () => {
  const { an, bo } = await two("Na elkaar");
  await open(an, "Werkbezoek");
  await put(an, "Wat we zien en horen", "Een markt");
  await an.saved();
  let going = 0;
  let most = 0;
  await an.page.route("**/api/gatherings/*/files*", async (route) => {
    going += 1;
    most = Math.max(most, going);
    await route.continue();
  });
  const over = (request) => {
    if (request.url().includes("/files?")) going -= 1;
  };
  an.page.on("requestfinished", over);
  an.page.on("requestfailed", over);
  await an.item("Een markt").getByRole("button").first().click();
  const chosen = an.page.waitForEvent("filechooser");
  await an.page.getByRole("button", { name: "Voeg een foto toe" }).click();
  const three = ["een.png", "twee.png", "drie.png"].map((name) => ({ ...PICTURE, name }));
  await (await chosen).setFiles(three);
  await an.page.keyboard.press("Escape");
  await bo.page.getByRole("link", { name: "Werkbezoek" }).click();
  await until(
    "all three are there",
    () => bo.item("Een markt").locator("li[data-photo]").count(),
    (count) => count === three.length,
  );
  assert.equal(most, 1);
  await an.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("a photo that the server will not have is no lost photo, and never called saved", async () => {
  const { an } = await two("Geweigerd");
  await open(an, "Werkbezoek");
  await put(an, "Wat we zien en horen", "Een poort");
  await an.saved();
  await an.page.route("**/api/gatherings/*/files*", (route) =>
    route.fulfill({
      status: 415,
      contentType: "application/problem+json",
      body: JSON.stringify({ title: "no", detail: "dit is geen foto" }),
    }),
  );
  await an.item("Een poort").getByRole("button").first().click();
  const chosen = an.page.waitForEvent("filechooser");
  await an.page.getByRole("button", { name: "Voeg een foto toe" }).click();
  await (await chosen).setFiles(PICTURE);
  const form = an.page.getByRole("dialog");
  await form.getByText("De server wil deze foto niet: dit is geen foto").waitFor();
  await form.getByRole("button", { name: "Klaar" }).click();
  await an.page.getByRole("button", { name: /^Ik:/ }).click();
  await an.page.locator('[data-save="refused"]').waitFor();
  const stuck = an.page.getByRole("region", { name: "Foto’s die niet aankomen" });
  await stuck.getByRole("img", { name: "Foto 1" }).waitFor();
  await fine(an.page, "a photo that stays here");
  const kept = an.page.waitForEvent("download");
  await stuck.getByRole("link", { name: "Bewaar op dit toestel" }).click();
  assert.equal((await kept).suggestedFilename(), "oogst-1.jpg");
  // One does not leave before one has decided about it.
  await an.page.getByRole("button", { name: "Wissel van groep" }).click();
  await an.page.getByRole("alert").waitFor();
  await stuck.getByRole("button", { name: "Gooi weg" }).click();
  await stuck.waitFor({ state: "detached" });
  await an.saved();
  assert.deepEqual(an.faults, []);
});

test("a photo that two tabs know of is sent by one of them, once", async () => {
  const { an } = await two("Twee tabs");
  const sent = [];
  let blocked = true;
  await an.page.context().route("**/api/gatherings/*/files*", async (route) => {
    if (blocked) return route.abort();
    sent.push(route.request().url());
    return route.continue();
  });
  await open(an, "Werkbezoek");
  await put(an, "Wat we zien en horen", "Een fontein");
  await an.item("Een fontein").getByRole("button").first().click();
  const chosen = an.page.waitForEvent("filechooser");
  await an.page.getByRole("button", { name: "Voeg een foto toe" }).click();
  await (await chosen).setFiles(PICTURE);
  await an.page.getByRole("dialog").getByText("Nog niet aangekomen").waitFor();
  await an.page.getByRole("dialog").getByRole("button", { name: "Klaar" }).click();
  const tab = await an.tab();
  await tab.page.getByRole("link", { name: "Werkbezoek" }).click();
  await tab.item("Een fontein").locator('[data-photo-state="waits"]').waitFor();
  // The other tab hears of one that is chosen while it stands open.
  await an.item("Een fontein").getByRole("button").first().click();
  const another = an.page.waitForEvent("filechooser");
  await an.page.getByRole("button", { name: "Voeg een foto toe" }).click();
  await (await another).setFiles(PICTURE);
  await until(
    "both tabs know of both",
    () => tab.item("Een fontein").locator("[data-photo-state]").count(),
    (count) => count === 2,
  );
  await an.page.keyboard.press("Escape");
  blocked = false;
  an.line.set("cut");
  await Promise.all([an.offline(), tab.offline()]);
  an.line.set("open");
  await Promise.all([an.saved(), tab.saved()]);
  for (const each of [an, tab]) {
    await until(
      "both are there, once",
      () => each.item("Een fontein").locator("li[data-photo]").count(),
      (count) => count === 2,
    );
    assert.deepEqual(each.faults, []);
  }
  assert.equal(sent.length, 2);
});

for (const [size, device] of Object.entries({
  360: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  1280: LAPTOP,
})) {
  for (const colorScheme of ["light", "dark"]) {
    test(`for everybody at ${size}, ${colorScheme}`, async () => {
      const { codes } = await stage.server.open(`Voor iedereen ${size} ${colorScheme}`);
      const an = await stage.person("An", device, { colorScheme });
      await an.join(codes.participant, "Tafel 1");
      await an.page.getByRole("button", { name: "Nieuw", exact: true }).click();
      await an.page.getByRole("dialog").waitFor();
      await fine(an.page, "what to open");
      await an.page.keyboard.press("Escape");
      await open(an, "Werkbezoek");
      await fine(an.page, "empty visit");
      await put(an, "Vragen voor onderweg", "Wie betaalt dit?");
      await put(an, "Wat nemen we mee", "Nodig de buurt uit aan tafel");
      await put(an, "Wat we zien en horen", "Een bank in de zon, en mensen die erop zitten");
      await fine(an.page, "visit");
      if (process.env.OOGST_SHOTS && colorScheme === "light")
        await an.page.screenshot({ path: `${process.env.OOGST_SHOTS}/visit-${size}.png` });
      await an.item("Wie betaalt dit?").getByRole("button").click();
      await fine(an.page, "a question");
      if (process.env.OOGST_SHOTS && colorScheme === "light")
        await an.page.screenshot({ path: `${process.env.OOGST_SHOTS}/visit-form-${size}.png` });
      await an.page.keyboard.press("Escape");
      await an.saved();
      for (const language of ["Français", "English"]) {
        await an.page.getByRole("button", { name: /^(Ik|Moi|Me):/ }).click();
        await an.page.getByRole("button", { name: language }).click();
        await an.page.goBack();
        await an.item("Wie betaalt dit?").waitFor();
        await fine(an.page, `visit in ${language}`);
      }
      assert.deepEqual(an.faults, []);
    });
  }
}
