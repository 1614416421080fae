// Everybody at once: days in each of their states, and somebody in every part that a person can
// have in them, so that each page is seen as each of them sees it. Made when first asked for.
import { Day } from "./day.mjs";
import { LAPTOP, Stage } from "./kit.mjs";

const LONG = "Participatieverantwoordelijken Kempen";
/** So many that they last for every look. */
const DOTS = 12;

/** Who there is: in which day, with which code, in which group. Two are in none. */
const CAST = {
  nobody: {},
  operator: {},
  an: { day: "running", group: 0, region: "Kempen" },
  newcomer: { day: "running" },
  guest: { day: "running", code: "guest", group: 0 },
  removed: { day: "running" },
  refused: { day: "running", group: 1 },
  facilitator: { day: "running", code: "facilitator" },
  reader: { day: "halted", group: 0 },
  observer: { day: "halted", code: "observer" },
  late: { day: "halted", group: 1 },
  after: { day: "over", group: 0 },
  early: { day: "ahead", group: 0 },
  waiting: { day: "ahead", code: "guest" },
};

const MAKES = {
  /** Groups at work, a vote that is open, guests who are in, a map of who matters. */
  async running(stage) {
    const day = await Day.make(stage, "Voor iedereen, overal", [
      { name: "Tafel 1", question: "Hoe bereiken we wie nooit op een inspraakavond komt?" },
      { name: LONG, question: "Wat leren we?", table: "Bij het raam" },
      { name: "Tafel 3" },
    ]);
    const bo = await day.join("Bo Van den Broeck", 0, { region: "Limburg" });
    // And somebody who has no place yet.
    await day.join("Dina");
    const card = { on_my_plate: "Een stationsbuurt", my_questions: "Wie missen we?" };
    await day.write("introductions", [[["cards", bo.id], card]], bo.token);
    const themes = await day.questions([
      { text: "Wie missen we?", questions: [["Kempen", "Wie komt er nooit?"]] },
      { text: "Terugkoppelen", questions: [["Limburg", "Hoe zeggen we nee?"]] },
    ]);
    await day.call("/votes", "POST", { themes, budget: DOTS, most_each: DOTS, choose: 1 });
    await day.start("breakout");
    await day.call("/timer", "PUT", { seconds: 1_800 });
    await day.harvest(bo, 0, [
      { text: "Een kernpunt", highlight: true, category: "tip" },
      "- Eronder, met een woord als participatieverantwoordelijkheidsbevoegdheid",
      { text: "Une idée en français", language: "fr" },
    ]);
    await day.call("/guests", "PUT", { state: "admitted" });
    day.map = await day.call("/documents", "POST", { kind: "stakeholders", title: "Mapping" });
    return day;
  },
  /** Everything is locked, all are called together, a vote is closed and not yet shown. */
  async halted(stage) {
    const day = await Day.make(stage, "Even stil");
    const bo = await day.join("Bo", 0);
    await day.harvest(bo, 0, ["Wat er staat, blijft staan"]);
    await day.start("plenary");
    const themes = await day.questions([
      { text: "Wie missen we?", questions: [] },
      { text: "Terugkoppelen", questions: [] },
    ]);
    const vote = { themes, budget: DOTS, most_each: DOTS, choose: 1 };
    day.vote = await day.call("/votes", "POST", vote);
    day.map = await day.call("/documents", "POST", { kind: "stakeholders", title: "Mapping" });
    const [harvest] = day.opened.groups[0].documents;
    for (const { id } of [harvest, day.map]) {
      const lock = { method: "PUT", token: day.token, body: true };
      await stage.server.call(`/api/documents/${id}/frozen`, lock);
    }
    await day.spotlight({ kind: "round", id: day.opened.round });
    return day;
  },
  /** Closed, with a vote that is shown. */
  async over(stage) {
    const day = await Day.make(stage, "Voorbij");
    const bo = await day.join("Bo", 0);
    const themes = await day.questions([
      { text: "Wie missen we?", questions: [["Kempen", "Wie komt er nooit?"]] },
      { text: "Terugkoppelen", questions: [] },
    ]);
    const vote = await day.call("/votes", "POST", { themes, budget: 2, choose: 1 });
    await day.call(`/votes/${vote.id}/ballot`, "PUT", { dots: { [themes[0]]: 2 } }, bo.token);
    await day.call(`/votes/${vote.id}/closed`, "PUT");
    const chosen = { themes: [themes[0]], reason: "Zo stemde de groep." };
    await day.call(`/votes/${vote.id}/selection`, "PUT", chosen);
    await day.call(`/votes/${vote.id}/shown`, "PUT");
    await day.start("closing");
    day.close = () => day.call("", "PATCH", { status: "closed" });
    return day;
  },
  /** Not begun: guests are expected in an hour. */
  async ahead(stage) {
    const day = await Day.make(stage, "Nog niet begonnen");
    const starts = new Date(Date.now() + 3_600_000).toISOString();
    await day.call("/guests", "PUT", { state: "expected", starts });
    return day;
  },
};

/** What has to have happened to somebody before they are who they are. */
const BECOMES = {
  async an({ page }) {
    await go(page, "/nu/vragen", "#question");
    await page.locator("#question").fill("Hoe bereiken we jongeren?");
    await page.locator("form.card button.primary").click();
    await page.locator("[data-question] button").first().waitFor();
  },
  async removed(person, day) {
    const { participants } = await day.call("", "GET");
    const { id } = participants.find(({ name }) => name === "removed");
    await day.call(`/participants/${id}`, "DELETE");
    await person.page.locator("main.narrow > h1").waitFor();
  },
  /** The console has been open before the line goes. */
  async facilitator({ page }) {
    for (const part of ["dag", "rondes"]) await go(page, `/regie/${part}`, "[data-part] h1");
  },
  /** The server refuses a change of theirs, and goes on refusing. */
  async refused(person) {
    const { page, line } = person;
    await go(page, "/nu/kaart", "#card-bring");
    await person.saved();
    line.set("cut");
    await person.offline();
    await page.locator("#card-bring").fill("Dit wordt geweigerd");
    person.refuses = true;
    line.set("open");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.locator('[data-save="refused"]').waitFor();
  },
  /** Their dots come after the vote was closed. */
  async late(person, day) {
    const { page, line } = person;
    await go(page, "/nu/stem", "[data-left]");
    line.set("cut");
    await person.offline();
    await page.locator(".dots button").last().click();
    await page.locator('[data-vote="waits"]').waitFor();
    await day.call(`/votes/${day.vote.id}/closed`, "PUT");
    line.set("open");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.locator("main [role=alert]").waitFor();
  },
  async after({ page }, day) {
    await day.close();
    await go(page, "/ik", "#typing");
  },
};

/** Goes to a path within the app, and waits for what stands there. */
export async function go(page, path, ready) {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await page.locator(ready).first().waitFor();
}

export class Venue {
  stage;
  #device;
  #days = new Map();
  #people = new Map();

  /** `device`: how everybody's browser is opened. */
  static async set(device = LAPTOP) {
    const venue = new Venue();
    venue.#device = device;
    venue.stage = await Stage.set();
    return venue;
  }

  #once(made, key, make) {
    if (!made.has(key)) made.set(key, make());
    return made.get(key);
  }

  day(name) {
    return this.#once(this.#days, name, () => MAKES[name](this.stage));
  }

  /** One of those who are here. */
  person(who) {
    return this.#once(this.#people, who, () => this.#come(who));
  }

  async #come(who) {
    const { day: name, code = "participant", group, region } = CAST[who];
    const person = await this.stage.person(who, this.#device);
    const { page, line } = person;
    person.joins = name !== undefined && who !== "waiting";
    if (who === "refused") {
      await page.routeWebSocket(/\/sync/, (socket) => {
        if (person.refuses) void socket.close({ code: 1008, reason: "refused" });
        else socket.connectToServer();
      });
    }
    await page.goto(`${line.origin}/`);
    if (name === undefined) return person;
    const day = await this.day(name);
    person.day = day;
    if (!person.joins) return person;
    await page.goto(`${line.origin}/j/${day.codes[code]}`);
    await page.locator("#name").fill(who);
    if (region !== undefined) await page.locator("#region").fill(region);
    await page.locator("#name").press("Enter");
    await page.waitForURL(/\/nu/);
    await page.locator("[data-save]").waitFor();
    if (group !== undefined) {
      const { participants } = await day.call("", "GET");
      const { id } = participants.find((each) => each.name === who);
      await day.call(`/participants/${id}`, "PUT", { group: day.opened.groups[group].id });
      await page.locator(".seat").or(page.locator("section.question")).first().waitFor();
    }
    await BECOMES[who]?.(person, day);
    return person;
  }

  /** The page speaks this language from now on, as somebody would choose it where they can. */
  async speak(person, language) {
    const { page } = person;
    if (person.joins) {
      await go(page, "/ik", "#typing");
      await page.locator(`.languages button[lang=${language}]`).click();
      await page.locator(`html[lang=${language}]`).waitFor();
    } else {
      await page.evaluate((tag) => localStorage.setItem("oogst.language", tag), language);
    }
  }

  /** Errors of all pages. */
  async faults() {
    const people = await Promise.all(this.#people.values());
    return people.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`));
  }

  strike() {
    return this.stage?.strike();
  }
}
