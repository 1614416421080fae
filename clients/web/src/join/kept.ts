// A guest who scanned early: who they said they are is kept in this tab, so that a reload or a
// phone that slept goes on waiting.

import type { JoinRequest } from "../api/joining.ts";

const KEY = "oogst.waiting";

export function keepWaiting(request: JoinRequest | null): void {
  try {
    if (request === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(request));
  } catch {
    // A forbidden store: then the name is asked again after a reload.
  }
}

/** Who waits here with this code. */
export function keptWaiting(code: string): JoinRequest | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as JoinRequest | null;
    return kept?.code === code ? kept : null;
  } catch {
    return null;
  }
}
