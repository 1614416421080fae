// What somebody wrote since a moment: how many things, and the texts to hand back where the server
// takes no more.

import type { TextPatch } from "./caret.ts";

/** What the patches touch: each item once, and whatever else stands in a document. */
export const touchedBy = (patches: readonly TextPatch[]): string[] => [
  ...new Set(patches.map(({ path }) => path.slice(0, 2).join("/"))),
];

/** Keys whose strings are ids, places, dates or values from a list: nobody typed them as text. */
const NO_TEXT = new Set([
  "author",
  "category",
  "chosen",
  "chosen_group",
  "case_owner",
  "date",
  "due",
  "fixed_start",
  "format",
  "from",
  "kind",
  "language",
  "level",
  "moment",
  "parent",
  "period",
  "position",
  "round",
  "since",
  "stakeholder",
  "start",
  "status",
  "step",
  "target",
  "theme",
]);

/** Each text of `now` that is new or other than it was in `before`; a text taken out is none. */
export function textsSince(before: unknown, now: unknown): string[] {
  // A string that is no text comes as an object of its own kind.
  const plain = typeof now === "object" && now !== null && now.constructor === Object;
  if (!plain) return [];
  const earlier = (typeof before === "object" ? before : null) as Record<string, unknown> | null;
  return Object.entries(now).flatMap(([key, value]) => {
    if (typeof value === "string") {
      const text = value.trim();
      return NO_TEXT.has(key) || text === "" || earlier?.[key] === value ? [] : [text];
    }
    return textsSince(earlier?.[key], value);
  });
}
