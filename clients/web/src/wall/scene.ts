// Which scene the projector shows: it follows the day from what the server says of it, so that
// nobody has to stand at the wall's keyboard.

import type { Status, Vote, Wall } from "../api/index.ts";
import type { BlockKind } from "../day/programme.ts";

export const SCENES = [
  "arrival",
  "who",
  "regions",
  "vote",
  "reveal",
  "breakout",
  "plenary",
  "overview",
] as const;
/** What can be chosen by hand. */
export type Choice = (typeof SCENES)[number];
/** An insight in the spotlight has a scene of its own. */
export type Scene = Choice | "item";

export interface Day {
  readonly status: Status;
  /** The kind of the block that runs; `null` while none does. */
  readonly block: BlockKind | null;
  readonly spotlight: Wall["spotlight"];
  /** The newest vote. */
  readonly vote: Pick<Vote, "phase" | "selection"> | null;
  /** It was opened while the block ran that runs now. */
  readonly votesHere: boolean;
  /** Themes that a group of this round works on. */
  readonly worked: readonly string[];
  /** Somebody harvested something. */
  readonly harvested: boolean;
}

/** Blocks in which people work apart, or that come after all choosing. */
const PAST_VOTING: readonly (BlockKind | null)[] = [
  "breakout",
  "intervision",
  "speed_intervision",
  "visit",
  "plenary",
  "reflection",
  "closing",
];

/** A vote that is over stays on the wall until its themes are at work, or the day goes on. */
function afterVote(day: Day): Scene | null {
  const { vote } = day;
  // Themes are chosen in a plenary, too: then the day did not go on yet.
  if (vote === null || (PAST_VOTING.includes(day.block) && !day.votesHere)) return null;
  if (vote.phase !== "shown") return "vote";
  const atWork = vote.selection?.themes.some((theme) => day.worked.includes(theme)) ?? false;
  return atWork ? null : "reveal";
}

export function sceneOf(day: Day): Scene {
  if (day.status === "prepared") return "arrival";
  if (day.spotlight?.group !== undefined) return "plenary";
  if (day.spotlight?.item !== undefined) return "item";
  if (day.spotlight?.round !== undefined) return "overview";
  if (day.status === "closed") return "overview";
  if (day.vote?.phase === "open") return "vote";
  const voted = afterVote(day);
  if (voted !== null) return voted;
  switch (day.block) {
    case "welcome":
      return "arrival";
    case "who_is_who":
      return "who";
    case "questions":
      return "regions";
    case "breakout":
    case "intervision":
    case "speed_intervision":
    case "visit":
      return "breakout";
    case "plenary":
      return "plenary";
    default:
      // A break, news, a talk, or a day without a programme.
      return day.harvested ? "overview" : "arrival";
  }
}

export const isChoice = (value: string | null): value is Choice =>
  SCENES.some((scene) => scene === value);

/** The part of a list that stands on a page; a page beyond the last is the last. */
export function pageOf<Item>(items: readonly Item[], size: number, page: number): readonly Item[] {
  const at = Math.min(page, pagesOf(items.length, size) - 1);
  return items.slice(at * size, (at + 1) * size);
}

export const pagesOf = (count: number, size: number): number =>
  Math.max(1, Math.ceil(count / size));

/**
 * Which insights stand in a column's places: the newest, each where it was, so that a new one takes
 * the place of the oldest and nothing else moves. `newest` is ordered, the newest first.
 */
export function places(
  before: readonly string[],
  newest: readonly string[],
  size: number,
): readonly string[] {
  const wanted = newest.slice(0, size);
  const stay = before.map((id) => (wanted.includes(id) ? id : null)).slice(0, size);
  const come = wanted.filter((id) => !before.includes(id)).reverse();
  const filled = stay.map((id) => id ?? come.shift() ?? null);
  return [...filled.filter((id) => id !== null), ...come];
}

const two = (n: number): string => String(n).padStart(2, "0");

/** `12:34`, `1:02:03`; with a plus once the time has run out. */
export function countdown(seconds: number): string {
  const rest = Math.abs(seconds);
  const hours = Math.floor(rest / 3_600);
  const minutes = Math.floor(rest / 60) % 60;
  const text = `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(rest % 60)}`;
  return seconds < 0 ? `+${text}` : text;
}
