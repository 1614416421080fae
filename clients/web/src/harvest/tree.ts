// The nested list that a harvest is drawn as.
//
// Nothing is ever lost: an insight whose parent is gone, and every member of a cycle, stands at
// top level. Three levels are drawn; what is deeper follows its parent at the third.

import { inOrder, type Placed } from "./position.ts";
import { type Insight, word } from "./shape.ts";

/** Levels that are drawn. */
export const LEVELS_MAX = 3;

export interface Node extends Placed {
  readonly insight: Insight;
  /** 1 at the top, at most `LEVELS_MAX`. */
  readonly level: number;
  /** Its effective parent; `null` at the top. */
  readonly parent: string | null;
  /** What is drawn nested under it, in order. */
  readonly children: Node[];
}

export interface Tree {
  /** What stands at top level, in order. */
  readonly top: Node[];
  /** Every live insight. */
  readonly byId: Map<string, Node>;
  /** Live insights by effective parent, in order: who counts as whose sibling. */
  readonly siblings: Map<string | null, Node[]>;
  /** Removed insights, the newest first. */
  readonly removed: { id: string; insight: Insight }[];
}

function parentOf(insights: Record<string, Insight>, id: string): string | null {
  const parent = word(insights[id]?.parent);
  const found = parent === "" ? undefined : insights[parent];
  return found === undefined || found.removed === true ? null : parent;
}

/** Whether walking up from `id` comes back to it. */
function inCycle(parents: Map<string, string | null>, id: string): boolean {
  const seen = new Set<string>();
  let at = parents.get(id) ?? null;
  while (at !== null && !seen.has(at)) {
    if (at === id) return true;
    seen.add(at);
    at = parents.get(at) ?? null;
  }
  return false;
}

export function buildTree(insights: Record<string, Insight>): Tree {
  const live = Object.keys(insights).filter((id) => insights[id]?.removed !== true);
  const claimed = new Map(live.map((id) => [id, parentOf(insights, id)]));
  const parents = new Map(
    live.map((id) => [id, inCycle(claimed, id) ? null : (claimed.get(id) ?? null)]),
  );
  const ids = new Map<string | null, Placed[]>();
  for (const id of live) {
    const parent = parents.get(id) ?? null;
    const placed = { id, position: word(insights[id]?.position) };
    ids.set(parent, [...(ids.get(parent) ?? []), placed]);
  }
  for (const placed of ids.values()) placed.sort(inOrder);

  const byId = new Map<string, Node>();
  const siblings = new Map<string | null, Node[]>();
  const draw = (parent: string | null, level: number): Node[] => {
    const row: Node[] = [];
    const drawn: Node[] = [];
    for (const placed of ids.get(parent) ?? []) {
      const insight = insights[placed.id] ?? {};
      const below = draw(placed.id, Math.min(level + 1, LEVELS_MAX));
      const deep = level === LEVELS_MAX;
      const node: Node = { ...placed, insight, level, parent, children: deep ? [] : below };
      byId.set(placed.id, node);
      row.push(node);
      drawn.push(node, ...(deep ? below : []));
    }
    siblings.set(parent, row);
    return drawn;
  };
  const top = draw(null, 1);
  const removed = Object.entries(insights)
    .filter(([, insight]) => insight.removed === true)
    .map(([id, insight]) => ({ id, insight }))
    .sort((a, b) => (b.insight.created ?? 0) - (a.insight.created ?? 0));
  return { top, byId, siblings, removed };
}

/** Every drawn node in reading order. */
export function inReadingOrder(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...inReadingOrder(node.children)]);
}

/** Where an insight would go: under `parent`, at `index` among its children without itself. */
export interface Spot {
  readonly parent: string | null;
  readonly index: number;
}

export type Move = "up" | "down" | "indent" | "outdent";

/** Where `move` takes the insight; `null` where it cannot go that way. */
export function spotFor(tree: Tree, id: string, move: Move): Spot | null {
  const node = tree.byId.get(id);
  if (node === undefined) return null;
  const row = tree.siblings.get(node.parent) ?? [];
  const at = row.indexOf(node);
  const previous = row[at - 1];
  switch (move) {
    case "up":
      return at > 0 ? { parent: node.parent, index: at - 1 } : null;
    case "down":
      return at < row.length - 1 ? { parent: node.parent, index: at + 1 } : null;
    case "indent":
      if (previous === undefined || node.level >= LEVELS_MAX) return null;
      return { parent: previous.id, index: (tree.siblings.get(previous.id) ?? []).length };
    case "outdent": {
      const parent = node.parent === null ? undefined : tree.byId.get(node.parent);
      if (parent === undefined) return null;
      const row = tree.siblings.get(parent.parent) ?? [];
      return { parent: parent.parent, index: row.indexOf(parent) + 1 };
    }
  }
}

/** Where something is dropped on a row: before it, after it, or under it. */
export type Zone = "before" | "after" | "under";

/** Where an insight that is dragged onto another goes; `null` where it can't. */
export function spotAt(tree: Tree, dragged: string, onto: string, zone: Zone): Spot | null {
  const target = tree.byId.get(onto);
  if (target === undefined || !tree.byId.has(dragged)) return null;
  // Nothing goes under itself.
  for (let at: string | null = onto; at !== null; at = tree.byId.get(at)?.parent ?? null) {
    if (at === dragged) return null;
  }
  if (zone === "under") {
    if (target.level >= LEVELS_MAX) return null;
    const row = (tree.siblings.get(onto) ?? []).filter(({ id }) => id !== dragged);
    return { parent: onto, index: row.length };
  }
  const row = (tree.siblings.get(target.parent) ?? []).filter(({ id }) => id !== dragged);
  return { parent: target.parent, index: row.indexOf(target) + (zone === "after" ? 1 : 0) };
}
