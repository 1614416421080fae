// The one door to the server's HTTP interface. The browser's cookie says who asks; a token is given
// only where a page speaks for somebody else (the wall, the operator) or the cookie does not do.

/** What the server said no to, in its own words. Status 0: it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  /** How long to wait before another try, where the server said so; in seconds. */
  readonly retryAfterSeconds: number | null;
  /** What stands in the way, by the server's name for it. */
  readonly reason: string | null;

  constructor(
    status: number,
    detail: string,
    retryAfterSeconds: number | null = null,
    reason: string | null = null,
  ) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.reason = reason;
  }
}

/** RFC 9457, as far as this client reads it. */
interface Problem {
  readonly detail?: string;
  readonly reason?: string;
}

interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON; a blob as it is. */
  readonly body?: unknown;
  /** Speaks for the holder of this token instead of the cookie's. */
  readonly token?: string | null;
  /** Neither sends the cookie nor lets the answer set it. */
  readonly apart?: boolean;
  /** The answer is one JSON value a line. */
  readonly lines?: boolean;
  readonly patienceMs?: number;
  /** Is sent also where the page goes away meanwhile. */
  readonly keepalive?: boolean;
  /** Gives up when this is aborted: the answer is no longer wanted. */
  readonly signal?: AbortSignal | undefined;
}

const PATIENCE_MS = 15_000;

export async function call<Answer>(path: string, how: Call = {}): Promise<Answer> {
  const response = await ask(path, how);
  // Some acts answer with nothing but that they are done.
  if (response.status === 204) return undefined as Answer;
  if (how.lines !== true) return (await response.json()) as Answer;
  const each = (await response.text()).split("\n").filter((line) => line !== "");
  return each.map((line) => JSON.parse(line)) as Answer;
}

/** As `call`, for answers that are no JSON. */
export async function ask(
  path: string,
  {
    method = "GET",
    body,
    token,
    apart = token != null,
    patienceMs = PATIENCE_MS,
    keepalive = false,
    signal,
  }: Call = {},
): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  const blob = body instanceof Blob ? body : null;
  if (blob !== null) headers["content-type"] = "application/octet-stream";
  else if (body !== undefined) headers["content-type"] = "application/json";
  if (token != null) headers.authorization = `Bearer ${token}`;
  // By hand: not every phone here has `AbortSignal.timeout`. It ends a slow answer's body too.
  const patience = new AbortController();
  setTimeout(() => patience.abort(), patienceMs);
  signal?.addEventListener("abort", () => patience.abort(), { once: true });
  if (signal?.aborted) patience.abort();
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: apart ? "omit" : "same-origin",
      cache: "no-store",
      keepalive,
      signal: patience.signal,
      ...(body === undefined ? {} : { body: blob ?? JSON.stringify(body) }),
    });
  } catch (error) {
    throw new ApiError(0, String(error));
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => null)) as Problem | null;
  const detail = String(problem?.detail ?? response.statusText);
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  const wait = Number.isFinite(retryAfter) ? retryAfter : null;
  throw new ApiError(response.status, detail, wait, problem?.reason ?? null);
}
