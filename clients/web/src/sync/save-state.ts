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
  /** How many changes stand here that are neither among these nor before them. */
  countSince(hashes: readonly string[]): number;
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

/** How many changes on this device the server has not named yet. */
export function waiting(acknowledged: readonly string[], changes: Changes): number {
  if (changes.heads.every((head) => acknowledged.includes(head))) return 0;
  return changes.countSince(acknowledged.filter((hash) => changes.has(hash)));
}

/** Why nothing can be saved any more, or not by this client. */
export type Ended = "access" | "refused" | "elsewhere";

export interface Facts {
  /** The server answers on an open line. */
  readonly connected: boolean;
  /** Changes on this device that the server has not named. */
  readonly waiting: number;
  /** The document is locked, or we may not write in it now. */
  readonly locked: boolean;
  readonly ended: Ended | null;
}

export type SaveState =
  | { readonly kind: "saved" | "saving" | "locked" | "locked_waiting" }
  | { readonly kind: "offline"; readonly changes: number }
  | { readonly kind: "no_access" | "refused" | "elsewhere"; readonly changes: number };

export function saveState(facts: Facts): SaveState {
  const changes = facts.waiting;
  if (facts.ended === "access") return { kind: "no_access", changes };
  if (facts.ended === "elsewhere") return { kind: "elsewhere", changes };
  if (facts.ended === "refused" && changes > 0) return { kind: "refused", changes };
  if (!facts.connected) return { kind: "offline", changes };
  if (facts.locked) return { kind: changes > 0 ? "locked_waiting" : "locked" };
  return { kind: changes > 0 ? "saving" : "saved" };
}
