// What the save line says, from facts alone.
//
// "Saved" means: the server has named every change that stands on this device in a sync message,
// which it does only when they are on its disk. What it once named stays saved, so the frontier
// of named changes only grows: a server that is ahead of us takes nothing back.

/** What this device knows of the document's changes. */
export interface Changes {
  /** The document's own newest changes. */
  readonly heads: readonly string[];
  /** Whether the change stands on this device. */
  has(hash: string): boolean;
}

/** The frontier of what the server named, after it named `named`. */
export function acknowledge(
  acknowledged: readonly string[],
  named: readonly string[],
  changes: Changes,
): string[] {
  const known = named.filter((hash) => changes.has(hash));
  // A server that names only what we have covers all that it named before.
  if (known.length === named.length && known.length > 0) return known;
  return [...new Set([...acknowledged.filter((hash) => changes.has(hash)), ...known])];
}

/**
 * How many things on this device the server has not named yet as they stand here. `touched` counts
 * those that were changed: a sentence typed in one insight is one, however many letters it has. A
 * change that shows nothing any more still waits, so it counts as one.
 */
export function waiting(
  acknowledged: readonly string[],
  changes: Changes,
  touched: () => number,
): number {
  if (changes.heads.every((head) => acknowledged.includes(head))) return 0;
  return Math.max(1, touched());
}

/** Why nothing can be saved any more, or not by this client. */
export type Ended = "access" | "refused" | "elsewhere";

export interface Facts {
  /** The server answers on an open line. */
  readonly connected: boolean;
  /** The document is here: before that nothing is known of what it still has to send. */
  readonly loaded: boolean;
  /** Things changed in this document on this device that the server has not named. */
  readonly waiting: number;
  /** The same, of groups that one has left. */
  readonly left: number;
  /** Nobody may write in the document now. */
  readonly locked: boolean;
  /** We may write in it now, so that the server owes an answer to what waits. */
  readonly writes: boolean;
  readonly ended: Ended | null;
}

export type SaveState =
  | { readonly kind: "saved" | "saving" | "locked" | "locked_waiting" }
  | { readonly kind: "offline" | "left"; readonly changes: number }
  | { readonly kind: "no_access" | "refused" | "elsewhere"; readonly changes: number };

/** Whether the server owes us a word about these changes: silence then means a dead line. */
export const owed = (waiting: number, writes: boolean): boolean => waiting > 0 && writes;

export function saveState(facts: Facts): SaveState {
  const changes = facts.waiting + facts.left;
  if (facts.ended === "access") return { kind: "no_access", changes };
  if (facts.ended === "elsewhere") return { kind: "elsewhere", changes };
  if (facts.ended === "refused" && changes > 0) return { kind: "refused", changes };
  if (!facts.connected) return { kind: "offline", changes };
  if (!facts.loaded) return { kind: "saving" };
  if (facts.waiting > 0)
    return { kind: facts.writes && !facts.locked ? "saving" : "locked_waiting" };
  if (facts.left > 0) return { kind: "left", changes };
  return { kind: facts.locked ? "locked" : "saved" };
}
