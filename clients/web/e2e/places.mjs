// Every page of the client, and how to bring it to each state that somebody may meet: plain,
// without a line, with something that went wrong, with a dialog open. `everybody.test.mjs` checks
// that no route and no dialog of `src` is missing here.
import {
  ALERT,
  again,
  at,
  console_,
  dialog,
  fetched,
  HARVEST,
  HOME,
  joinPath,
  load,
  mapOf,
  noticed,
  operates,
  pressed,
  ROW,
  tries,
  unfetched,
  waits,
} from "./ways.mjs";

const statement = (path) => ({
  statement: { who: "nobody", come: load(path, "main section ul") },
  "no line": { kind: "offline", who: "an", come: at(path, "main section ul") },
  unfetched: { kind: "error", who: "nobody", come: unfetched(path), leave: fetched },
});

/** By route: what it is called, who sees it, how they come there. */
export const PLACES = {
  "/": {
    home: { who: "nobody", come: load("/", HOME) },
    known: { who: "an", come: load("/", "main > button.primary"), leave: load("/nu", ".label") },
    "with four words": {
      who: "nobody",
      come: async (person) => {
        await load("/", HOME)(person);
        await person.page.locator("summary").click();
      },
    },
    "opening a day": { who: "operator", come: operates },
    "a day without a title": {
      kind: "error",
      who: "operator",
      come: async (person) => {
        await operates(person);
        await tries(person);
      },
    },
    "nothing typed": {
      kind: "error",
      who: "nobody",
      come: async (person) => {
        await load("/", HOME)(person);
        await tries(person);
      },
    },
    "no line": {
      kind: "offline",
      who: "nobody",
      come: async (person) => {
        await load("/", HOME)(person);
        await person.page.locator("summary").click();
        await person.page.locator("#words").fill("vier woorden van mij");
        person.line.set("cut");
        await person.page.locator("#words").press("Enter");
        await person.page.locator(ALERT).waitFor();
        person.line.set("open");
      },
    },
  },
  "/j": {
    join: { who: "waiting", come: load(joinPath, HOME) },
    shared: {
      who: "waiting",
      come: async (person) => {
        await load(joinPath, HOME)(person);
        await person.page.locator("form.card button[type=button]").last().click();
        await person.page.locator("fieldset input").first().waitFor();
      },
    },
    "a guest waits": { who: "waiting", come: waits },
    "a faulty code": {
      kind: "error",
      who: "waiting",
      come: async (person) => {
        await load("/j/ZZZZ-0000", HOME)(person);
        await person.page.locator("#name").fill("An");
        await tries(person);
      },
    },
    "no line": {
      kind: "offline",
      who: "waiting",
      come: async (person) => {
        await load(joinPath, HOME)(person);
        await person.page.locator("#name").fill("An");
        person.line.set("cut");
        await tries(person);
        person.line.set("open");
      },
    },
  },
  "/nu": {
    now: { who: "an", come: at("/nu", ".label") },
    "choosing a group": { who: "newcomer", come: at("/nu", "main ul button[data-group]") },
    "for a guest": { who: "guest", come: at("/nu", ".label") },
    "before it begins": { who: "early", come: at("/nu", ".label") },
    "when it is over": { who: "after", come: at("/nu", ".label") },
    "a right that ended": { who: "removed", come: at("/nu", "main.narrow > h1") },
    "no line": { kind: "offline", who: "an", come: at("/nu", ".label") },
    "no line to choose by": {
      kind: "error",
      cut: true,
      who: "newcomer",
      come: pressed("/nu", "main ul button[data-group]", "main ul button[data-group]", ALERT),
    },
  },
  "/nu/kaart": {
    card: { who: "an", come: at("/nu/kaart", "[data-card]") },
    "no line": { kind: "offline", who: "an", come: at("/nu/kaart", "#card-bring") },
    refused: noticed("/nu/kaart"),
    "beginning again": again("/nu/kaart"),
  },
  "/nu/vragen": {
    questions: { who: "an", come: at("/nu/vragen", "[data-question]") },
    editing: {
      who: "an",
      come: pressed("/nu/vragen", "[data-question]", "[data-question] button", ".acts"),
    },
    "without a group": { who: "newcomer", come: at("/nu/vragen", "[data-question]") },
    "no line": { kind: "offline", who: "an", come: at("/nu/vragen", "#question") },
    refused: noticed("/nu/vragen"),
    "beginning again": again("/nu/vragen"),
  },
  "/nu/stem": {
    open: { who: "an", come: at("/nu/stem", "[data-left]") },
    voted: {
      who: "an",
      come: pressed("/nu/stem", "[data-left]", ".dots button:last-child", "[data-vote=arrived]"),
    },
    "with its questions": {
      who: "an",
      come: pressed("/nu/stem", "[data-left]", "summary", "details[open] p"),
    },
    none: { who: "early", come: at("/nu/stem", "main .hint") },
    closed: {
      who: "reader",
      come: async (person, venue) => {
        await venue.person("late");
        await at("/nu/stem", "p.card")(person);
      },
    },
    shown: { who: "after", come: at("/nu/stem", "main .narrow :is(ol, ul)") },
    "no line": {
      kind: "offline",
      who: "an",
      come: pressed("/nu/stem", "[data-left]", ".dots button:last-child", "[data-vote=waits]"),
    },
    late: { kind: "error", who: "late", come: at("/nu/stem", `main ${ALERT}`) },
  },
  "/nu/afronden": {
    closing: { who: "an", come: at("/nu/afronden", "#closing-word") },
    "no line": {
      kind: "offline",
      who: "an",
      come: async (person) => {
        await at("/nu/afronden", "fieldset")(person);
        await person.page.locator("fieldset input:not(:checked)").first().check();
        await person.page.locator("[data-consent=waits]").waitFor();
      },
    },
    refused: noticed("/nu/afronden"),
    "beginning again": again("/nu/afronden"),
  },
  "/nu/welkom": {
    brief: { who: "guest", come: at("/nu/welkom", "section.question ~ section ol") },
    "no line": { kind: "offline", who: "guest", come: at("/nu/welkom", "section.question") },
  },
  "/groep": {
    harvest: { who: "an", come: at("/groep", ROW) },
    "choosing a group": { who: "an", come: at("/groep/kies", "main.narrow li button") },
    empty: { who: "early", come: at("/groep", ".empty img") },
    "called together, and locked": { who: "reader", come: at("/groep", "[data-show]") },
    "a locked document": { who: "reader", come: at(mapOf, ".notice") },
    "a document": { who: "an", come: at(mapOf, "[data-kind] h1") },
    "no such document": { who: "an", come: at("/groep/niet-hier", "main.narrow > h1") },
    "a kind to choose": {
      who: "an",
      come: pressed("/groep", ROW, ".chips .chip:nth-of-type(2)", "form.composer [role=group]"),
    },
    "for an observer": { who: "observer", come: at("/groep", "main.narrow") },
    "no line": { kind: "offline", who: "an", come: at("/groep", HARVEST) },
    "a document without a line": { kind: "offline", who: "an", come: at(mapOf, "[data-kind] h1") },
    "no line to choose by": {
      kind: "error",
      cut: true,
      who: "an",
      come: pressed("/groep/kies", "main.narrow li", "main.narrow li:last-child button", ALERT),
    },
    refused: noticed("/groep"),
    "an insight": { ...dialog("/groep", ROW, ROW), who: "an", shows: "ItemSheet" },
    "a locked insight": { ...dialog("/groep", ROW, ROW), who: "reader" },
    wording: {
      ...dialog("/groep", ROW, "section.question button[aria-haspopup]"),
      who: "an",
      shows: "WordingDialog",
    },
    "a new document": {
      ...dialog("/groep", ROW, "nav button[aria-haspopup]"),
      who: "an",
      shows: "NewDocument",
    },
    "no new document without a line": {
      ...dialog("/groep", ROW, "nav button[aria-haspopup]", {
        inside: async ({ page }) => {
          await page.locator("dialog li button").first().click();
          await page.locator(`dialog ${ALERT}`).waitFor();
        },
      }),
      cut: true,
      who: "an",
    },
    "an entry of a document": {
      ...dialog(mapOf, "[data-kind] h1", "button.open", {
        before: async (person) => {
          if ((await person.page.locator("button.open").count()) > 0) return;
          await person.page.locator("main form textarea").first().fill("Huis van het Kind");
          await person.page.locator("main form textarea").first().press("Enter");
        },
      }),
      who: "an",
      shows: "ItemForm",
    },
    "beginning again": again("/groep"),
  },
  "/ik": {
    me: { who: "an", come: at("/ik", "#typing") },
    "another name": {
      who: "an",
      come: pressed("/ik", "#typing", "main .narrow > button", "#own-name"),
      leave: at("/nu", ".label"),
    },
    "a right that ended": { who: "removed", come: at("/ik", "#typing") },
    "no line": { kind: "offline", who: "an", come: at("/ik", "#typing") },
    "no name": {
      kind: "error",
      who: "an",
      come: async (person) => {
        await pressed("/ik", "#typing", "main .narrow > button", "#own-name")(person);
        await person.page.locator("#own-name").fill("");
        await person.page.locator("#own-name").press("Enter");
        await person.page.locator(ALERT).waitFor();
      },
      leave: at("/nu", ".label"),
    },
    leaving: {
      ...dialog("/ik", "#typing", ".ways button[aria-haspopup]"),
      who: "an",
      shows: "Leave",
    },
    "no leaving without a line": {
      ...dialog("/ik", "#typing", ".ways button[aria-haspopup]", {
        inside: async ({ page }) => {
          await page.locator("dialog button.danger").click();
          await page.locator(`dialog ${ALERT}`).waitFor();
        },
      }),
      cut: true,
      who: "newcomer",
    },
  },
  "/muur": {
    wall: { who: "an", come: at("/muur", "main h1") },
    "no line": { kind: "offline", who: "an", come: at("/muur", "main .offline") },
    nobody: { kind: "error", who: "nobody", come: load("/muur", "main.narrow > h1") },
    "a right that ended": { kind: "error", who: "removed", come: at("/muur", "main.narrow > h1") },
  },
  "/dag": {
    replay: { who: "an", come: at("/dag", "[data-insight] button") },
    "no line": { kind: "offline", who: "an", come: at("/dag", ALERT) },
    "no line to go on by": {
      kind: "error",
      who: "guest",
      come: async (person) => {
        await at("/dag", "input[type=range]")(person);
        person.line.set("cut");
        await person.page.locator("input[type=range]").press("Home");
        await person.page.locator(ALERT).waitFor();
        person.line.set("open");
      },
    },
    life: {
      ...dialog("/dag", "[data-insight] button", "[data-insight] button", {
        inside: ({ page }) => page.locator("dialog li").first().waitFor(),
      }),
      who: "an",
      shows: "Life",
    },
  },
  "/verslag": {
    report: { who: "an", come: at("/verslag", ".points") },
    "no line": { kind: "offline", who: "an", come: at("/verslag", ALERT) },
    "no line to fetch a file by": {
      kind: "error",
      who: "guest",
      come: async (person) => {
        await at("/verslag", ".files button")(person);
        person.line.set("cut");
        await person.page.locator(".files button").first().click();
        await person.page.locator(ALERT).waitFor();
        person.line.set("open");
      },
    },
  },
  "/regie": {
    "the way in": { who: "nobody", come: load("/regie", "#code") },
    day: { who: "facilitator", come: at(...console_("dag")) },
    "for somebody else": { who: "an", come: at("/regie", "main.narrow > h1") },
    "nothing typed": {
      kind: "error",
      who: "nobody",
      come: async (person) => {
        await load("/regie", "#code")(person);
        await person.page.locator("form button.primary").click();
        await person.page.locator(ALERT).waitFor();
      },
    },
    "no line": { kind: "offline", who: "facilitator", come: at(...console_("dag")) },
    "no line to seat by": {
      kind: "error",
      cut: true,
      who: "facilitator",
      come: pressed(...console_("rondes"), ".standing .buttons button", ALERT),
    },
    "a block": {
      ...dialog(...console_("dag"), "[data-block] button.plain"),
      who: "facilitator",
      shows: "BlockSheet",
    },
    "a person": {
      ...dialog(...console_("mensen"), ".regions li button"),
      who: "facilitator",
      shows: "PersonSheet",
    },
    "a seat": {
      ...dialog(...console_("rondes"), "button.chip"),
      who: "facilitator",
      shows: "SeatSheet",
    },
    "a code for the room": {
      ...dialog(...console_("codes"), ".codes button"),
      who: "facilitator",
      shows: "BigCode",
    },
    "a question first": {
      ...dialog(...console_("slot"), ".stack > .buttons button.primary"),
      who: "facilitator",
      shows: "Ask",
    },
  },
  "/privacy": statement("/privacy"),
  "/toegankelijkheid": statement("/toegankelijkheid"),
  "/nergens": {
    // The server gives the page at the client's own routes alone.
    unknown: { who: "nobody", come: load("/j/", "main.narrow > h1") },
    "no line": { kind: "offline", who: "an", come: at("/nergens", "main.narrow > h1") },
  },
};

/** What a route cannot show, and why. */
export const NEVER = {
  "/": { dialog: "the way in opens none" },
  "/j": { dialog: "the way in opens none" },
  "/nu": { dialog: "everything there is a link" },
  "/nu/stem": { dialog: "a dot is given and taken at once" },
  "/nu/welkom": { error: "it reads again by itself", dialog: "it is read, not written" },
  "/muur": { dialog: "it is looked at" },
  "/verslag": { dialog: "it is read" },
  "/privacy": { dialog: "it is read" },
  "/toegankelijkheid": { dialog: "it is read" },
  "/nergens": { error: "there is nothing that could fail", dialog: "there is nothing to ask" },
};

/** All of it in a row, with the route's first place as the one that stands for it. */
export const ALL = Object.entries(PLACES).flatMap(([route, places]) =>
  Object.entries(places).map(([name, place], index) => ({
    kind: "plain",
    ...place,
    route,
    name: `${route}: ${name}`,
    stands: index === 0,
    cut:
      place.cut ?? (place.kind === "offline" && place.who !== "nobody" && place.who !== "waiting"),
  })),
);
