// What the wall shows of what the server tells: only text that its writers have let rest.
//
// While somebody writes in an insight the wall goes on showing what stood there before; a new one
// appears when it rests. What is nested under one that does not show yet takes its place.

import type { WallGroup, WallInsight } from "../api/index.ts";

export interface Shown {
  readonly id: string;
  readonly text: string;
  readonly category: string | null;
  readonly highlight: boolean;
  readonly outside: boolean;
  readonly children: readonly Shown[];
}

export interface ShownGroup {
  readonly id: string;
  readonly name: string;
  readonly question: string;
  readonly insights: readonly Shown[];
}

/** The last settled text of each insight; grown by each look. */
export type Settled = Map<string, string>;

function shown(insights: readonly WallInsight[], settled: Settled): Shown[] {
  return insights.flatMap((insight) => {
    if (insight.settled) settled.set(insight.id, insight.text);
    const text = settled.get(insight.id)?.trim() ?? "";
    const children = shown(insight.children, settled);
    if (text === "") return children;
    const { id, category, highlight = false, from_outside: outside = false } = insight;
    return [{ id, text, category, highlight, outside, children }];
  });
}

export function settle(groups: readonly WallGroup[], settled: Settled): ShownGroup[] {
  return groups.map(({ id, name, question, insights }) => ({
    id,
    name,
    question,
    insights: shown(insights, settled),
  }));
}

/** Whether something waits to be settled, so that the wall should look again. */
export function unsettled(insights: readonly WallInsight[]): boolean {
  return insights.some((each) => !each.settled || unsettled(each.children));
}

/** Every shown insight's id. */
export function ids(insights: readonly Shown[]): string[] {
  return insights.flatMap((each) => [each.id, ...ids(each.children)]);
}

/** Which page of groups and which of their columns comes after this one. */
export interface Leaf {
  readonly groups: number;
  readonly column: number;
}

export function nextLeaf(leaf: Leaf, columnPages: number, groupPages: number): Leaf {
  if (leaf.column + 1 < columnPages) return { groups: leaf.groups, column: leaf.column + 1 };
  return { groups: (leaf.groups + 1) % Math.max(1, groupPages), column: 0 };
}
