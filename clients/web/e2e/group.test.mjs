// A group's harvest with all that belongs to it: whose words, photos, the wording of the question,
// taking back what one did, news that does not move what one reads.
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
  // Nothing glides: where a row stands is where it stays.
  const an = await stage.person("An", PHONE, { reducedMotion: "reduce" });
  const bo = await stage.person("Bo", LAPTOP, { reducedMotion: "reduce" });
  await an.join(opened.codes.participant, "Tafel 1");
  await bo.join(opened.codes.participant, "Tafel 1");
  await an.page.getByText("Nu hier: Bo en jij").waitFor();
  return { an, bo, opened };
}

const chip = (person, name) => person.page.getByRole("button", { name, exact: true });

test("an insight says whose words it is, at once or later, and of several people", async () => {
  const { an, bo } = await two("Gezegd door");
  await chip(an, "Gezegd door").click();
  await an.page
    .getByRole("group", { name: "Gezegd door" })
    .getByRole("button", { name: "Bo" })
    .click();
  await an.add("Wie niet komt, bel je op");
  const row = bo.item("Wie niet komt");
  await row.getByText("BO", { exact: true }).waitFor();
  assert.equal(await row.getByText("AN", { exact: true }).count(), 0);
  // The chip is empty again for the next one.
  await chip(an, "Gezegd door").waitFor();

  await row.getByRole("button").click();
  const sheet = bo.page.getByRole("dialog");
  await sheet.getByRole("button", { name: "An", exact: true }).click();
  await bo.page.keyboard.press("Escape");
  await an.item("Wie niet komt").getByText("AN", { exact: true }).waitFor();
  await an.item("Wie niet komt").getByText("BO", { exact: true }).waitFor();
  await an.saved();
  await bo.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("a photo of the flip chart comes with what was typed, and everybody sees it", async () => {
  const { an, bo } = await two("Met foto");
  await an.composer.fill("Onze flap na een uur");
  const chosen = an.page.waitForEvent("filechooser");
  await chip(an, "Foto").click();
  await (await chosen).setFiles(PICTURE);
  const image = bo.item("Onze flap na een uur").locator("[data-photo] img");
  await image.waitFor();
  await until(
    "the photo is drawn",
    () => image.evaluate((each) => each.naturalWidth),
    (width) => width === PICTURE_SIDE_PX,
  );
  assert.equal(await an.composer.inputValue(), "");
  await an.saved();

  // What is no picture says so, and harms nothing.
  await an.item("Onze flap").getByRole("button").click();
  const again = an.page.waitForEvent("filechooser");
  await an.page.getByRole("button", { name: "Voeg een foto toe" }).click();
  await (await again).setFiles({ ...PICTURE, buffer: Buffer.from("geen foto") });
  await an.page.getByRole("dialog").getByText("De server wil deze foto niet").waitFor();
  await an.page.getByRole("dialog").getByRole("button", { name: "Gooi weg" }).click();
  await an.page.keyboard.press("Escape");
  await an.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("the group words its question: proposed, agreed upon, chosen, and taken back", async () => {
  const { an, bo } = await two("Verwoorden");
  const wording = "Hoe komen we bij wie ons niet zoekt?";
  await an.page.getByRole("button", { name: "Verwoord samen" }).click();
  await an.page.getByLabel("Jouw voorstel").fill(wording);
  await an.page.getByRole("button", { name: "Stel voor" }).click();
  await an.page.getByText("1 van 2 gaan akkoord").waitFor();

  await bo.page.getByRole("button", { name: "Verwoord samen (1)" }).click();
  await bo.page.getByRole("button", { name: "Ik ga akkoord" }).click();
  await an.page.getByText("Iedereen gaat akkoord").waitFor();
  await bo.page.getByRole("button", { name: "Maak dit de leervraag" }).click();
  await an.page.locator("[data-wording]").getByText("Dit is de leervraag").waitFor();
  await an.page.keyboard.press("Escape");
  await an.page.getByRole("heading", { level: 1, name: wording }).waitFor();

  await bo.page.keyboard.press("Escape");
  await bo.page.getByRole("button", { name: /^Maak ongedaan: Leervraag gekozen/ }).click();
  await an.page.getByRole("heading", { level: 1, name: /inspraakavond/ }).waitFor();
  await bo.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("one takes back the last own acts, each alone, and others' letters stay", async () => {
  const { an, bo } = await two("Ongedaan");
  await an.add("Zeg vooraf wat vastligt");
  await an.act("Zeg vooraf", "Tip");
  await an.act("Zeg vooraf", "Bewerk");
  const text = an.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await text.press("Control+End");
  await text.pressSequentially(", altijd");
  await text.press("Enter");
  await bo.item("Zeg vooraf wat vastligt, altijd").waitFor();
  await bo.act("Zeg vooraf", "Bewerk");
  const theirs = bo.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await theirs.press("Control+Home");
  await theirs.pressSequentially("Echt: ");
  await theirs.press("Enter");
  await an.item("Echt: Zeg vooraf wat vastligt, altijd").waitFor();

  const undo = an.page.getByRole("button", { name: /^Maak ongedaan/ });
  await undo.click();
  await bo.item("Echt: Zeg vooraf wat vastligt").waitFor();
  await until(
    "the own letters are gone",
    () => bo.lines(),
    ([line]) => line === "1 Echt: Zeg vooraf wat vastligt",
  );
  await undo.click();
  await bo.item("Echt:").getByText("Tip", { exact: true }).waitFor({ state: "detached" });
  await undo.click();
  await until(
    "added no more",
    () => bo.lines(),
    (lines) => lines.length === 0,
  );
  await undo.waitFor({ state: "detached" });
  await an.saved();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("others' news stays out of one's way, and is one press away", async () => {
  const { an, bo } = await two("Nieuws");
  for (let number = 1; number <= 16; number += 1) await an.add(`Inzicht nummer ${number}`);
  const read = an.item("Inzicht nummer 8");
  await read.scrollIntoViewIfNeeded();
  const scroll = an.page.locator(".scroll");
  await scroll.evaluate((each) => {
    each.scrollTop = 400;
  });
  const top = async () => Math.round((await read.boundingBox()).y);
  const before = await top();
  await bo.add("Helemaal achteraan");
  await an.page.getByRole("button", { name: "1 nieuw ↓" }).waitFor();
  assert.equal(await top(), before, "below: nothing moved");

  // Above what An reads, under the first of all.
  await chip(bo, "Onder").click();
  await bo.page
    .getByRole("group", { name: "Onder welk inzicht?" })
    .getByRole("button", { name: "Inzicht nummer 1", exact: true })
    .click();
  await bo.add("Helemaal vooraan");
  await until(
    "it came second",
    () => an.lines(),
    ([, line]) => line === "2 Helemaal vooraan",
  );
  assert.equal(await top(), before, "above: nothing moved");
  await an.page.getByRole("button", { name: /^2 nieuw/ }).click();
  const seen = async (text) => {
    const { y, height } = await an.item(text).boundingBox();
    return y > 0 && y + height < 844;
  };
  assert.ok(await seen("Helemaal achteraan"), "what is below comes first");
  await an.page.getByRole("button", { name: "1 nieuw ↑" }).click();
  assert.ok(await seen("Helemaal vooraan"));
  await an.page.getByRole("button", { name: /nieuw [↓↑]$/ }).waitFor({ state: "detached" });
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("a mouse drags an insight before, after or under another", async () => {
  const { an, bo } = await two("Slepen");
  for (const text of ["een", "twee", "drie"]) await bo.add(text);
  const grip = (text) => bo.item(text).locator(".grip");
  const onto = async (text, y) =>
    bo
      .item(text)
      .locator("button")
      .boundingBox()
      .then((box) => ({
        x: 60,
        y: y * box.height,
      }));
  await grip("drie").dragTo(bo.item("een"), { targetPosition: await onto("een", 0.1) });
  await until(
    "before",
    () => an.lines(),
    (lines) => lines.join() === "1 drie,1 een,1 twee",
  );
  await grip("drie").dragTo(bo.item("twee"), { targetPosition: await onto("twee", 0.5) });
  await until(
    "under",
    () => an.lines(),
    (lines) => lines.join() === "1 een,1 twee,2 drie",
  );
  await bo.page.getByRole("button", { name: /^Maak ongedaan: verplaatst/ }).click();
  await until(
    "back",
    () => an.lines(),
    (lines) => lines.join() === "1 drie,1 een,1 twee",
  );
  // A finger has no grip: there it is buttons alone.
  assert.equal(await an.page.locator(".grip:visible").count(), 0);
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

test("how many support what is shown once the day is past the plenary", async () => {
  const { an, bo, opened } = await two("Steun");
  await an.add("Betaal sleutelfiguren");
  await bo.item("Betaal sleutelfiguren").waitFor();
  await bo.act("Betaal sleutelfiguren", "Steun");
  await bo.saved();
  assert.equal(await an.item("Betaal").getByText("1 keer steun").count(), 0);
  await stage.server.call(`/api/gatherings/${opened.id}`, {
    method: "PATCH",
    token: opened.facilitator_token,
    body: { status: "closed" },
  });
  await an.item("Betaal").getByText("1 keer steun").waitFor();
  assert.deepEqual([...an.faults, ...bo.faults], []);
});

for (const [size, device] of Object.entries({
  360: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  1280: LAPTOP,
})) {
  for (const colorScheme of ["light", "dark"]) {
    test(`for everybody at ${size}, ${colorScheme}`, async () => {
      const { codes } = await stage.server.open(`Oogst ${size} ${colorScheme}`);
      const an = await stage.person("An", device, { colorScheme });
      const shot = async (name) => {
        if (process.env.OOGST_SHOTS && colorScheme === "light")
          await an.page.screenshot({ path: `${process.env.OOGST_SHOTS}/${name}-${size}.png` });
      };
      await an.join(codes.participant, "Tafel 1");
      await chip(an, "Gezegd door").click();
      await an.page
        .getByRole("group", { name: "Gezegd door" })
        .getByRole("button", { name: "An" })
        .click();
      await fine(an.page, "said by");
      await an.add("Ga zelf naar de mensen toe");
      await an.composer.fill("De flap van tafel 1");
      const chosen = an.page.waitForEvent("filechooser");
      await chip(an, "Foto").click();
      await (await chosen).setFiles(PICTURE);
      await an.item("De flap").locator("[data-photo] img").waitFor();
      await an.saved();
      await fine(an.page, "with a photo");
      await shot("group");
      await an.page.getByRole("button", { name: "Verwoord samen" }).click();
      await an.page.getByLabel("Jouw voorstel").fill("Wie horen we nu niet?");
      await an.page.getByRole("button", { name: "Stel voor" }).click();
      await an.page.locator("[data-wording]").waitFor();
      await fine(an.page, "wording");
      await shot("wording");
      await an.page.keyboard.press("Escape");
      await an.item("De flap").getByRole("button").click();
      await an.page.getByRole("dialog").waitFor();
      await fine(an.page, "sheet");
      await shot("sheet");
      await an.page.keyboard.press("Escape");
      for (const language of ["Français", "English"]) {
        await an.page.getByRole("button", { name: /^(Ik|Moi|Me):/ }).click();
        await an.page.getByRole("button", { name: language }).click();
        await an.page.goBack();
        await an.item("De flap").waitFor();
        await fine(an.page, `group in ${language}`);
      }
      assert.deepEqual(an.faults, []);
    });
  }
}
