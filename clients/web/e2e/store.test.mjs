// A browser's store that fails after it opened: the line never says that it keeps what it does not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, Stage } from "./kit.mjs";

let stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage?.strike());

const offline = (person, words) => person.page.getByText(`Geen verbinding: ${words}`).waitFor();

/** Ends every write in this page's store as a full disk does, until `full` is taken back. */
const fillDisk = (person, full) =>
  person.page.evaluate((now) => {
    const { prototype } = IDBObjectStore;
    window.realPut ??= prototype.put;
    prototype.put = now
      ? function put(...row) {
          const request = window.realPut.apply(this, row);
          this.transaction.abort();
          return request;
        }
      : window.realPut;
  }, full);

/** Takes the store away under the open page, as a browser does that needs the room. */
async function evict({ page, line }) {
  const browser = await page.context().newCDPSession(page);
  const what = { origin: line.origin, storageTypes: "indexeddb" };
  await browser.send("Storage.clearDataForOrigin", what);
}

test("a full store is told in three languages, and is tried again until it takes all", async () => {
  const { codes } = await stage.server.open("Vol toestel");
  const an = await stage.person("An", PHONE);
  const { page } = an;
  await an.join(codes.participant, "Tafel 1");
  await an.add("Hier was nog plaats");
  await an.saved();
  await fillDisk(an, true);
  an.line.set("cut");
  await an.offline();
  await an.add("Hier is geen plaats");
  await offline(an, "1 wijziging enkel op deze pagina");
  await page.getByText("Dit toestel bewaart nu niets.").waitFor();
  await page.getByRole("button", { name: /^Ik/ }).click();
  await page.getByRole("button", { name: "Français" }).click();
  await page.getByText("1 modification sur cette page seulement").waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByText("1 change on this page only").waitFor();
  await page.getByRole("button", { name: "Nederlands" }).click();
  await page.getByRole("link", { name: "Groep" }).click();

  await fillDisk(an, false);
  await offline(an, "1 wijziging op dit toestel");
  await page.getByText("Dit toestel bewaart nu niets.").waitFor({ state: "detached" });
  an.line.set("page");
  await page.reload();
  await an.item("Hier is geen plaats").waitFor();
  await offline(an, "1 wijziging op dit toestel");
  an.line.set("open");
  await an.saved();
  assert.deepEqual(an.faults, []);
});

test("a store that the browser takes away is filled again from the open page", async () => {
  const { codes } = await stage.server.open("Weg toestel");
  const an = await stage.person("An", PHONE);
  await an.join(codes.participant, "Tafel 1");
  await an.add("Van voor de lijn");
  await an.saved();
  an.line.set("cut");
  await an.offline();
  await an.add("Voor het weg was");
  await offline(an, "1 wijziging op dit toestel");
  await evict(an);
  await an.add("Nadat het weg was");
  await offline(an, "2 wijzigingen op dit toestel");
  an.line.set("page");
  await an.page.reload();
  await an.item("Nadat het weg was").waitFor();
  assert.deepEqual(await an.lines(), [
    "1 Van voor de lijn",
    "1 Voor het weg was",
    "1 Nadat het weg was",
  ]);
  await offline(an, "2 wijzigingen op dit toestel");
  an.line.set("open");
  await an.saved();
  assert.deepEqual(an.faults, []);
});
