// How an intervision goes: its steps, how long each takes, and who may write then. The names of
// formats and steps are words of the interface; here stands only what they do.

/** Who writes in a step: the case owner the case or what they conclude, the others the rest. */
export type Writes = "case" | "questions" | "advice" | "conclusions" | "nobody";

export interface Step {
  readonly id: StepId;
  readonly minutes: number;
  readonly writes: Writes;
}

export type StepId = "case" | "questions" | "advice" | "gossip" | "reaction" | "conclusions";

export interface Format {
  readonly id: FormatId;
  readonly steps: readonly Step[];
}

export type FormatId = "classic" | "gossip" | "speed";

const step = (id: StepId, minutes: number, writes: Writes): Step => ({ id, minutes, writes });

export const FORMATS: readonly Format[] = [
  {
    id: "classic",
    steps: [
      step("case", 10, "case"),
      step("questions", 15, "questions"),
      step("advice", 15, "advice"),
      step("conclusions", 10, "conclusions"),
    ],
  },
  {
    id: "gossip",
    steps: [
      step("case", 5, "case"),
      step("questions", 10, "questions"),
      step("gossip", 15, "advice"),
      step("reaction", 5, "nobody"),
      step("conclusions", 5, "conclusions"),
    ],
  },
  {
    id: "speed",
    steps: [
      step("case", 3, "case"),
      step("questions", 5, "questions"),
      step("advice", 7, "advice"),
      step("conclusions", 3, "conclusions"),
    ],
  },
];

/** What the document says once the last step is over. */
export const OVER = "done";

export const formatOf = (id: string): Format | null =>
  FORMATS.find((each) => each.id === id) ?? null;

/** What comes after a step; `OVER` after the last. */
export function after(format: Format, id: string): Step | typeof OVER | null {
  const index = format.steps.findIndex((each) => each.id === id);
  if (index < 0) return null;
  return format.steps[index + 1] ?? OVER;
}
