// Where every page begins: the way in is drawn at once, without anything heavy; every other page is
// the app's, which is fetched while somebody still says who they are.

import "./styles/base.css";
import { FIRST, language } from "./language.ts";
import { takeOperatorKey } from "./operator.ts";
import { backoff } from "./sync/backoff.ts";

// automerge-repo gives up on a document after a minute without a word and says so by a rejection
// that nobody can catch; the line mends itself, so that is no fault of the page.
window.addEventListener("unhandledrejection", (event) => {
  if (String(event.reason).includes("Timeout")) event.preventDefault();
});

/** A code as its address spells it: where that is no text, the characters that it has. */
function spelled(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}

/** How long the join page has the line to itself, in milliseconds. */
const AHEAD_AFTER_MS = 300;

const app = () => import("./app.ts");

/** Fetches the app while somebody says who they are; who needs it fetches it again. */
const ahead = (): Promise<void> =>
  app().then(
    (found) => found.ahead(),
    () => {},
  );

/** The line went down before the page came: there may be no words yet to say it in. */
function again(target: HTMLElement): void {
  const main = document.createElement("main");
  main.className = "narrow";
  const button = document.createElement("button");
  button.textContent = "Opnieuw · Réessayer · Try again";
  button.onclick = () => location.reload();
  main.append(button);
  target.replaceChildren(main);
}

function begin(target: HTMLElement): void {
  const path = location.pathname;
  const code = /^\/j\/([^/]+)\/?$/.exec(path)?.[1] ?? null;
  const joins = code !== null || (path === "/" && takeOperatorKey() === null);
  const start = (attempt = 0): void =>
    void app()
      .then((found) => found.start(target))
      .catch(() => {
        again(target);
        setTimeout(() => start(attempt + 1), backoff(attempt));
      });
  if (!joins) {
    start();
    return;
  }
  const enter = (to: string): void => {
    history.pushState(null, "", to);
    start();
  };
  const typed = code === null ? null : spelled(code);
  Promise.all([import("./join/page.ts"), FIRST[language()]()]).then(
    ([{ joinPage }, words]) => {
      joinPage({ target, words, code: typed, enter });
      setTimeout(() => void ahead(), AHEAD_AFTER_MS);
    },
    () => again(target),
  );
}

const target = document.getElementById("app");
if (target !== null) begin(target);
