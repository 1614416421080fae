// Which devices still hold something, as they said themselves; asked again while the page shows it.

import { devices, type HoldingDevice } from "../api/index.ts";
import { device } from "../me.ts";
import type { Desk } from "./desk.svelte.ts";

const ASKS_EVERY_MS = 5_000;

export class Held {
  /** Those that are a concern, but this one, which knows better of itself; `null`: not known. */
  devices = $state.raw<readonly HoldingDevice[] | null>(null);
  /** How many devices were heard of, and since when the server has listened. */
  heard = $state(0);
  since = $state("");
  /** An answer came, or none could be had. */
  asked = $state(false);
  readonly #desk: Desk;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const own = device(this.#desk.session.me.participant);
    try {
      const told = await devices(this.#desk.id, this.#desk.token);
      this.devices = told.holding.filter((each) => each.device !== own);
      this.heard = told.heard;
      this.since = told.since;
    } catch {
      // What was told a while ago says nothing of now.
      this.devices = null;
    }
    this.asked = true;
    if (!this.#over) this.#timer = setTimeout(() => void this.#ask(), ASKS_EVERY_MS);
  }

  close(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}
