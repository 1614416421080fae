// The interface's language and sentences, as pages read them. What the join page says comes first;
// what all other pages share comes with the first of them, in one language.

import type { Area } from "./area.ts";
import { FIRST, LANGUAGES, type Language, language, speak, timeOfDay } from "./language.ts";
import type { Messages, Rest } from "./messages/nl.ts";

export { type Area, area } from "./area.ts";
export { LANGUAGES, type Language } from "./language.ts";

/** What all other pages share. */
const REST: Readonly<Record<Language, () => Promise<Rest>>> = {
  nl: async () => (await import("./messages/nl.ts")).nl,
  fr: async () => (await import("./messages/fr.ts")).fr,
  en: async () => (await import("./messages/en.ts")).en,
};

class Interface {
  #language = $state<Language>(language());
  #whole = $state.raw<Messages | null>(null);

  get language(): Language {
    return this.#language;
  }

  /** The sentences, in the language of now. No page is drawn before `open`. */
  get t(): Messages {
    if (this.#whole === null) throw new Error("a page was drawn before its sentences were there");
    return this.#whole;
  }

  /** Fetches the sentences of the language of now. */
  open(): Promise<void> {
    return this.#fetch(this.#language);
  }

  async #fetch(language: Language): Promise<void> {
    const [first, rest] = await Promise.all([FIRST[language](), REST[language]()]);
    this.#whole = { ...first, ...rest };
    this.#language = language;
    document.documentElement.lang = language;
  }

  /** The sentences of an area, in the language of now. */
  of<Words>(words: Area<Words>): Words {
    return words[this.language];
  }

  /** Speaks this language from now on; rejects where its sentences could not be fetched. */
  async choose(language: Language): Promise<void> {
    await this.#fetch(language);
    speak(language);
  }

  /** Fetches the other languages too, so that one can change without a line. */
  fetchAhead(): void {
    for (const language of Object.keys(LANGUAGES) as Language[]) {
      // Without a line it is tried again when one is chosen.
      void Promise.all([FIRST[language](), REST[language]()]).catch(() => {});
    }
  }

  /** Names as a list: `An, Bo en Chris`. */
  list(names: readonly string[]): string {
    return new Intl.ListFormat(this.language, { type: "conjunction" }).format(names);
  }

  /** What something is called, and what it is: `Waarom: …`; in French with a space before it. */
  named(name: string, what: string): string {
    return `${name}${this.#language === "fr" ? "\u00a0" : ""}: ${what}`;
  }

  /** The time of day. */
  time(at: Date): string {
    void this.#language;
    return timeOfDay(at);
  }
}

export const ui = new Interface();
