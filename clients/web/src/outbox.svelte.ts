// Acts over HTTP that have to arrive whatever the line does: a ballot, a consent. The newest is
// kept on this device with whether the server took it, sent again until it did, and counted by the
// save line until then. A later one takes the place of an earlier.

import { ApiError, castBallot, type Dots, type Publish, setConsent } from "./api/index.ts";
import type { Me } from "./me.ts";
import { backoff } from "./sync/backoff.ts";

/** What is gathered into one request: a thumb that gives three dots. */
const GATHERS_MS = 250;

interface Kept<Value> {
  readonly value: Value;
  readonly state: "waits" | "arrived" | "refused";
}

const keyOf = (who: string, name: string): string => `oogst.outbox.${who}.${name}`;

function kept<Value>(key: string): Kept<Value> | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Kept<Value> | null;
  } catch {
    return null;
  }
}

export class Sending<Value> {
  /** What is wanted here; `null` where nothing ever was. */
  value = $state.raw<Value | null>(null);
  /** `sending`: the first try is on its way. `waits`: it did not arrive, and is tried again. */
  state = $state<"still" | "sending" | "waits" | "arrived" | "refused">("still");
  readonly #key: string;
  readonly #send: (value: Value) => Promise<unknown>;
  readonly #changed: () => void;
  #turn = 0;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(key: string, send: (value: Value) => Promise<unknown>, changed: () => void) {
    this.#key = key;
    this.#send = send;
    this.#changed = changed;
    const before = kept<Value>(key);
    if (before === null) return;
    this.value = before.value;
    this.state = before.state;
    if (this.state === "waits") this.#soon(0);
  }

  get owed(): boolean {
    return this.state === "sending" || this.state === "waits";
  }

  /** Wants this from now on. It stands on this device when this returns. */
  want(value: Value): void {
    this.value = value;
    this.state = "sending";
    this.#turn += 1;
    this.#tries = 0;
    this.#keep("waits");
    this.#soon(GATHERS_MS);
  }

  /** The line may be back. */
  hurry(): void {
    if (this.state === "waits") this.#soon(0);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #soon(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#try(), milliseconds);
  }

  async #try(): Promise<void> {
    const { value } = this;
    const turn = this.#turn;
    if (value === null) return;
    try {
      await this.#send(value);
      if (turn !== this.#turn) return;
      this.state = "arrived";
      this.#keep("arrived");
    } catch (error) {
      if (turn !== this.#turn) return;
      const status = error instanceof ApiError ? error.status : 0;
      if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
        this.state = "refused";
        this.#keep("refused");
        return;
      }
      this.state = "waits";
      const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
      this.#soon(Math.max(asked, backoff(this.#tries)));
      this.#tries += 1;
    }
  }

  #keep(state: Kept<Value>["state"]): void {
    this.#changed();
    try {
      localStorage.setItem(this.#key, JSON.stringify({ value: this.value, state }));
    } catch {
      // It stands on this page then, which tries it for as long as it is open.
    }
  }
}

export class Outbox {
  readonly #me: Me;
  /** How many the server has not taken yet. */
  waiting = $state(0);
  readonly #all = new Map<string, Sending<never>>();
  readonly #controller = new AbortController();

  constructor(me: Me) {
    this.#me = me;
    // What an earlier page could not bring goes on from here.
    for (const name of this.#names()) this.#of(name);
    this.#count();
    window.addEventListener("online", () => this.hurry(), { signal: this.#controller.signal });
  }

  get consent(): Sending<Publish> {
    return this.#of("consent") as unknown as Sending<Publish>;
  }

  ballot(vote: string): Sending<Dots> {
    return this.#of(`ballot.${vote}`) as unknown as Sending<Dots>;
  }

  /** The line is back. */
  hurry(): void {
    for (const each of this.#all.values()) each.hurry();
  }

  close(): void {
    this.#controller.abort();
    for (const each of this.#all.values()) each.close();
  }

  #names(): string[] {
    const start = keyOf(this.#me.participant, "");
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(start) && kept(key)?.state === "waits")
        .map((key) => key.slice(start.length));
    } catch {
      return [];
    }
  }

  #of(name: string): Sending<never> {
    const found = this.#all.get(name);
    if (found !== undefined) return found;
    const key = keyOf(this.#me.participant, name);
    const made = new Sending<never>(key, this.#sender(name), () => this.#count());
    this.#all.set(name, made);
    return made;
  }

  #count(): void {
    this.waiting = [...this.#all.values()].filter(({ owed }) => owed).length;
  }

  #sender(name: string): (value: never) => Promise<unknown> {
    const { gathering, token } = this.#me;
    if (name === "consent") return (value: Publish) => setConsent(gathering, value, token);
    const vote = name.slice("ballot.".length);
    return (value: Dots) => castBallot(gathering, vote, value);
  }
}
