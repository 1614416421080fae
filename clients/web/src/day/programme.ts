// The programme's document as pages read it, whether it came as JSON or is open with Automerge.
// Any key may be missing; what is removed is left out; order is by position.

import { inOrder } from "../harvest/position.ts";
import { type Word, word } from "../harvest/shape.ts";

export const BLOCK_KINDS = [
  "welcome",
  "who_is_who",
  "news",
  "inspiration",
  "questions",
  "breakout",
  "plenary",
  "intervision",
  "speed_intervision",
  "visit",
  "reflection",
  "closing",
  "break",
] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

export interface BlockShape {
  title?: Word;
  kind?: Word;
  /** `HH:MM`, where the clock decides. */
  fixed_start?: Word | null;
  minutes?: number;
  round?: Word | null;
  position?: Word;
  removed?: boolean;
}

export interface QuestionShape {
  text?: Word;
  author?: Word;
  created?: number;
  kind?: Word;
  region?: Word;
  theme?: Word | null;
  language?: Word;
  position?: Word;
  removed?: boolean;
  said_by?: Record<string, boolean>;
}

export interface ThemeShape {
  said_by?: Record<string, boolean>;
  text?: Word;
  author?: Word;
  created?: number;
  position?: Word;
  removed?: boolean;
  chosen_group?: Word | null;
}

/** The root of a programme. */
export interface ProgrammeShape {
  kind?: Word;
  title?: Word;
  place?: Word;
  host?: Word;
  chair?: Word;
  why?: Word;
  blocks?: Record<string, BlockShape>;
  questions?: Record<string, QuestionShape>;
  themes?: Record<string, ThemeShape>;
}

export interface Block {
  readonly id: string;
  readonly title: string;
  readonly kind: BlockKind | null;
  readonly fixedStart: string | null;
  readonly minutes: number;
  readonly round: string | null;
  readonly position: string;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly author: string;
  readonly challenge: boolean;
  /** A region's id, or its name as somebody wrote it. */
  readonly region: string;
  readonly theme: string | null;
  readonly position: string;
}

export interface Theme {
  readonly id: string;
  readonly text: string;
  readonly group: string | null;
  readonly position: string;
}

export interface Programme {
  readonly place: string;
  readonly blocks: readonly Block[];
  readonly questions: readonly Question[];
  readonly themes: readonly Theme[];
}

function live<Shape extends { removed?: boolean; position?: Word }>(
  items: Record<string, Shape> | undefined,
): { id: string; position: string; shape: Shape }[] {
  return Object.entries(items ?? {})
    .filter(([, shape]) => shape.removed !== true)
    .map(([id, shape]) => ({ id, position: word(shape.position), shape }))
    .sort(inOrder);
}

const orNull = (value: Word | null | undefined): string | null => word(value) || null;

export function readProgramme(root: ProgrammeShape): Programme {
  return {
    place: word(root.place),
    blocks: live(root.blocks).map(({ id, position, shape }) => ({
      id,
      position,
      title: word(shape.title),
      kind: BLOCK_KINDS.find((kind) => kind === word(shape.kind)) ?? null,
      fixedStart: orNull(shape.fixed_start),
      minutes: shape.minutes ?? 0,
      round: orNull(shape.round),
    })),
    questions: live(root.questions).map(({ id, position, shape }) => ({
      id,
      position,
      text: word(shape.text),
      author: word(shape.author),
      challenge: word(shape.kind) === "challenge",
      region: word(shape.region),
      theme: orNull(shape.theme),
    })),
    themes: live(root.themes).map(({ id, position, shape }) => ({
      id,
      position,
      text: word(shape.text),
      group: orNull(shape.chosen_group),
    })),
  };
}
