// What somebody wrote since a moment: the texts to hand back where the server takes no more.

import { type Harvest, word } from "./shape.ts";

/** Each text of `now` that is new or other than it was in `before`; a text taken out is none. */
export function textsSince(before: Harvest, now: Harvest): string[] {
  return Object.entries(now.insights ?? {})
    .filter(([id, { text }]) => word(text) !== word(before.insights?.[id]?.text))
    .map(([, { text }]) => word(text).trim())
    .filter((text) => text !== "");
}
