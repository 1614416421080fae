// A group's learning question as the group words it, in its harvest. What the group was formed with
// is older, and groups on themes begin without any.

import { SvelteMap } from "svelte/reactivity";
import { documentJson, type GroupInfo } from "../api/index.ts";
import { type Word, word } from "../harvest/shape.ts";

/** Contributions after which a question may read differently. */
export const WORDED = /^(question\.edited|wording\.chosen)$/;

/** By group, as last read. */
const known = new SvelteMap<string, string>();

export const questionOf = ({ id, question }: GroupInfo): string => known.get(id) || question;

export const harvestOf = ({ documents }: GroupInfo): string | null =>
  documents.find(({ kind }) => kind === "harvest")?.id ?? null;

export async function readQuestion(group: GroupInfo, token: string | null): Promise<void> {
  const harvest = harvestOf(group);
  if (harvest === null) return;
  try {
    const root = await documentJson<{ question?: Word }>(harvest, token);
    known.set(group.id, word(root.question).trim());
  } catch {
    // What was last read stays; it is asked again when the line is back.
  }
}
