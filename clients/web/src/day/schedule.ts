// When each block is, by the plan and by what really happened. The clock that shows is that of the
// block that was started, never the planned one.

import type { BlockTimes, Conduct, Timer } from "../api/answers.ts";
import type { Block } from "./programme.ts";

const MINUTE_MS = 60_000;

export interface Slot {
  readonly block: Block;
  /** Milliseconds since 1970; `null` where neither clock nor plan says. */
  readonly starts: number | null;
  readonly ends: number | null;
  readonly state: "over" | "running" | "ahead";
}

/** `HH:MM` on the day of `date` (its own or today), by this device's clock. */
function at(clock: string, date: string | null, now: number): number | null {
  const [hours, minutes] = clock.split(":").map(Number);
  if (hours === undefined || minutes === undefined || Number.isNaN(hours + minutes)) return null;
  const day = date === null ? new Date(now) : new Date(`${date}T00:00:00`);
  day.setHours(hours, minutes, 0, 0);
  return day.getTime();
}

const moment = (time: string | null | undefined): number | null =>
  time === null || time === undefined ? null : Date.parse(time);

/**
 * The blocks with their times. What was started counts from its real start; what is ahead follows
 * what is before it, or its own fixed time where that is later, and every shift up to it.
 */
export function schedule(
  blocks: readonly Block[],
  conduct: Conduct | null,
  date: string | null,
  now: number,
): Slot[] {
  const times = new Map<string, BlockTimes>((conduct?.blocks ?? []).map((each) => [each.id, each]));
  let next: number | null = null;
  let shifted = 0;
  return blocks.map((block) => {
    const real = times.get(block.id);
    shifted += (real?.shifted_minutes ?? 0) * MINUTE_MS;
    const started = moment(real?.started);
    const ended = moment(real?.ended);
    const running = conduct?.running === block.id;
    if (started !== null) {
      const ends = running ? runsUntil(block, started, conduct?.timers ?? []) : ended;
      next = ends ?? started + block.minutes * MINUTE_MS;
      // The shifts so far are in the real times.
      shifted = 0;
      return { block, starts: started, ends: next, state: running ? "running" : "over" };
    }
    const fixed = block.fixedStart === null ? null : at(block.fixedStart, date, now);
    const planned = fixed === null ? null : fixed + shifted;
    if (fixed === null && next !== null && real !== undefined) {
      next += real.shifted_minutes * MINUTE_MS;
    }
    const starts = planned === null ? next : Math.max(planned, next ?? planned);
    next = starts === null ? null : starts + block.minutes * MINUTE_MS;
    return { block, starts, ends: next, state: "ahead" };
  });
}

/** The whole gathering's clock, where one runs. */
export const commonTimer = (timers: readonly Timer[]): Timer | null =>
  timers.find(({ scope }) => scope.kind === "gathering") ?? null;

/** When a clock runs out. */
export const runsOut = (timer: Timer): number => Date.parse(timer.started) + timer.seconds * 1_000;

/** When a running block ends: by the room's clock, else after its minutes. */
function runsUntil(block: Block, started: number, timers: readonly Timer[]): number {
  const timer = commonTimer(timers);
  return timer === null ? started + block.minutes * MINUTE_MS : runsOut(timer);
}
