// What this device says of what waits on it, so that who closes the day knows whom to wait for.
//
// All tabs of a browser are one device: what one of them noted as unsent counts in each. It speaks
// when the number changes and while somebody looks at it, and says a last word when it is put
// away. Without a line it can't: its silence then says so.

import { untrack } from "svelte";
import { ApiError, sayHolding } from "../api/index.ts";
import { device, type Me, unsent } from "../me.ts";

/** The server takes more than twice this without a word for a lost line. */
const SPEAKS_EVERY_MS = 20_000;
/** What is typed in one go is said once. */
const GATHERS_MS = 2_000;

const isLookedAt = (): boolean => document.visibilityState === "visible";

export class Holding {
  readonly #me: Me;
  readonly #device: string;
  readonly #waiting: () => number;
  readonly #controller = new AbortController();
  readonly #uncount: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What was said last, while the server is known to have it. */
  #said: number | null = null;
  #speaking = false;

  /** `waiting`: things changed that the server has not named, as far as this page knows. */
  constructor(me: Me, waiting: () => number) {
    this.#me = me;
    this.#device = device(me.participant);
    this.#waiting = waiting;
    this.#uncount = $effect.root(() => {
      $effect(() => {
        this.#waiting();
        untrack(() => this.#soon());
      });
    });
    const { signal } = this.#controller;
    const look = (): void => (isLookedAt() ? void this.speak() : this.#leave());
    document.addEventListener("visibilitychange", look, { signal });
    window.addEventListener("pagehide", () => this.#leave(), { signal });
    look();
  }

  /** How many things wait on this device, in whichever tab they were changed. */
  get #unsent(): number {
    const documents = new Set(unsent(this.#me.participant).map(({ url }) => url));
    return Math.max(this.#waiting(), documents.size);
  }

  /** Something changed: it is said in a moment, unless that is what was said already. */
  #soon(): void {
    if (this.#said !== this.#unsent) this.#again(GATHERS_MS);
  }

  #again(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#controller.signal.aborted) return;
    this.#timer = setTimeout(() => void this.speak(), milliseconds);
  }

  /** Says how it is, and goes on doing so while somebody looks. */
  async speak(): Promise<void> {
    if (this.#speaking || this.#controller.signal.aborted) return;
    this.#speaking = true;
    const now = this.#unsent;
    try {
      await this.#say(now, false);
      this.#said = now;
    } catch (error) {
      this.#said = null;
      // Whoever takes no part any more has nobody to tell.
      if (error instanceof ApiError && [401, 403, 404].includes(error.status)) this.close();
    } finally {
      this.#speaking = false;
      if (this.#said !== null && this.#said !== this.#unsent) this.#again(GATHERS_MS);
      else if (this.#said === null || isLookedAt()) this.#again(SPEAKS_EVERY_MS);
    }
  }

  /** The last word, unless something changes behind the scenes: nobody looks any more. */
  #leave(): void {
    clearTimeout(this.#timer);
    const now = this.#unsent;
    this.#said = now;
    this.#say(now, true).catch(() => {
      this.#said = null;
    });
  }

  #say(unsent: number, last: boolean): Promise<void> {
    const word = { unsent, open: !last && isLookedAt() };
    return sayHolding(this.#me.gathering, this.#device, word, this.#me.token, last);
  }

  close(): void {
    this.#controller.abort();
    clearTimeout(this.#timer);
    this.#uncount();
  }
}
