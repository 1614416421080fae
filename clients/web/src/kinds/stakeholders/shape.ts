// A stakeholder map as its page reads it.

import { type Word, word } from "../../harvest/shape.ts";
import { type ItemShape, liveItems } from "../../sync/edits.ts";

export const LEVELS = [
  "target_group",
  "local",
  "supralocal",
  "provincial",
  "regional_government",
  "national",
  "european",
  "other",
] as const;
export const DEGREES = [
  "unknown",
  "informed",
  "supporter",
  "ambassador",
  "partner",
  "core",
] as const;

export interface StakeholderShape extends ItemShape {
  organisation?: Word;
  municipality?: Word;
  level?: Word | null;
  influence?: number | null;
  interest?: number | null;
  engagement?: { level?: Word | null; since?: Word | number | null };
}

export interface MapShape {
  stakeholders?: Record<string, StakeholderShape>;
}

export interface Stakeholder {
  readonly id: string;
  /** Its place in the list, from 1: how the picture names it. */
  readonly number: number;
  readonly name: string;
  readonly municipality: string;
  readonly level: (typeof LEVELS)[number] | null;
  readonly influence: number | null;
  readonly interest: number | null;
  readonly degree: (typeof DEGREES)[number] | null;
  /** `YYYY-MM-DD`, where it is one. */
  readonly since: string;
}

const grade = (value: unknown): number | null =>
  typeof value === "number" && value >= 1 && value <= 5 ? value : null;

export const stakeholdersOf = (map: MapShape): Stakeholder[] =>
  liveItems<StakeholderShape>(map.stakeholders).map(({ id, item }, index) => ({
    id,
    number: index + 1,
    name: word(item.organisation) || word(item.text),
    municipality: word(item.municipality),
    level: LEVELS.find((each) => each === word(item.level)) ?? null,
    influence: grade(item.influence),
    interest: grade(item.interest),
    degree: DEGREES.find((each) => each === word(item.engagement?.level)) ?? null,
    since: typeof item.engagement?.since === "number" ? "" : word(item.engagement?.since),
  }));

/** Writes how engaged somebody is, and since when. */
export function engage(map: MapShape, id: string, level: string | null, since: string): void {
  const item = map.stakeholders?.[id];
  if (item === undefined) return;
  if (item.engagement === undefined) item.engagement = { level, since };
  else if (word(item.engagement.level) !== (level ?? "")) {
    item.engagement.level = level;
    item.engagement.since = since;
  }
}

/** Where those stand that were weighed: dots of one square lie beside each other. */
export function dots(
  all: readonly Stakeholder[],
): { readonly who: Stakeholder; readonly x: number; readonly y: number }[] {
  const taken = new Map<string, number>();
  return all.flatMap((who) => {
    if (who.influence === null || who.interest === null) return [];
    const square = `${who.interest}/${who.influence}`;
    const at = taken.get(square) ?? 0;
    taken.set(square, at + 1);
    const x = who.interest - 1 + 0.22 + (at % 3) * 0.28;
    const y = 5 - who.influence + 0.22 + (Math.floor(at / 3) % 3) * 0.28;
    return [{ who, x, y }];
  });
}
