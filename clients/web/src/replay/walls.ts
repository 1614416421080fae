// The walls of moments that are over: each is fetched once, at most one at a time, and what is no
// longer wanted is given up.

import { type Reader, type Wall, wallAt } from "../api/index.ts";

const KEPT_MAX = 80;
/** A request that takes longer is given up for the moment that is wanted now. */
const PATIENT_MS = 400;

export class Walls {
  readonly #reader: Reader;
  readonly #shown: (seq: number, wall: Wall) => void;
  readonly #failed: (error: unknown) => void;
  readonly #kept = new Map<number, Wall>();
  #wanted: number | null = null;
  #asked: { readonly seq: number; readonly since: number; readonly stop: AbortController } | null =
    null;
  #ahead: readonly number[] = [];

  constructor(
    reader: Reader,
    shown: (seq: number, wall: Wall) => void,
    failed: (error: unknown) => void,
  ) {
    this.#reader = reader;
    this.#shown = shown;
    this.#failed = failed;
  }

  /** Shows the wall of this event as soon as it is there; then fetches what may come next. */
  want(seq: number, ahead: readonly number[] = []): void {
    this.#wanted = seq;
    this.#ahead = ahead;
    const kept = this.#kept.get(seq);
    if (kept !== undefined) this.#shown(seq, kept);
    const asked = this.#asked;
    if (asked === null) void this.#go();
    else if (asked.seq !== seq && performance.now() - asked.since > PATIENT_MS) asked.stop.abort();
  }

  close(): void {
    this.#wanted = null;
    this.#ahead = [];
    this.#asked?.stop.abort();
  }

  #next(): number | null {
    const missing = (seq: number): boolean => !this.#kept.has(seq);
    if (this.#wanted !== null && missing(this.#wanted)) return this.#wanted;
    return this.#ahead.find(missing) ?? null;
  }

  async #go(): Promise<void> {
    for (let seq = this.#next(); seq !== null; seq = this.#next()) {
      const stop = new AbortController();
      this.#asked = { seq, since: performance.now(), stop };
      try {
        const wall = await wallAt({ ...this.#reader, signal: stop.signal }, seq);
        this.#keep(seq, wall);
        if (this.#wanted === seq) this.#shown(seq, wall);
      } catch (error) {
        if (stop.signal.aborted) continue;
        this.#ahead = this.#ahead.filter((each) => each !== seq);
        if (this.#wanted === seq) {
          this.#wanted = null;
          this.#failed(error);
        }
      } finally {
        this.#asked = null;
      }
    }
  }

  #keep(seq: number, wall: Wall): void {
    this.#kept.set(seq, wall);
    if (this.#kept.size <= KEPT_MAX) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && oldest !== this.#wanted) this.#kept.delete(oldest);
  }
}
