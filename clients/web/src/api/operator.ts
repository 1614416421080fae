// What the operator's key opens.

import type { Joined, OpenedGathering, Status } from "./answers.ts";
import { call } from "./call.ts";

/** The kinds of days of which the server knows the blocks. */
export const DAYS = ["participation", "government", "kick_off", "training", "green"] as const;
export type Day = (typeof DAYS)[number];

export interface NewGathering {
  readonly title: string;
  readonly language: string;
  readonly date?: string;
  readonly region?: string;
  readonly status?: Status;
  /** What kind of day its programme begins as; an empty programme where left out. */
  readonly day?: Day;
  /** How many take part at most; any number where left out. */
  readonly participants_max?: number;
  readonly groups: readonly { readonly name: string; readonly question?: string }[];
}

/** Opens a gathering with the operator's key. */
export const open = (request: NewGathering, key: string): Promise<OpenedGathering> =>
  call("/api/gatherings", { method: "POST", body: request, token: key });

/**
 * Makes this browser the gathering's first facilitator: whoever joins with that token stays who it
 * speaks for, and the answer sets the cookie.
 */
export const enterAsFirst = (code: string, name: string, token: string): Promise<Joined> =>
  call("/api/join", { method: "POST", body: { code, name }, token, apart: false });
