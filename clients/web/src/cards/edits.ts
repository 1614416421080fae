// Writes in the documents where everybody has a card of their own. The server takes a card from
// nobody else, and a card is made once: with all its texts, so that none of them is made twice.

import type { Word } from "../harvest/shape.ts";

export interface Introduction {
  organisation?: Word;
  role?: Word;
  on_my_plate?: Word;
  my_questions?: Word;
  bring?: Word;
  removed?: boolean;
}

export interface Introductions {
  cards?: Record<string, Introduction>;
}

export interface Takeaway {
  takeaway?: Word;
  first_step?: Word;
  word?: Word;
  removed?: boolean;
}

export interface Closing {
  cards?: Record<string, Takeaway>;
}

/** Gives somebody a card, unless they have one. */
function bear<Card>(document: { cards?: Record<string, Card> }, who: string, card: Card): void {
  const { cards } = document;
  if (cards !== undefined && cards[who] === undefined) cards[who] = card;
}

export const bearIntroduction = (document: Introductions, who: string): void =>
  bear(document, who, {
    organisation: "",
    role: "",
    on_my_plate: "",
    my_questions: "",
    bring: "",
    removed: false,
  });

export const bearTakeaway = (document: Closing, who: string): void =>
  bear(document, who, { takeaway: "", first_step: "", word: "", removed: false });
