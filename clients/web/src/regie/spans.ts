// Who did what in a span of time, from the lines of what was contributed.

import type { Line } from "../api/answers.ts";
import { byName } from "../names.ts";

export interface Doings {
  readonly id: string;
  readonly name: string;
  readonly lines: readonly Line[];
}

/** What each person did in documents from one moment to another, both included. */
export function doings(lines: readonly Line[], from: number, to: number): Doings[] {
  const people = new Map<string, { id: string; name: string; lines: Line[] }>();
  for (const line of lines) {
    const at = Date.parse(line.at);
    const { participant } = line;
    if (participant === null || at < from || at > to) continue;
    // Acts outside documents are undone by their own buttons.
    if (line.document === null && !line.type.startsWith("intervision.")) continue;
    const found = people.get(participant.id);
    if (found === undefined) {
      people.set(participant.id, { id: participant.id, name: participant.name, lines: [line] });
    } else {
      found.lines.push(line);
    }
  }
  return [...people.values()].sort(byName);
}

/** The last word of a contribution's type: `added` of `insight.added`. */
export const verbOf = (type: string): string => type.split(".")[1] ?? "";

export type Why = "locked" | "closed" | "much" | "builtOn" | "points";

/** Which of the reasons that we have words for this is; `null` for a new one. */
export function reasonOf(why: string): Why | null {
  if (why.includes("locked")) return "locked";
  if (why.includes("closed")) return "closed";
  if (why.includes("too much")) return "much";
  if (why.includes("built on")) return "builtOn";
  if (why.includes("key points")) return "points";
  return null;
}
