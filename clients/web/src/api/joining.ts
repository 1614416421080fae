// Coming in, coming back, and the gathering as one sees it.

import type {
  Consent,
  Gathering,
  Joined,
  ParticipantInfo,
  Publish,
  Waiting,
  Wall,
} from "./answers.ts";
import { call } from "./call.ts";

export interface JoinRequest {
  readonly code: string;
  readonly name: string;
  readonly organisation?: string;
  readonly region?: string;
  readonly language?: string;
  /** Who else uses this device. */
  readonly together_with?: readonly string[];
}

/** Comes in with a code: the answer sets the browser's cookie. A guest may be too early. */
export const join = (request: JoinRequest): Promise<Joined | Waiting> =>
  call("/api/join", { method: "POST", body: request });

/** Comes in beside whoever this browser is: only the answer's token speaks for the newcomer. */
export const joinApart = (request: JoinRequest): Promise<Joined> =>
  call("/api/join", { method: "POST", body: request, apart: true });

/** Comes back with the four words of an earlier join. */
export const comeBack = (words: string): Promise<Joined> =>
  call("/api/return", { method: "POST", body: { return_code: words } });

export const gathering = (id: string, token: string | null = null): Promise<Gathering> =>
  call(`/api/gatherings/${id}`, { token });

export const wall = (id: string, token: string | null): Promise<Wall> =>
  call(`/api/gatherings/${id}/wall`, { token });

/** Changes somebody's name or group; only what is given. Self, or a facilitator. */
export const changeParticipant = (
  id: string,
  who: string,
  change: { readonly name?: string; readonly group?: string | null; readonly role?: string },
): Promise<ParticipantInfo> =>
  call(`/api/gatherings/${id}/participants/${who}`, { method: "PUT", body: change });

/** A document's root object as JSON, now or right after an event; for pages without Automerge. */
export const documentJson = <Root>(
  document: string,
  token: string | null,
  at: number | null = null,
): Promise<Root> => call(`/api/documents/${document}${at === null ? "" : `?at=${at}`}`, { token });

export const consent = (id: string, token: string | null): Promise<Consent> =>
  call(`/api/gatherings/${id}/consent`, { token });

export const setConsent = (id: string, publish: Publish, token: string | null): Promise<Consent> =>
  call(`/api/gatherings/${id}/consent`, { method: "PUT", body: { publish }, token });
