// What one reads stays where it is, whatever others write above it. By hand: not every browser
// anchors what scrolls.

import type { Desk } from "./desk.svelte.ts";

/** Rows that are looked at: the first may be the one that goes. */
const ROWS_MAX = 4;

/**
 * Keeps the first rows in sight in their place when the list is drawn anew. Called while the page
 * is made, before its list is: the first look has to come before the list changes.
 */
export function keepPlace(scroller: () => HTMLElement | undefined, desk: () => Desk | null): void {
  let anchors: { row: Element; top: number }[] = [];
  let moves = -1;
  const changes = (): void => {
    void desk()?.view.tree;
    void desk()?.view.typing;
  };

  $effect.pre(() => {
    changes();
    const frame = scroller()?.getBoundingClientRect();
    anchors = [];
    moves = desk()?.moves ?? -1;
    if (frame === undefined) return;
    for (const row of scroller()?.querySelectorAll("[data-item]") ?? []) {
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom > frame.top && top < frame.bottom) anchors.push({ row, top });
      if (anchors.length === ROWS_MAX) break;
    }
  });

  $effect(() => {
    changes();
    const frame = scroller();
    // What we did ourselves moves the list as we wished; at the top one wants to see what is new.
    if (frame === undefined || moves !== desk()?.moves || frame.scrollTop === 0) return;
    const anchor = anchors.find(({ row }) => row.isConnected);
    if (anchor === undefined) return;
    const moved = anchor.row.getBoundingClientRect().top - anchor.top;
    if (Math.abs(moved) >= 1) frame.scrollTop += moved;
  });
}
