// What the wall shows of what the server tells: only text that its writers have let rest.
//
// While somebody writes in an insight the wall goes on showing what stood there before; a new one
// appears when it rests. What is nested under one that does not show yet takes its place.

import type { WallGroup, WallInsight, WallRegion } from "../api/index.ts";

export interface Shown {
  readonly id: string;
  readonly text: string;
  readonly category: string | null;
  /** BCP 47; `null`: the gathering's. */
  readonly language: string | null;
  readonly highlight: boolean;
  readonly outside: boolean;
  readonly children: readonly Shown[];
}

export interface ShownGroup {
  readonly id: string;
  readonly name: string;
  readonly question: string;
  /** The theme that it works on. */
  readonly theme: string | null;
  readonly lastContribution: string | null;
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
    const { id, category, language, highlight = false, from_outside: outside = false } = insight;
    return [{ id, text, category, language, highlight, outside, children }];
  });
}

export function settle(groups: readonly WallGroup[], settled: Settled): ShownGroup[] {
  return groups.map(({ id, name, question, theme, last_contribution, insights }) => ({
    id,
    name,
    question,
    theme,
    lastContribution: last_contribution,
    insights: shown(insights, settled),
  }));
}

/** The wall of a moment that is over: as its groups saw it, every letter that stood there. */
export const asWritten = (groups: readonly WallGroup[]): ShownGroup[] => {
  const written = new Map<string, string>();
  const note = (insights: readonly WallInsight[]): void => {
    for (const { id, text, children } of insights) {
      written.set(id, text);
      note(children);
    }
  };
  for (const { insights } of groups) note(insights);
  return settle(groups, written);
};

/** What the regions bring, the same way. */
export const settleRegions = (regions: readonly WallRegion[], settled: Settled): WallRegion[] =>
  regions.map((region) => ({
    ...region,
    questions: region.questions.flatMap((question) => {
      if (question.settled) settled.set(question.id, question.text);
      const text = settled.get(question.id)?.trim() ?? "";
      return text === "" ? [] : [{ ...question, text }];
    }),
  }));

/** Whether something waits to be settled, so that the wall should look again. */
export function unsettled(insights: readonly WallInsight[]): boolean {
  return insights.some((each) => !each.settled || unsettled(each.children));
}

/** Every shown insight, those under others too, in order. */
export const flat = (insights: readonly Shown[]): Shown[] =>
  insights.flatMap((each) => [each, ...flat(each.children)]);

/** Every shown insight's id. */
export const ids = (insights: readonly Shown[]): string[] => flat(insights).map(({ id }) => id);
