// An insight's own life: who did what with it, with somebody's typing told once.

import { allEvents, type Line, type Reader } from "../api/index.ts";

const KINDS = [
  "added",
  "edited",
  "recategorised",
  "moved",
  "highlighted",
  "supported",
  "unsupported",
  "translated",
  "attributed",
  "removed",
  "restored",
].map((verb) => `insight.${verb}`);

export interface Chapter {
  readonly type: string;
  readonly who: string | null;
  readonly from: string;
  /** The last event of it: the moment to show. */
  readonly seq: number;
  readonly times: number;
  /** What the insight then said, where that changed. */
  readonly text: string | null;
}

/** What one person did with it in one go is one chapter. */
export function chapters(lines: readonly Line[]): readonly Chapter[] {
  const found: Chapter[] = [];
  let text: string | null = null;
  for (const line of lines) {
    const who = line.participant?.name ?? null;
    const said = line.state?.text ?? null;
    const changed = said !== null && said !== text ? said : null;
    text = said ?? text;
    const before = found.at(-1);
    if (before !== undefined && before.type === line.type && before.who === who) {
      const times = before.times + 1;
      found[found.length - 1] = { ...before, seq: line.seq, times, text: changed ?? before.text };
    } else {
      const { type, at: from, seq } = line;
      found.push({ type, who, from, seq, times: 1, text: changed });
    }
  }
  return found;
}

/** Reads it: the server filters by group and kind, not by item. */
export async function lifeOf(
  reader: Reader,
  group: string,
  item: string,
): Promise<readonly Chapter[]> {
  const lines = await allEvents(reader, { group, types: KINDS });
  return chapters(lines.filter((line) => line.item === item));
}
