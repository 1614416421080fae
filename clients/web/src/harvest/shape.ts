// The shape of a group's harvest, as the server keeps it and as this client reads it.
//
// Any key of an insight may be missing: it is then shown empty. A string may come as a text or as
// an immutable string, whichever client wrote it, so what is no shared text is read with `word`.

/** The categories, in the order of the chips: the first six, the rest under "Meer". */
export const CATEGORIES = [
  "insight",
  "tip",
  "good_example",
  "obstacle",
  "question",
  "knowledge_gap",
  "tool",
  "experience",
  "success_factor",
  "recommendation",
] as const;

export type Category = (typeof CATEGORIES)[number];

/** How many categories stand beside the composer. */
export const CATEGORIES_FIRST = 6;

/** Longest text that clients let stand, in UTF-16 units. */
export const TEXT_CHARACTERS_MAX = 20_000;

/** Most key points that live at once in one group. */
export const HIGHLIGHTS_MAX = 3;

/** Most items in one document, removed ones included. */
export const ITEMS_MAX = 5_000;

/** A string that another client may have written as an immutable one. */
export type Word = string | { toString(): string };

export interface Insight {
  text?: Word;
  author?: Word;
  created?: number;
  position?: Word;
  removed?: boolean;
  parent?: Word | null;
  category?: Word | null;
  language?: Word;
  highlight?: boolean;
  said_by?: Record<string, boolean>;
  photos?: Record<string, boolean>;
  supports?: Record<string, boolean>;
  translations?: Record<string, Translation>;
}

export interface Translation {
  text?: Word;
  by?: Word;
  author?: Word;
}

/** A wording that was proposed for the learning question. */
export interface Wording {
  text?: Word;
  author?: Word;
  created?: number;
  position?: Word;
  removed?: boolean;
  consents?: Record<string, boolean>;
}

export interface Harvest {
  kind?: Word;
  schema?: number;
  title?: Word;
  question?: Word;
  wordings?: Record<string, Wording>;
  chosen?: Word | null;
  insights?: Record<string, Insight>;
}

/** What a scalar string or a short text says; empty where there is none. */
export function word(value: Word | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

/** The keys that are set in a map of flags. */
export const flagged = (flags: Record<string, boolean> | undefined): string[] =>
  Object.keys(flags ?? {}).filter((key) => flags?.[key] === true);

/** A translation for who reads `language`, where the insight is written in another. */
export function translationFor(
  insight: Insight,
  language: string,
): { readonly language: string; readonly text: string; readonly machine: boolean } | null {
  const short = (tag: string): string => tag.slice(0, 2).toLowerCase();
  if (short(word(insight.language)) === short(language)) return null;
  for (const [tag, translation] of Object.entries(insight.translations ?? {})) {
    const text = word(translation.text);
    if (short(tag) === short(language) && text !== "")
      return { language: tag, text, machine: word(translation.by) === "machine" };
  }
  return null;
}

/** The category, where it is one of ours. */
export function category(insight: Insight): Category | null {
  const found = word(insight.category);
  return CATEGORIES.find((each) => each === found) ?? null;
}
