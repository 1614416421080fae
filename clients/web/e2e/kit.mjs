// What every browser test stands on: the real server in a folder of its own, a browser, people.
//
// Nothing here sleeps to let something happen: it waits for what can be seen, with a deadline.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { Line } from "./line.mjs";

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const LAPTOP = { viewport: { width: 1280, height: 800 } };
/** The server's name on a venue's own network, without https. */
export const LOCAL_NAME = "zaal.test";
export const DEADLINE_MS = 40_000;

const SERVER =
  process.env.OOGST_SERVER_BIN ??
  new URL("../../../target/debug/oogst-server", import.meta.url).pathname;
const CHROMIUM = process.env.OOGST_CHROMIUM ?? "/usr/bin/chromium";
export const OPERATOR_KEY = "e2e-operator-key-of-more-than-32-characters";

export const GROUPS = [
  { name: "Tafel 1", question: "Hoe bereiken we wie nooit op een inspraakavond komt?" },
  { name: "Tafel 2", question: "Wat doet een bestuur met wat bewoners zeggen?" },
  { name: "Tafel 3" },
];

/** The real server, on a port of its own, with a data directory that outlives a restart. */
export class Server {
  #data = mkdtempSync(join(tmpdir(), "oogst-e2e-"));
  #child = null;
  port = 0;

  static async start() {
    assert.ok(existsSync(SERVER), `no server at ${SERVER}: run cargo build -p oogst-server`);
    const server = new Server();
    await server.#run();
    return server;
  }

  async #run() {
    const child = spawn(SERVER, ["serve", "--listen", "127.0.0.1:0", "--data", this.#data], {
      env: { ...process.env, OOGST_OPERATOR_KEY: OPERATOR_KEY },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    this.port = await new Promise((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (chunk) => {
        text += chunk;
        const found = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
        if (found) resolve(Number(found[1]));
      });
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
      setTimeout(() => reject(new Error(`the server is not ready: ${said}`)), DEADLINE_MS).unref();
    });
  }

  /** SIGKILL, as a power cut would: nothing is told, nothing is tidied. */
  async kill() {
    const child = this.#child;
    const gone = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** Starts again on the same data. */
  restart() {
    return this.#run();
  }

  async stop() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }

  async call(path, { method = "GET", token = OPERATOR_KEY, body } = {}) {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  open(title = "Lerend netwerk, dag 3", groups = GROUPS) {
    const body = { title, language: "nl-BE", groups };
    return this.call("/api/gatherings", { method: "POST", body });
  }
}

/** Server, proxy and browser for one file of tests. */
export class Stage {
  server;
  browser;
  #proxies = [];

  static async set() {
    assert.ok(existsSync(CHROMIUM), `no Chromium at ${CHROMIUM}: apt-get install chromium`);
    const stage = new Stage();
    stage.server = await Server.start();
    const args = [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      // A name that is not this machine's own: over plain http no secure context.
      `--host-resolver-rules=MAP ${LOCAL_NAME} 127.0.0.1`,
    ];
    stage.browser = await chromium.launch({ executablePath: CHROMIUM, args });
    return stage;
  }

  /** A line of one's own to the server. */
  async line() {
    const proxy = await Line.before(this.server.port);
    this.#proxies.push(proxy);
    return proxy;
  }

  /** A browser of one's own, on a line of one's own. */
  async person(name, device, more = {}) {
    const line = await this.line();
    const context = await this.browser.newContext({ locale: "nl-BE", ...device, ...more });
    return new Person(name, await context.newPage(), line);
  }

  /** Starts the killed server again, and leads every line to it. */
  async restart() {
    await this.server.restart();
    for (const proxy of this.#proxies) proxy.lead(this.server.port);
  }

  async strike() {
    await this.browser?.close();
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
    await this.server?.stop();
  }
}

export class Person {
  /** Errors of the page: a test ends with none. */
  faults = [];

  constructor(name, page, line) {
    this.name = name;
    this.page = page;
    this.line = line;
    page.setDefaultTimeout(DEADLINE_MS);
    page.on("pageerror", (error) => this.faults.push(String(error)));
    page.on("console", (message) => {
      const text = message.text();
      if (/Content.Security.Policy|Refused to/i.test(text)) this.faults.push(text);
    });
  }

  /** The same person in another tab of the same browser. */
  async tab() {
    const other = new Person(this.name, await this.page.context().newPage(), this.line);
    await other.page.goto(`${this.line.origin}/groep`);
    return other;
  }

  async join(code, group) {
    const { page } = this;
    await page.goto(`${this.line.origin}/j/${code}`);
    await page.getByLabel("Hoe heet je?").fill(this.name);
    await page.getByRole("button", { name: "Doe mee" }).click();
    await page.getByRole("button", { name: new RegExp(`^${group}`) }).click();
    await this.composer.waitFor();
  }

  get composer() {
    return this.page.getByRole("textbox", { name: "Nieuw inzicht" });
  }

  async add(text) {
    await this.composer.fill(text);
    await this.composer.press("Enter");
    await this.item(text).waitFor();
  }

  /** The row of the insight with this text. */
  item(text) {
    return this.page.locator("[data-item]").filter({ hasText: text });
  }

  async act(text, action) {
    await this.item(text).getByRole("button").click();
    const sheet = this.page.getByRole("dialog");
    await sheet.getByRole("button", { name: action, exact: true }).click();
    if (action !== "Bewerk" && (await sheet.count()) > 0) await this.page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
  }

  /** What the save line says now: `saved`, `saving`, `offline`, … */
  save() {
    return this.page.locator("[data-save]").getAttribute("data-save");
  }

  saved() {
    return this.page.locator('[data-save="saved"]').waitFor();
  }

  offline() {
    return this.page.locator('[data-save="offline"]').waitFor();
  }

  /** Notes every word that the save line shows, from now until the page is loaded anew. */
  async watchSave() {
    await this.page.evaluate(() => {
      const seen = [];
      window.seenSaveLine = seen;
      const look = () => {
        const now = document.querySelector("[data-save]")?.getAttribute("data-save");
        if (now && seen.at(-1) !== now) seen.push(now);
      };
      look();
      const options = { subtree: true, childList: true, attributes: true };
      new MutationObserver(look).observe(document.body, options);
    });
    return () => this.page.evaluate(() => window.seenSaveLine);
  }

  /** The harvest as this page draws it: one line an insight, its level before its text. */
  lines() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll("[data-item]")].map((row) => {
        const text =
          row.querySelector("textarea")?.value ?? row.querySelector(".text")?.textContent;
        return `${row.dataset.level} ${text?.trim()}`;
      }),
    );
  }
}

/** Waits until `look` gives what `wanted` says; fails with the last look at the deadline. */
export async function until(what, look, wanted = (found) => found === true) {
  const end = Date.now() + DEADLINE_MS;
  let found;
  do {
    found = await look();
    if (wanted(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < end);
  assert.fail(`${what}: ${JSON.stringify(found)}`);
}

/**
 * A page that answers and draws nothing any more, seen once: Chromium gives it no frames. Another
 * load of it mends that.
 */
export class Stuck extends Error {}

/** Waits until what was just changed of the page's look is drawn. */
export async function drawn(page) {
  const frames = page.evaluate(
    (within) =>
      new Promise((done) => {
        setTimeout(() => done(false), within);
        requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
      }),
    DEADLINE_MS,
  );
  if (!(await frames)) throw new Stuck(`${page.url()} draws nothing any more`);
}

/** Gives the page another size, and waits until it is drawn so: what stands there may change. */
export async function resize(page, size) {
  await page.setViewportSize(size);
  await page.waitForFunction((width) => window.innerWidth === width, size.width);
  await drawn(page);
}

/** Waits until both pages draw the same, and gives it. */
export async function equal(one, other) {
  let seen;
  await until(
    "both see the same harvest",
    async () => {
      seen = [await one.lines(), await other.lines()];
      return seen;
    },
    ([left, right]) => JSON.stringify(left) === JSON.stringify(right),
  );
  return seen[0];
}
