// What an item in the spotlight says, wherever it stands on the wall.

import type { Wall } from "../api/index.ts";
import { flat, type ShownGroup } from "./settled.ts";

export interface Spotlit {
  readonly text: string;
  readonly language: string | null;
  /** The group's place in its round, where it is a group's. */
  readonly group: number | null;
  /** The group's or the region's name. */
  readonly from: string;
  readonly under: readonly string[];
}

export function spotlit(id: string, wall: Wall, groups: readonly ShownGroup[]): Spotlit | null {
  for (const [index, group] of groups.entries()) {
    const found = flat(group.insights).find((each) => each.id === id);
    if (found !== undefined) {
      const under = found.children.map(({ text }) => text);
      const { text, language } = found;
      return { text, language, group: index, from: group.name, under };
    }
  }
  const plain = { language: null, group: null };
  for (const region of wall.regions) {
    const found = region.questions.find((each) => each.id === id);
    if (found !== undefined) return { ...plain, text: found.text, from: region.name, under: [] };
  }
  const theme = wall.themes.find((each) => each.id === id);
  if (theme === undefined) return null;
  const questions = wall.regions.flatMap((region) => region.questions);
  const under = questions.filter((each) => theme.questions.includes(each.id));
  return { ...plain, text: theme.text, from: "", under: under.map(({ text }) => text) };
}
