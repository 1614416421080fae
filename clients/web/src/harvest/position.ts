// Fractional positions: strings of 1 to 64 of `0-9A-Za-z`, ordered by code unit.
//
// A new position lies strictly between its neighbours, so that one item moves by one write and
// two people who move different items never touch the same value. Two people who add at the same
// place at the same moment get different positions nearly always (a little chance is mixed in);
// equal ones are ordered by id. Where no room is left, all siblings get fresh positions.

/** Longest position that the server accepts, in characters. */
export const POSITION_CHARACTERS_MAX = 64;

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = DIGITS.length;
/** Steps at the ends are taken at this digit: room for some fifty thousand additions in a row. */
const STEP_DIGITS = 3;
const STEP_ROOM = BASE ** STEP_DIGITS;
const STEP_MAX = 8;

/** A number from 0 up to, not including, 1: `Math.random`, or a fixed one in tests. */
export type Chance = () => number;

const digit = (text: string, at: number): number => Math.max(0, DIGITS.indexOf(text[at] ?? "0"));

function head(text: string): number {
  let value = 0;
  for (let at = 0; at < STEP_DIGITS; at += 1) value = value * BASE + digit(text, at);
  return value;
}

function encode(value: number): string {
  let text = "";
  for (let rest = value, at = 0; at < STEP_DIGITS; at += 1, rest = Math.floor(rest / BASE)) {
    text = DIGITS[rest % BASE] + text;
  }
  return text;
}

const step = (chance: Chance): number => 1 + Math.floor(chance() * STEP_MAX);

function after(low: string, chance: Chance): string {
  const next = low === "" ? Math.floor(STEP_ROOM / 2) : head(low);
  if (next + STEP_MAX < STEP_ROOM) return encode(next + step(chance));
  return low.slice(0, STEP_DIGITS).padEnd(STEP_DIGITS, "0") + after(low.slice(STEP_DIGITS), chance);
}

function before(high: string, chance: Chance): string | null {
  const next = head(high);
  if (next > STEP_MAX) return encode(next - step(chance));
  return inside("", high, chance);
}

function inside(low: string, high: string, chance: Chance): string | null {
  let shared = "";
  for (let at = 0; at < high.length; at += 1) {
    const from = digit(low, at);
    const to = digit(high, at);
    if (from > to) return null;
    if (to - from > 1) {
      const spread = Math.max(1, Math.floor((to - from - 1) / 2));
      const quarter = Math.floor((to - from - spread) / 2);
      const middle = from + Math.max(1, quarter) + Math.floor(chance() * spread);
      return shared + DIGITS[Math.min(middle, to - 1)];
    }
    if (to - from === 1) return shared + DIGITS[from] + after(low.slice(at + 1), chance);
    shared += DIGITS[from];
  }
  return null;
}

/**
 * A position after `low` and before `high`; `null` for an end that is open.
 *
 * `null` comes back where there is no such position of at most 64 characters: the neighbours are
 * equal or out of order, or lie directly beside each other.
 */
export function between(
  low: string | null,
  high: string | null,
  chance: Chance = Math.random,
): string | null {
  let found: string | null;
  if (high === null) found = after(low ?? "", chance);
  else if (low === null || low === "") found = before(high, chance);
  else found = low < high ? inside(low, high, chance) : null;
  return found !== null && found.length <= POSITION_CHARACTERS_MAX ? found : null;
}

/** Something that has a place among its siblings. */
export interface Placed {
  readonly id: string;
  readonly position: string;
}

/** Order among siblings: by position's code units, ties by id. */
export function inOrder(left: Placed, right: Placed): number {
  if (left.position !== right.position) return left.position < right.position ? -1 : 1;
  return left.id < right.id ? -1 : Number(left.id > right.id);
}

/**
 * The positions to write so that `id` comes at `index` among `siblings`, which are in order and do
 * not hold it. Usually that is one; where the neighbours leave no room, all of them.
 */
export function place(
  siblings: readonly Placed[],
  id: string,
  index: number,
  chance: Chance = Math.random,
): Map<string, string> {
  const low = siblings[index - 1]?.position ?? null;
  const high = siblings[index]?.position ?? null;
  const own = between(low, high, chance);
  if (own !== null) return new Map([[id, own]]);
  const ids = siblings.map((sibling) => sibling.id);
  ids.splice(index, 0, id);
  const gap = STEP_ROOM / (ids.length + 1);
  return new Map(ids.map((each, at) => [each, encode(Math.floor(gap * (at + 1)))]));
}
