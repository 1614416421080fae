// Where a caret stands after others wrote in the same text.

/** What the caret needs of an Automerge patch. */
export interface TextPatch {
  readonly action: string;
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
  readonly length?: number;
}

/** The patches that touch the text at `path`. */
function within(patches: readonly TextPatch[], path: readonly string[]): TextPatch[] {
  return patches.filter((patch) => path.every((key, at) => patch.path[at] === key));
}

/**
 * The caret after `patches` on the text at `path`. Text that comes in exactly at the caret goes
 * behind it, so that the next letter typed joins the letters typed before.
 */
export function shiftCaret(
  caret: number,
  patches: readonly TextPatch[],
  path: readonly string[],
): number {
  let shifted = caret;
  for (const patch of within(patches, path)) {
    const index = patch.path[path.length];
    if (typeof index !== "number") continue;
    if (patch.action === "splice" && typeof patch.value === "string" && index < shifted) {
      shifted += patch.value.length;
    } else if (patch.action === "del" && index < shifted) {
      shifted -= Math.min(patch.length ?? 1, shifted - index);
    }
  }
  return shifted;
}
