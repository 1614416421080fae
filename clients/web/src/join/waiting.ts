// The waiting page of a guest who scanned early: it asks again by itself, and brings them in.

import type { Joined } from "../api/answers.ts";
import { ApiError } from "../api/call.ts";
import { type JoinRequest, join } from "../api/joining.ts";
import { timeOfDay } from "../language.ts";
import type { First } from "../messages/first/nl.ts";
import { el } from "./dom.ts";

/** Milliseconds between two tries; a room of guests does not ask in step. */
const EVERY_MS = 8_000;

interface Wait {
  readonly request: JoinRequest;
  /** When guests are let in, as far as the server said. */
  readonly starts: string | null;
  readonly t: First;
  readonly joined: (answer: Joined) => void;
  /** Back to the form: with what went wrong, or by choice. */
  readonly stopped: (error: unknown) => void;
}

export function wait({ request, starts, t, joined, stopped }: Wait): {
  readonly shown: HTMLElement;
  readonly stop: () => void;
} {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Two answers at once would bring two of them in.
  let asking = false;

  const when = el("p", { class: "when" });
  const hint = el("p", { class: "hint", role: "status" }, t.join.waitingHint);
  const tell = (at: string | null): void => {
    when.textContent = at === null ? t.join.waitingSoon : t.join.waitingAt(timeOfDay(new Date(at)));
  };
  const cut = (is: boolean): void => {
    const text = is ? t.join.waitingCut : t.join.waitingHint;
    if (hint.textContent !== text) hint.textContent = text;
  };
  const stop = (): void => {
    controller.abort();
    clearTimeout(timer);
  };
  const later = (): void => {
    timer = setTimeout(() => void ask(), EVERY_MS * (0.75 + Math.random() / 2));
  };

  async function ask(): Promise<void> {
    if (asking || signal.aborted) return;
    asking = true;
    clearTimeout(timer);
    try {
      const answer = await join(request);
      // An answer that comes in after all brings one in after all.
      if ("token" in answer) {
        stop();
        joined(answer);
        return;
      }
      tell(answer.starts);
      cut(false);
    } catch (error) {
      // A line that is down or a server that starts again: the waiting goes on.
      if (error instanceof ApiError && [400, 404, 409].includes(error.status)) {
        if (!signal.aborted) {
          stop();
          stopped(error);
        }
        return;
      }
      cut(true);
    } finally {
      asking = false;
    }
    if (!signal.aborted) later();
  }

  const look = (): void => {
    if (document.visibilityState === "visible") void ask();
  };
  document.addEventListener("visibilitychange", look, { signal });
  window.addEventListener("online", look, { signal });
  tell(starts);
  // After a reload nothing is known of when: it is asked at once.
  if (starts === null) setTimeout(look, 0);
  else later();

  const back = (): void => {
    stop();
    stopped(null);
  };
  const shown = el(
    "section",
    { class: "card waiting" },
    el("h1", { tabindex: -1 }, `${t.join.waitingTitle}, ${request.name}`),
    when,
    hint,
    el("button", { click: back }, t.join.waitingStop),
  );
  return { shown, stop };
}
