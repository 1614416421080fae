// Finding one's way in a wall of thousands of insights: by word, by category, by theme, by group.

import type { Shown, ShownGroup } from "./settled.ts";

export interface Filter {
  readonly text: string;
  /** Empty: all. */
  readonly category: string;
  readonly theme: string;
  readonly group: string;
}

export const NO_FILTER: Filter = { text: "", category: "", theme: "", group: "" };

/** Without case and accents: `éénmalig` is found by `eenmalig`. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Trees with only what `wanted` holds, and what that stands under. */
function kept(insights: readonly Shown[], wanted: (insight: Shown) => boolean): Shown[] {
  return insights.flatMap((insight) => {
    const hit = wanted(insight);
    const children = kept(insight.children, wanted);
    return hit || children.length > 0 ? [{ ...insight, children }] : [];
  });
}

export interface Filtered {
  readonly groups: readonly ShownGroup[];
  /** How many insights were looked for and found. */
  readonly found: number;
}

export function filtered(groups: readonly ShownGroup[], filter: Filter): Filtered {
  const words = plain(filter.text).split(/\s+/).filter(Boolean);
  let found = 0;
  const wanted = (insight: Shown): boolean => {
    const text = words.length > 0 ? plain(insight.text) : "";
    const right = filter.category === "" || insight.category === filter.category;
    const hit = right && words.every((word) => text.includes(word));
    if (hit) found += 1;
    return hit;
  };
  const shown = groups
    .filter(({ id }) => filter.group === "" || id === filter.group)
    .filter(({ theme }) => filter.theme === "" || theme === filter.theme)
    .map((group) => ({ ...group, insights: kept(group.insights, wanted) }));
  return { groups: shown, found };
}
