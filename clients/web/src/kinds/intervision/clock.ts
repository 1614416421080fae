// The room's own clock: when its step began. A facilitator who is outside the room can start none
// for it, and what happens inside is nobody's business; so the room keeps the moment itself, in
// the `ext` of a question that was never asked. Whoever reads the document without this client
// sees a removed question and loses nothing.

import type { Timer } from "../../api/index.ts";
import { at, type ItemShape } from "../../sync/edits.ts";
import { uuid } from "../../uuid.ts";

interface Clock {
  readonly step: string;
  readonly started: number;
  readonly seconds: number;
}

interface Marked extends ItemShape {
  ext?: { clock?: Clock };
}

const questionsOf = (document: object): Record<string, Marked> =>
  (at(document, ["questions"]) ?? {}) as Record<string, Marked>;

/** Notes that a step began. */
export function startClock(document: object, author: string, clock: Clock): void {
  questionsOf(document)[uuid()] = {
    text: "",
    author,
    created: Math.round(clock.started),
    position: "V",
    removed: true,
    ext: { clock: { ...clock, started: Math.round(clock.started) } },
  };
}

/** The clock of a step: the one that was started last. */
export function clockOf(document: object, id: string, step: string): Timer | null {
  const clocks = Object.values(questionsOf(document))
    .map(({ ext }) => ext?.clock)
    .filter((clock) => clock !== undefined && String(clock.step) === step)
    .map((clock) => ({ started: Number(clock?.started), seconds: Number(clock?.seconds) }))
    .filter(({ started, seconds }) => Number.isFinite(started) && Number.isFinite(seconds));
  const last = clocks.sort((left, right) => right.started - left.started)[0];
  if (last === undefined) return null;
  const started = new Date(last.started).toISOString();
  return { scope: { kind: "document", id }, started, seconds: last.seconds };
}

/** Whether a question is only the mark of a clock. */
export const isMark = (item: object): boolean => (item as Marked).ext?.clock !== undefined;
