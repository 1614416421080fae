// What only who conducts the gathering may do to it, to its people and to its documents.

import type { Gathering, Line, Reverted, Status } from "./answers.ts";
import { call } from "./call.ts";

/** Changes the title, the status, or how many may take part; only what is given. */
export const editGathering = (
  id: string,
  change: {
    readonly title?: string;
    readonly status?: Status;
    readonly participants_max?: number | null;
  },
): Promise<Gathering> => call(`/api/gatherings/${id}`, { method: "PATCH", body: change });

/** Locks a document, or opens it again: edits wait with their authors meanwhile. */
export const setFrozen = (document: string, frozen: boolean): Promise<unknown> =>
  call(`/api/documents/${document}/frozen`, { method: "PUT", body: frozen });

/** Removes somebody: their devices are let go at once. */
export const removeParticipant = (id: string, who: string): Promise<void> =>
  call(`/api/gatherings/${id}/participants/${who}`, { method: "DELETE" });

/** Undoes what somebody did in a span; what others did stays. */
export const revert = (
  id: string,
  who: string,
  span: { readonly from: string | number; readonly to?: string | number },
): Promise<Reverted> =>
  call(`/api/gatherings/${id}/participants/${who}/revert`, { method: "POST", body: span });

export interface Wanted {
  readonly after?: number;
  /** Only these types, as `insight.added`. */
  readonly type?: readonly string[];
  readonly participant?: string;
}

/** Contributions, oldest first. */
export async function contributions(
  id: string,
  token: string | null,
  { after = 0, type = [], participant }: Wanted = {},
): Promise<readonly Line[]> {
  const query = new URLSearchParams();
  if (type.length > 0) query.set("type", type.join(","));
  if (participant !== undefined) query.set("participant", participant);
  const found: Line[] = [];
  // A page ends with a whole event and may be shorter than it could be: only an empty one is last.
  for (let from = after; ; ) {
    query.set("after", String(from));
    const path = `/api/gatherings/${id}/events?${query}`;
    const lines = await call<readonly Line[]>(path, { token, lines: true });
    const last = lines.at(-1);
    if (last === undefined) return found;
    found.push(...lines);
    from = last.seq;
  }
}

/** A device that holds something, or whose line was gone before it said that all was sent. */
export interface HoldingDevice {
  /** What it said last that it still had to send. */
  readonly unsent: number;
  readonly device: string;
  readonly participant: string;
  readonly connected: boolean;
  /** When it was last heard of. */
  readonly heard: string;
}

export interface Devices {
  /** Since when the server has listened. */
  readonly since: string;
  /** How many devices it has heard of. */
  readonly heard: number;
  readonly holding: readonly HoldingDevice[];
}

export const devices = (id: string, token: string | null): Promise<Devices> =>
  call(`/api/gatherings/${id}/devices`, { token });
