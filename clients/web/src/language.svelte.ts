// The language of the interface: chosen once on this device, else the browser's, else Dutch. What
// people type has a language of its own, said on each item.

import { en } from "./messages/en.ts";
import { fr } from "./messages/fr.ts";
import { type Messages, nl } from "./messages/nl.ts";

export const LANGUAGES = { nl, fr, en } satisfies Record<string, Messages>;
export type Language = keyof typeof LANGUAGES;

const KEY = "oogst.language";

const known = (tag: string | null | undefined): Language | null => {
  const short = tag?.slice(0, 2).toLowerCase();
  return short !== undefined && short in LANGUAGES ? (short as Language) : null;
};

function first(): Language {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // A forbidden store: the browser's language will do.
  }
  return known(kept) ?? navigator.languages.map(known).find((tag) => tag !== null) ?? "nl";
}

/** The sentences of one part of the interface; what is missing in a language does not compile. */
export type Area<Words> = Readonly<Record<Language, Words>>;

/** Declares an area: Dutch says which sentences there are. */
export const area = <Words>(words: {
  readonly nl: Words;
  readonly fr: NoInfer<Words>;
  readonly en: NoInfer<Words>;
}): Area<Words> => words;

class Interface {
  language = $state<Language>(first());

  /** The sentences, in the language of now. */
  get t(): Messages {
    return LANGUAGES[this.language];
  }

  /** The sentences of an area, in the language of now. */
  of<Words>(words: Area<Words>): Words {
    return words[this.language];
  }

  choose(language: Language): void {
    this.language = language;
    try {
      localStorage.setItem(KEY, language);
    } catch {
      // It holds for this page then.
    }
  }

  /** Names as a list: `An, Bo en Chris`. */
  list(names: readonly string[]): string {
    return new Intl.ListFormat(this.language, { type: "conjunction" }).format(names);
  }

  /** The time of day. */
  time(at: Date): string {
    return new Intl.DateTimeFormat(this.language, { hour: "2-digit", minute: "2-digit" }).format(
      at,
    );
  }
}

export const ui = new Interface();
