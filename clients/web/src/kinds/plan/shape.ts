// An action plan as its page reads it, and what it adds up to. The server counts the same for who
// reads without this client (`GET /api/documents/{d}/overview`); here it is counted from the
// document itself, so that it is there at once and without a line.

import { flagged, type Word, word } from "../../harvest/shape.ts";
import { type ItemShape, liveItems } from "../../sync/edits.ts";

export const PLAN_STATUS = ["draft", "submitted", "progress_talk", "final"] as const;
export const ACTION_STATUS = ["idea", "agreed", "doing", "done", "dropped"] as const;
export const ACTION_KINDS = ["do", "meeting", "agenda_setting", "publication"] as const;
/** Without money first: what needs none can begin. */
export const SCENARIOS = ["none", "small", "medium", "large"] as const;
export const POINTS = ["money", "organisation", "time", "information", "quality"] as const;
export const MOMENTS = ["start", "end"] as const;

export type ActionStatus = (typeof ACTION_STATUS)[number];
export type Scenario = (typeof SCENARIOS)[number];
export type Moment = (typeof MOMENTS)[number];

export interface ActionShape extends ItemShape {
  what?: Word;
  who?: Record<string, boolean>;
  who_text?: Word;
  due?: Word | null;
  status?: Word | null;
  kind?: Word | null;
  scenarios?: Record<string, boolean>;
  cost?: number | null;
  period?: Word | null;
  supports?: Record<string, boolean>;
}

export interface CheckInShape {
  period?: Word | null;
  moment?: Word | null;
  date?: Word | null;
  author?: Word;
  [point: string]: unknown;
}

export interface PlanShape {
  hundred_days?: { question?: Word; start?: Word | null; roles?: Word };
  actions?: Record<string, ActionShape>;
  check_ins?: Record<string, CheckInShape>;
}

export interface Action {
  readonly id: string;
  readonly what: string;
  readonly who: readonly string[];
  readonly whoText: string;
  readonly due: string;
  readonly status: ActionStatus;
  readonly scenarios: readonly Scenario[];
  readonly cost: number | null;
  readonly period: string;
  readonly supports: number;
}

/** Live actions in order. */
export const actionsOf = (plan: PlanShape): Action[] =>
  liveItems<ActionShape>(plan.actions).map(({ id, item }) => ({
    id,
    what: word(item.what) || word(item.text),
    who: flagged(item.who),
    whoText: word(item.who_text),
    due: word(item.due),
    status: ACTION_STATUS.find((each) => each === word(item.status)) ?? "idea",
    scenarios: SCENARIOS.filter((each) => item.scenarios?.[each] === true),
    cost: typeof item.cost === "number" ? item.cost : null,
    period: word(item.period).trim(),
    supports: flagged(item.supports).length,
  }));

/** What counts: what was dropped does not. */
const counted = (actions: readonly Action[]): Action[] =>
  actions.filter(({ status }) => status !== "dropped");

export interface ScenarioTotal {
  readonly scenario: Scenario;
  readonly actions: readonly Action[];
  readonly cost: number;
}

export function scenarioTotals(actions: readonly Action[]): ScenarioTotal[] {
  return SCENARIOS.map((scenario) => {
    const its = counted(actions).filter((each) => each.scenarios.includes(scenario));
    return { scenario, actions: its, cost: its.reduce((sum, { cost }) => sum + (cost ?? 0), 0) };
  });
}

/** What belongs to no scenario yet. */
export const inNoScenario = (actions: readonly Action[]): Action[] =>
  counted(actions).filter(({ scenarios }) => scenarios.length === 0);

export interface CheckIn {
  readonly id: string;
  readonly period: string;
  readonly moment: Moment;
  readonly shape: CheckInShape;
}

export const checkInsOf = (plan: PlanShape): CheckIn[] =>
  Object.entries(plan.check_ins ?? {})
    .map(([id, shape]) => ({
      id,
      period: word(shape.period).trim(),
      moment: MOMENTS.find((each) => each === word(shape.moment)) ?? ("start" as const),
      shape,
    }))
    .sort((left, right) => (left.id < right.id ? -1 : 1));

/** The periods that actions or check-ins name, in order of their names. */
export function periodsOf(plan: PlanShape): string[] {
  const names = [...counted(actionsOf(plan)), ...checkInsOf(plan)].map(({ period }) => period);
  return [...new Set(names.filter((name) => name !== ""))].sort();
}

const DAY_MS = 86_400_000;
const dayAt = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** Which day of the hundred a date is: 0 is the first. `null` where either is no date. */
export function dayOf(start: string, date: string): number | null {
  const days = (dayAt(date) - dayAt(start)) / DAY_MS;
  return Number.isFinite(days) ? Math.round(days) : null;
}

/** The date of a day of the hundred, as `YYYY-MM-DD`. */
export function dateOf(start: string, day: number): string {
  const at = dayAt(start) + day * DAY_MS;
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : "";
}
