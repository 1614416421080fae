// The language of the interface: chosen once on this device, else the browser's, else Dutch. What
// people type has a language of its own, said on each item.

import type { First } from "./messages/first/nl.ts";

export type Language = "nl" | "fr" | "en";

/** Each language by its own name. */
export const LANGUAGES: Readonly<Record<Language, string>> = {
  nl: "Nederlands",
  fr: "Français",
  en: "English",
};

/** What the join page says: only the chosen language's sentences are fetched. */
export const FIRST: Readonly<Record<Language, () => Promise<First>>> = {
  nl: async () => (await import("./messages/first/nl.ts")).nl,
  fr: async () => (await import("./messages/first/fr.ts")).fr,
  en: async () => (await import("./messages/first/en.ts")).en,
};

const KEY = "oogst.language";

const known = (tag: string | null | undefined): Language | null => {
  const short = tag?.slice(0, 2).toLowerCase();
  return short !== undefined && short in LANGUAGES ? (short as Language) : null;
};

let spoken: Language | null = null;

/** The language of this page. */
export function language(): Language {
  if (spoken !== null) return spoken;
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // A forbidden store: the browser's language will do.
  }
  spoken = known(kept) ?? navigator.languages.map(known).find((tag) => tag !== null) ?? "nl";
  return spoken;
}

/** Speaks this language from now on, on this device. */
export function speak(chosen: Language): void {
  spoken = chosen;
  document.documentElement.lang = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // It holds for this page then.
  }
}

/** The time of day, as the interface says it. */
export const timeOfDay = (at: Date): string =>
  new Intl.DateTimeFormat(language(), {
    hour: "2-digit",
    minute: "2-digit",
    // A programme on paper counts to 24, in each language.
    hourCycle: "h23",
  }).format(at);
