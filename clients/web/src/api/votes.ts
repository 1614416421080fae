// Votes between themes. Before the close nobody sees a dot; after it whoever conducts sees how it
// came out; once the selection is shown, everybody.

import type { Vote } from "./answers.ts";
import { call } from "./call.ts";

export type Dots = Readonly<Record<string, number>>;

export interface NewVote {
  /** Made here, so that a request sent twice opens one vote. */
  readonly id: string;
  readonly themes: readonly string[];
  readonly budget: number;
  readonly most_each: number;
  readonly choose: number;
}

const votesOf = (id: string): string => `/api/gatherings/${id}/votes`;

const put = <Answer>(id: string, vote: string, below: string, body?: unknown): Promise<Answer> =>
  call(`${votesOf(id)}/${vote}/${below}`, {
    method: "PUT",
    ...(body === undefined ? {} : { body }),
  });

/** All votes of the gathering as the asker may see them, in order of opening. */
export const votes = async (id: string, token: string | null): Promise<readonly Vote[]> =>
  (await call<{ readonly votes: readonly Vote[] }>(votesOf(id), { token })).votes;

export const openVote = (id: string, vote: NewVote): Promise<Vote> =>
  call(votesOf(id), { method: "POST", body: vote });

/** Gives all of one's own dots, in place of those before. */
export const castBallot = (id: string, vote: string, dots: Dots): Promise<void> =>
  put(id, vote, "ballot", { dots });

/** Notes the dots that were counted on paper, in place of those before. */
export const addPaper = (id: string, vote: string, dots: Dots): Promise<void> =>
  put(id, vote, "paper", { dots });

/** Closes a vote: no time does, and it is not opened again. */
export const closeVote = (id: string, vote: string): Promise<Vote> => put(id, vote, "closed");

/** Has two themes count as one. */
export const mergeThemes = (id: string, vote: string, from: string, into: string): Promise<Vote> =>
  put(id, vote, "merged", { from, into });

/** Draws the lot between themes that are tied for the last places: once. */
export const drawLot = (id: string, vote: string): Promise<Vote> => put(id, vote, "lot");

/** Chooses exactly as many themes as the vote is to choose. */
export const confirmSelection = (
  id: string,
  vote: string,
  themes: readonly string[],
  reason: string | null,
): Promise<Vote> => put(id, vote, "selection", reason === null ? { themes } : { themes, reason });

/** Shows everybody what was chosen, and how it came out. */
export const showSelection = (id: string, vote: string): Promise<Vote> => put(id, vote, "shown");
