// Every write that this client makes in a harvest. Each is one Automerge change.
//
// The server refuses a change that breaks the shape, whole, so the shapes stand here alone. Items
// are never deleted and the template's maps never replaced. An item is born with its maps, so
// that two people who support it at the same moment write into one and the same map. A value that
// is already so is not written again: automerge-repo sends no change that shows no difference.

import { setFlagAt, setTextAt } from "../sync/edits.ts";
import { type Chance, place } from "./position.ts";
import {
  type Category,
  type Harvest,
  HIGHLIGHTS_MAX,
  type Insight,
  TEXT_CHARACTERS_MAX,
  word,
} from "./shape.ts";
import { buildTree, type Spot, type Tree } from "./tree.ts";

export interface NewInsight {
  readonly id: string;
  readonly text: string;
  /** The writer's own participant id: the server refuses any other. */
  readonly author: string;
  /** Milliseconds since 1970, for display only. */
  readonly created: number;
  readonly parent: string | null;
  readonly category: Category | null;
  /** BCP 47: what the writer types in. */
  readonly language: string;
  /** Whose words they are, where that was said. */
  readonly saidBy?: readonly string[];
}

const insightsOf = (harvest: Harvest): Record<string, Insight> => harvest.insights ?? {};

const treeOf = (harvest: Harvest): Tree => buildTree(insightsOf(harvest));

/** Adds an insight as the last one under its parent. */
export function add(harvest: Harvest, insight: NewInsight, chance?: Chance): void {
  const insights = insightsOf(harvest);
  const tree = treeOf(harvest);
  const parent = insight.parent !== null && tree.byId.has(insight.parent) ? insight.parent : null;
  const row = tree.siblings.get(parent) ?? [];
  const positions = place(row, insight.id, row.length, chance);
  insights[insight.id] = {
    text: insight.text.slice(0, TEXT_CHARACTERS_MAX),
    author: insight.author,
    created: insight.created,
    position: positions.get(insight.id) ?? "V",
    parent,
    category: insight.category,
    language: insight.language,
    removed: false,
    highlight: false,
    supports: {},
    said_by: Object.fromEntries((insight.saidBy ?? []).map((who) => [who, true])),
    photos: {},
    translations: {},
  };
  positions.delete(insight.id);
  reposition(insights, positions);
}

function reposition(insights: Record<string, Insight>, positions: Map<string, string>): void {
  for (const [id, position] of positions) {
    const insight = insights[id];
    if (insight !== undefined) insight.position = position;
  }
}

/** Writes the text as the difference with what stands there, so that others' letters stay. */
export const setText = (harvest: Harvest, id: string, text: string): void =>
  setTextAt(harvest, ["insights", id, "text"], text);

export function setCategory(harvest: Harvest, id: string, value: Category | null): void {
  const insight = insightsOf(harvest)[id];
  if (insight === undefined || word(insight.category) === (value ?? "")) return;
  insight.category = value;
}

/** Puts the insight, and what is nested under it, at a spot. */
export function move(harvest: Harvest, id: string, spot: Spot, chance?: Chance): void {
  const insights = insightsOf(harvest);
  const insight = insights[id];
  if (insight === undefined) return;
  const row = treeOf(harvest).siblings.get(spot.parent) ?? [];
  const others = row.filter((node) => node.id !== id);
  if (word(insight.parent) !== (spot.parent ?? "")) insight.parent = spot.parent;
  reposition(insights, place(others, id, spot.index, chance));
}

/** Where an insight stands, to put it back there later. */
export interface Place {
  readonly parent: string | null;
  readonly position: string;
}

export function placeOf(harvest: Harvest, id: string): Place | null {
  const insight = insightsOf(harvest)[id];
  if (insight === undefined) return null;
  return { parent: word(insight.parent) || null, position: word(insight.position) };
}

/** Puts it back where it stood. */
export function putBack(harvest: Harvest, id: string, place: Place): void {
  const insight = insightsOf(harvest)[id];
  if (insight === undefined) return;
  if (word(insight.parent) !== (place.parent ?? "")) insight.parent = place.parent;
  if (word(insight.position) !== place.position) insight.position = place.position;
}

/** Says that somebody said it, or no longer. */
export const setSaidBy = (harvest: Harvest, id: string, who: string, said: boolean): void =>
  setFlagAt(harvest, ["insights", id, "said_by"], who, said);

export function setRemoved(harvest: Harvest, id: string, removed: boolean): void {
  const insight = insightsOf(harvest)[id];
  if (insight === undefined || (insight.removed === true) === removed) return;
  // A key point that comes back finds its place taken when there are three others by now.
  if (!removed && insight.highlight === true && highlights(harvest) >= HIGHLIGHTS_MAX) {
    insight.highlight = false;
  }
  insight.removed = removed;
}

/** A person supports an insight once, or takes it back. */
export function setSupport(harvest: Harvest, id: string, who: string, supports: boolean): void {
  const insight = insightsOf(harvest)[id];
  if (insight === undefined || (insight.supports?.[who] === true) === supports) return;
  if (insight.supports === undefined) insight.supports = {};
  if (supports) insight.supports[who] = true;
  else delete insight.supports[who];
}

/** How many key points live in the harvest. */
export function highlights(harvest: Harvest): number {
  return Object.values(insightsOf(harvest)).filter(
    (insight) => insight.highlight === true && insight.removed !== true,
  ).length;
}

/** Marks a key point or takes the mark away; `false` where there are three already. */
export function setHighlight(harvest: Harvest, id: string, highlight: boolean): boolean {
  const insight = insightsOf(harvest)[id];
  if (insight === undefined) return false;
  if ((insight.highlight === true) === highlight) return true;
  if (highlight && highlights(harvest) >= HIGHLIGHTS_MAX) return false;
  insight.highlight = highlight;
  return true;
}
