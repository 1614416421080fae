// Which rows of a long list are drawn: those in sight and a few around them.

export interface Span {
  readonly first: number;
  /** One beyond the last. */
  readonly end: number;
  /** Pixels of what is not drawn before and after. */
  readonly before: number;
  readonly after: number;
}

/**
 * The rows between `top` and `top + height`, and `around` pixels more on both sides.
 * `sizes` are the rows' heights, measured or guessed.
 */
export function inSight(
  sizes: readonly number[],
  top: number,
  height: number,
  around: number,
): Span {
  let first = 0;
  let before = 0;
  while (first < sizes.length && before + (sizes[first] ?? 0) < top - around) {
    before += sizes[first] ?? 0;
    first += 1;
  }
  let end = first;
  let below = before;
  while (end < sizes.length && below < top + height + around) {
    below += sizes[end] ?? 0;
    end += 1;
  }
  let after = 0;
  for (let at = end; at < sizes.length; at += 1) after += sizes[at] ?? 0;
  return { first, end, before, after };
}
