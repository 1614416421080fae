// The wall shows what rests, comes back by itself, and minds its own business.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, Stage } from "./kit.mjs";

const PROJECTOR = { viewport: { width: 1920, height: 1080 } };

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

test("the wall shows settled insights, nested, and survives the server's restart", async () => {
  const { codes } = await stage.server.open("Oogstmuur");
  const an = await stage.person("An", PHONE);
  await an.join(codes.participant, "Tafel 1");
  const wall = await stage.person("Muur", PROJECTOR);
  const link = `${wall.line.origin}/muur#${codes.observer}/${codes.participant}`;
  await wall.page.goto(link);
  await wall.page.getByRole("heading", { name: "Tafel 3" }).waitFor();
  await wall.page.getByText(codes.participant).waitFor();

  await an.add("Begin klein");
  await an.add("Vier wat lukt");
  await an.act("Vier wat lukt", "Inspringen");
  const nested = wall.page.locator("li", { hasText: "Begin klein" }).locator("li");
  await nested.getByText("Vier wat lukt").waitFor();

  // While somebody writes, the wall keeps what stood there.
  await an.act("Begin klein", "Bewerk");
  const text = an.page.getByRole("textbox", { name: "Tekst van het inzicht" });
  await text.press("Control+End");
  await text.pressSequentially(" en blijf", { delay: 30 });
  await an.saved();
  assert.equal(await wall.page.getByText("Begin klein en", { exact: false }).count(), 0);
  await wall.page.getByText("Begin klein en blijf").waitFor();

  await stage.server.kill();
  await wall.page.getByText("Geen verbinding").waitFor();
  await wall.page.getByText("Begin klein en blijf").waitFor();
  await stage.restart();
  await wall.page.getByText("Geen verbinding").waitFor({ state: "detached" });
  await text.press("Enter");
  await an.add("Na de stroompanne");
  await wall.page.getByText("Na de stroompanne").waitFor();
  assert.deepEqual([...an.faults, ...wall.faults], []);
});

test("a wall beside a participant in one browser leaves the participant be", async () => {
  const { codes } = await stage.server.open("Twee vensters");
  const an = await stage.person("An", PROJECTOR);
  await an.join(codes.participant, "Tafel 1");
  const wall = await an.page.context().newPage();
  await wall.goto(`${an.line.origin}/muur#${codes.observer}/${codes.participant}`);
  await wall.getByRole("heading", { name: "Tafel 1" }).waitFor();
  await an.add("Ik doe nog mee");
  await an.saved();
  await wall.getByText("Ik doe nog mee").waitFor();
  await an.page.reload();
  await an.item("Ik doe nog mee").waitFor();
  await an.composer.waitFor();
  assert.deepEqual(an.faults, []);
});
