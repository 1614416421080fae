// Who goes to which group where nobody chose: evenly, and never over the seats.

export interface Table {
  readonly id: string;
  /** How many fit; any number where left out. */
  readonly seats?: number | undefined;
  readonly taken: number;
}

export interface Spread {
  readonly placed: ReadonlyMap<string, string>;
  /** For whom there was no seat. */
  readonly left: readonly string[];
}

/** Places people one by one where the fewest sit; in the groups' order where that is equal. */
export function spread(people: readonly string[], tables: readonly Table[]): Spread {
  const taken = new Map(tables.map(({ id, taken }) => [id, taken]));
  const placed = new Map<string, string>();
  const left: string[] = [];
  for (const person of people) {
    const free = tables.filter(({ id, seats }) => (taken.get(id) ?? 0) < (seats ?? Infinity));
    const best = free.reduce<Table | null>(
      (found, each) =>
        found === null || (taken.get(each.id) ?? 0) < (taken.get(found.id) ?? 0) ? each : found,
      null,
    );
    if (best === null) {
      left.push(person);
    } else {
      placed.set(person, best.id);
      taken.set(best.id, (taken.get(best.id) ?? 0) + 1);
    }
  }
  return { placed, left };
}

/** A group as somebody fills it in. */
export interface GroupDraft {
  name: string;
  question: string;
  table: string;
  seats: number | null;
  theme: string;
}

export const emptyGroup = (name: string): GroupDraft => ({
  name,
  question: "",
  table: "",
  seats: null,
  theme: "",
});

export const seatsAreRight = ({ seats }: GroupDraft): boolean =>
  seats === null || (Number.isInteger(seats) && seats >= 1);

/** The group as the server wants it: what was left empty is left out. */
export function formed({ name, question, table, seats, theme }: GroupDraft) {
  return {
    name: name.trim(),
    ...(question.trim() === "" ? {} : { question: question.trim() }),
    ...(table.trim() === "" ? {} : { table: table.trim() }),
    ...(seats === null ? {} : { seats }),
    ...(theme === "" ? {} : { theme }),
  };
}
