// Writes of a region's questions in the programme, and how they are shown: one's own region first.

import type { Region } from "../api/answers.ts";
import type { ProgrammeShape, Question, QuestionShape } from "../day/programme.ts";
import type { Chance } from "../harvest/position.ts";
import { TEXT_CHARACTERS_MAX } from "../harvest/shape.ts";
import { byName } from "../names.ts";
import { addItem } from "../sync/edits.ts";

export interface NewQuestion {
  readonly id: string;
  readonly text: string;
  readonly author: string;
  readonly created: number;
  readonly challenge: boolean;
  /** The region's id; empty for none. */
  readonly region: string;
}

interface Born extends QuestionShape {
  refs: Record<string, never>;
  photos: Record<string, never>;
}

/** Adds a question as the last one. */
export function addQuestion(root: ProgrammeShape, asked: NewQuestion, chance?: Chance): void {
  const { id, text, author, created, challenge, region } = asked;
  if (root.questions === undefined) return;
  const born: Born = {
    text: text.slice(0, TEXT_CHARACTERS_MAX),
    author,
    created,
    kind: challenge ? "challenge" : "question",
    region,
    theme: null,
    said_by: {},
    refs: {},
    photos: {},
  };
  addItem<QuestionShape>(root.questions, id, born, chance);
}

export function setQuestionRemoved(root: ProgrammeShape, id: string, removed: boolean): void {
  const question = root.questions?.[id];
  if (question !== undefined && (question.removed === true) !== removed) {
    question.removed = removed;
  }
}

export interface RegionPart {
  /** Its id, or its name where the gathering knows no such region; empty for none. */
  readonly id: string;
  readonly name: string;
  readonly questions: readonly Question[];
}

/** The questions by region: one's own first, then by name, without a region last. */
export function byRegion(
  questions: readonly Question[],
  regions: readonly Region[],
  own: string,
): RegionPart[] {
  const known = (wanted: string): { id: string; name: string } =>
    regions.find(({ id, name }) => id === wanted || name === wanted) ?? {
      id: wanted,
      name: wanted,
    };
  const parts = new Map<string, { id: string; name: string; questions: Question[] }>();
  for (const question of questions) {
    const { id, name } = known(question.region);
    const part = parts.get(id) ?? { id, name, questions: [] };
    part.questions.push(question);
    parts.set(id, part);
  }
  const mine = own === "" ? null : known(own).id;
  const rank = ({ id }: RegionPart): number => (id === mine ? 0 : id === "" ? 2 : 1);
  return [...parts.values()].sort((a, b) => rank(a) - rank(b) || byName(a, b));
}
