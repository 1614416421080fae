// The kinds of documents that have a page under `/groep`, and which of them stand in its row.

import type { Component } from "svelte";
import type { DocumentInfo, DocumentKind, GroupInfo, Role } from "../api/index.ts";
import type { GatheringView } from "../gathering.svelte.ts";
import type { Work } from "../sync/work.svelte.ts";

export const KINDS = ["visit", "intervision", "action_plan", "stakeholders"] as const;
export type Kind = (typeof KINDS)[number];

/** The page of a document: what its kind shows of it. */
type KindPage = Component<{ work: Work; info: DocumentInfo }>;

const PAGES: Readonly<Record<Kind, () => Promise<{ readonly default: KindPage }>>> = {
  visit: () => import("./VisitPage.svelte"),
  intervision: () => import("./IntervisionPage.svelte"),
  action_plan: () => import("./PlanPage.svelte"),
  stakeholders: () => import("./StakeholdersPage.svelte"),
};

export const kindOf = (kind: DocumentKind): Kind | null =>
  KINDS.find((each) => each === kind) ?? null;

export const kindPage = (kind: Kind): Promise<{ readonly default: KindPage }> => PAGES[kind]();

/** Fetches the pages of what is open, so that they are there without a line. */
export function fetchKinds(documents: readonly DocumentInfo[]): void {
  for (const kind of new Set(documents.map((each) => kindOf(each.kind)))) {
    if (kind !== null) void kindPage(kind).catch(() => {});
  }
}

/** What stands in the row of a group besides its harvest, in order of opening. */
export function documentsFor(gathering: GatheringView): DocumentInfo[] {
  const own: GroupInfo | null = gathering.group;
  const all = [...(own?.documents ?? []), ...(gathering.data?.documents ?? [])];
  return all.filter(({ kind }) => kindOf(kind) !== null);
}

/** What somebody may open: a kind, or a list of actions of one's own. */
export function openable(role: Role | undefined, grouped: boolean): (Kind | "own")[] {
  if (role === undefined || role === "observer" || role === "operator") return [];
  if (role === "facilitator") return ["visit", "intervision", "action_plan", "stakeholders", "own"];
  return grouped ? ["visit", "intervision", "own"] : ["own"];
}
