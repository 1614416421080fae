// What somebody wrote since a moment: how many insights, and the texts to hand back where the
// server takes no more.

import type { TextPatch } from "./caret.ts";
import { type Harvest, word } from "./shape.ts";

/** What the patches touch: each insight once, and whatever else stands in a harvest. */
export const touchedBy = (patches: readonly TextPatch[]): string[] => [
  ...new Set(patches.map(({ path }) => path.slice(0, 2).join("/"))),
];

/** Each text of `now` that is new or other than it was in `before`; a text taken out is none. */
export function textsSince(before: Harvest, now: Harvest): string[] {
  return Object.entries(now.insights ?? {})
    .filter(([id, { text }]) => word(text) !== word(before.insights?.[id]?.text))
    .map(([, { text }]) => word(text).trim())
    .filter((text) => text !== "");
}
