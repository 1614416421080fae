// The operator's key comes in the fragment of a link, which no server ever sees. It is taken out
// of the address at once, and kept only until this tab is closed.

import type { OpenedGathering } from "./api/index.ts";

const KEY = "oogst.operator";
const OPENED = "oogst.opened";

/** The key, from the address or from before a reload of this tab; `null` for everybody else. */
export function takeOperatorKey(): string | null {
  const found = /^#key=(.+)$/.exec(location.hash)?.[1];
  if (found !== undefined) {
    history.replaceState(null, "", location.pathname);
    sessionStorage.setItem(KEY, decodeURIComponent(found));
  }
  return location.pathname === "/" ? sessionStorage.getItem(KEY) : null;
}

/** What was opened last, with codes that the server tells only once: a reload must not lose it. */
export type Opened = Pick<OpenedGathering, "id" | "title" | "codes" | "facilitator_token">;

export function keepOpened({ id, title, codes, facilitator_token }: Opened): void {
  sessionStorage.setItem(OPENED, JSON.stringify({ id, title, codes, facilitator_token }));
}

export function keptOpened(): Opened | null {
  const text = sessionStorage.getItem(OPENED);
  return text === null ? null : (JSON.parse(text) as Opened);
}
