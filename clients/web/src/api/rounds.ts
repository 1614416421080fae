// Rounds and their groups. For facilitators.

import type { Gathering, GroupInfo, RoundInfo, RoundKind } from "./answers.ts";
import { call } from "./call.ts";

export interface NewGroup {
  readonly name: string;
  readonly question?: string;
  readonly seats?: number;
  readonly table?: string;
  readonly theme?: string;
}

export interface NewRound {
  readonly title: string;
  readonly kind: RoundKind;
  readonly groups: readonly NewGroup[];
  /** Who is placed where: the group's place in `groups`, from 0, by participant. */
  readonly members?: Readonly<Record<string, number>>;
}

/** Plans a round; people can be placed in its groups before it runs. */
export const planRound = (id: string, round: NewRound): Promise<RoundInfo> =>
  call(`/api/gatherings/${id}/rounds`, { method: "POST", body: round });

/** Opens a round, which ends the one before; `null` ends the one that runs. */
export const runRound = (id: string, round: string | null): Promise<Gathering> =>
  call(`/api/gatherings/${id}/rounds/running`, { method: "PUT", body: round });

export const formGroup = (id: string, round: string, group: NewGroup): Promise<GroupInfo> =>
  call(`/api/gatherings/${id}/rounds/${round}/groups`, { method: "POST", body: group });
