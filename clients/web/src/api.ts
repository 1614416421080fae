// The server's HTTP interface, as far as this client uses it. The browser's cookie says who asks;
// a token is given only where a page speaks for somebody else (the wall, the operator).

export type Role = "observer" | "guest" | "participant" | "core_group" | "facilitator" | "operator";

export interface DocumentInfo {
  readonly id: string;
  readonly url: string;
  readonly kind: string;
  readonly title: string;
  readonly frozen: boolean;
  readonly writable?: boolean;
}

export interface GroupInfo {
  readonly id: string;
  readonly name: string;
  readonly question: string;
  readonly documents: readonly DocumentInfo[];
}

export interface ParticipantInfo {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly group: string | null;
}

export interface Codes {
  readonly participant: string;
  readonly guest: string;
  readonly observer: string;
  readonly facilitator: string;
}

export interface Gathering {
  readonly id: string;
  readonly title: string;
  readonly status: "prepared" | "open" | "closed";
  readonly language: string;
  readonly seq?: number;
  readonly groups: readonly GroupInfo[];
  readonly participants: readonly ParticipantInfo[];
  readonly codes?: Codes;
}

export interface Joined {
  readonly token: string;
  readonly return_code: string;
  readonly gathering: Gathering;
  readonly participant: ParticipantInfo;
}

export interface OpenedGathering extends Gathering {
  readonly codes: Codes;
  readonly facilitator_token: string;
}

export interface WallInsight {
  readonly id: string;
  readonly text: string;
  readonly category: string | null;
  readonly settled: boolean;
  readonly highlight?: boolean;
  readonly from_outside?: boolean;
  readonly children: readonly WallInsight[];
}

export interface WallGroup {
  readonly id: string;
  readonly name: string;
  readonly question: string;
  readonly insights: readonly WallInsight[];
  readonly last_contribution: string | null;
}

export interface Wall {
  readonly seq: number;
  readonly groups: readonly WallGroup[];
}

/** What the server said no to, in its own words. Status 0: it could not be reached. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
  }
}

interface Call {
  readonly method?: "GET" | "POST" | "PUT";
  readonly body?: unknown;
  /** Speaks for the holder of this token instead of the cookie's. */
  readonly token?: string | null;
  /** Neither sends the cookie nor lets the answer set it. */
  readonly apart?: boolean;
}

const PATIENCE_MS = 15_000;

async function call<Answer>(
  path: string,
  { method = "GET", body, token, apart = token != null }: Call = {},
) {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token != null) headers.authorization = `Bearer ${token}`;
  // By hand: not every phone here has `AbortSignal.timeout`. It ends a slow answer's body too.
  const patience = new AbortController();
  setTimeout(() => patience.abort(), PATIENCE_MS);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: apart ? "omit" : "same-origin",
      cache: "no-store",
      signal: patience.signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new ApiError(0, String(error));
  }
  if (response.ok) return (await response.json()) as Answer;
  const problem: unknown = await response.json().catch(() => null);
  const detail =
    typeof problem === "object" && problem !== null && "detail" in problem
      ? String(problem.detail)
      : response.statusText;
  throw new ApiError(response.status, detail);
}

export interface JoinRequest {
  readonly code: string;
  readonly name: string;
  readonly organisation?: string;
  readonly language?: string;
}

/** Comes in with a code. The answer sets the browser's cookie. */
export const join = (request: JoinRequest): Promise<Joined> =>
  call("/api/join", { method: "POST", body: request });

/** Comes in beside whoever this browser is: only the answer's token speaks for the newcomer. */
export const joinApart = (request: JoinRequest): Promise<Joined> =>
  call("/api/join", { method: "POST", body: request, apart: true });

/** Comes back with the four words of an earlier join. */
export const comeBack = (words: string): Promise<Joined> =>
  call("/api/return", { method: "POST", body: { return_code: words } });

export const gathering = (id: string, token: string | null = null): Promise<Gathering> =>
  call(`/api/gatherings/${id}`, { token });

/** Puts a participant in a group. */
export const chooseGroup = (id: string, who: string, group: string): Promise<ParticipantInfo> =>
  call(`/api/gatherings/${id}/participants/${who}`, { method: "PUT", body: { group } });

export const wall = (id: string, token: string | null): Promise<Wall> =>
  call(`/api/gatherings/${id}/wall`, { token });

export interface NewGathering {
  readonly title: string;
  readonly language: string;
  readonly groups: readonly { readonly name: string; readonly question?: string }[];
}

/** Opens a gathering with the operator's key. */
export const open = (request: NewGathering, key: string): Promise<OpenedGathering> =>
  call("/api/gatherings", { method: "POST", body: request, token: key });
