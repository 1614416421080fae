// Who a wall speaks for: the holder of the link `/muur#OBSERVER/PARTICIPANT`, or this browser.

import { joinApart } from "../api/index.ts";
import { ui } from "../language.svelte.ts";
import { me } from "../me.ts";
import { wallWords } from "../messages/wall.ts";

const KEPT = "oogst.wall";

export interface Who {
  readonly gathering: string;
  /** `null`: the browser's cookie speaks. */
  readonly token: string | null;
  /** What others join with; shown in the corner. */
  readonly joinCode: string | null;
  /** The code that this wall came in with, to come in again. */
  readonly observerCode: string | null;
}

/** The code in the address that this wall may come in with. */
export const observerLink = (): string | null => location.hash.slice(1).split("/")[0] || null;

function kept(observerCode: string): Who | null {
  try {
    const who = JSON.parse(localStorage.getItem(KEPT) ?? "null") as Who | null;
    return who?.observerCode === observerCode ? who : null;
  } catch {
    return null;
  }
}

/** `afresh`: what was kept is no longer right. */
export async function whoLooks(afresh: boolean): Promise<Who | null> {
  const [, joinCode = null] = location.hash.slice(1).split("/");
  const observerCode = observerLink();
  if (observerCode === null) {
    const own = me();
    if (own === null) return null;
    const { gathering: id, joinCode: code, token } = own;
    return { gathering: id, token, joinCode: code, observerCode: null };
  }
  const before = afresh ? null : kept(observerCode);
  if (before !== null) return { ...before, joinCode };
  const joined = await joinApart({ code: observerCode, name: ui.of(wallWords).frame.title });
  const who = { gathering: joined.gathering.id, token: joined.token, joinCode, observerCode };
  try {
    localStorage.setItem(KEPT, JSON.stringify(who));
  } catch {
    // A forbidden store: each reload then comes in once more.
  }
  return who;
}
