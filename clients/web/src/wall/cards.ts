// Who is who, as the wall shows it: the cards that their owners wrote, by name.

import type { ParticipantInfo } from "../api/index.ts";
import { type Word, word } from "../harvest/shape.ts";
import { byName } from "../names.ts";

interface CardShape {
  organisation?: Word;
  role?: Word;
  on_my_plate?: Word;
  my_questions?: Word;
  bring?: Word;
  removed?: boolean;
}

export interface IntroductionsShape {
  cards?: Record<string, CardShape>;
}

export interface Card {
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
  readonly role: string;
  readonly plate: string;
  readonly questions: string;
  readonly bring: string;
}

/** The cards of who is here and wrote something. */
export function readCards(
  root: IntroductionsShape,
  participants: readonly ParticipantInfo[],
): readonly Card[] {
  const people = new Map(participants.map((each) => [each.id, each]));
  return Object.entries(root.cards ?? {})
    .flatMap(([id, card]) => {
      const person = people.get(id);
      if (person === undefined || card.removed === true) return [];
      const organisation = word(card.organisation) || (person.organisation ?? "");
      const said = {
        plate: word(card.on_my_plate),
        questions: word(card.my_questions),
        bring: word(card.bring),
      };
      return [{ id, name: person.name, organisation, role: word(card.role), ...said }];
    })
    .filter(({ id: _, name: __, ...written }) => Object.values(written).some((text) => text !== ""))
    .sort(byName);
}
