// Conducting the day: blocks, clocks, the spotlight, guests. For facilitators. Every answer is how
// the day goes from now on.

import type { Conduct, Spotlight, TimerScope } from "./answers.ts";
import { call } from "./call.ts";

const put = (id: string, below: string, body?: unknown): Promise<Conduct> =>
  call(`/api/gatherings/${id}/${below}`, {
    method: "PUT",
    ...(body === undefined ? {} : { body }),
  });

/**
 * Starts a clock, or stops it with `null`; everybody's where no scope is given. A clock of as many
 * seconds that runs goes on as it does: who wants it from the start stops it first.
 */
export const setTimer = (
  id: string,
  seconds: number | null,
  scope: TimerScope = { kind: "gathering" },
): Promise<Conduct> => put(id, "timer", { scope, seconds });

/**
 * What everybody is asked to look at. A group or an item stands in the spotlight; a round calls
 * everybody together: every page then asks its people to come along, and takes nobody's field away.
 */
export const setSpotlight = (id: string, spotlight: Spotlight | null): Promise<Conduct> =>
  put(id, "spotlight", { spotlight });

/** Begins a block, and so ends the one that runs. */
export const startBlock = (id: string, block: string): Promise<Conduct> =>
  put(id, `blocks/${block}/started`);

export const endBlock = (id: string, block: string): Promise<Conduct> =>
  put(id, `blocks/${block}/ended`);

/** Puts a block and all after it so much later than planned in all, earlier shifts included. */
export const shiftBlock = (id: string, block: string, minutes: number): Promise<Conduct> =>
  put(id, `blocks/${block}/shifted`, { minutes });

export type SetGuests =
  | { readonly state: "expected"; readonly starts: string }
  | { readonly state: "admitted"; readonly until?: string }
  | { readonly state: "dismissed" };

/** Says when guests are let in, lets them in, or ends their time. */
export const setGuests = (id: string, guests: SetGuests): Promise<Conduct> =>
  put(id, "guests", guests);
