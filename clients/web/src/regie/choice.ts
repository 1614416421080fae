// Which themes a vote's dots choose, and when a choice needs a reason.

import type { Vote } from "../api/answers.ts";

/** The themes that come out first: those that a choice begins with. Whom a tie leaves open is in
 * no choice before a lot or a person says so. */
export const first = ({ themes, choose, tie }: Vote): string[] =>
  themes
    .slice(0, choose)
    .map(({ id }) => id)
    .filter((id) => tie === null || tie.drawn || !tie.themes.includes(id));

/** The chosen ones in their order of rank, as they are confirmed. */
export const inRank = (vote: Vote, chosen: ReadonlySet<string>): string[] =>
  vote.themes.map(({ id }) => id).filter((id) => chosen.has(id));

/** A choice that the dots alone do not make: a tie that no lot decided, or other themes. */
export function needsReason(vote: Vote, chosen: ReadonlySet<string>): boolean {
  if (vote.tie !== null && !vote.tie.drawn) return true;
  return first(vote).some((id) => !chosen.has(id));
}
