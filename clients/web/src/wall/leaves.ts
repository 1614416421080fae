// Which questions of the regions stand together on the wall: a few regions beside each other, as
// many questions each as fit, and every question on some page.
import type { WallRegion } from "../api/index.ts";

type Question = WallRegion["questions"][number];

/** One region's part of a page. */
export interface Leaf {
  readonly region: WallRegion;
  /** Where the region stands among all: its colour. */
  readonly at: number;
  readonly questions: readonly Question[];
  /** The place of the first of them among the region's own, from 1. */
  readonly first: number;
}

/**
 * Pages of at most `columns` regions with at most `rows` questions each. The newest questions come
 * first; a region with fewer pages than its neighbours keeps its last one, so that no column is
 * bare while others go on.
 */
export function leaves(
  regions: readonly WallRegion[],
  columns: number,
  rows: number,
): readonly (readonly Leaf[])[] {
  const pages: Leaf[][] = [];
  for (let from = 0; from < regions.length; from += columns) {
    const beside = regions.slice(from, from + columns);
    const longest = Math.max(...beside.map(({ questions }) => questions.length));
    for (let page = 0; page < Math.max(1, Math.ceil(longest / rows)); page += 1) {
      pages.push(beside.map((region, column) => leaf(region, from + column, page, rows)));
    }
  }
  return pages;
}

function leaf(region: WallRegion, at: number, page: number, rows: number): Leaf {
  const { questions } = region;
  const own = Math.min(page, Math.max(0, Math.ceil(questions.length / rows) - 1));
  const end = questions.length - own * rows;
  const start = Math.max(0, end - rows);
  return { region, at, questions: questions.slice(start, end), first: start + 1 };
}
