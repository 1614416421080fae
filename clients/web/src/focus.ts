// Where the focus goes when what had it is gone: never to nowhere.

/** Takes the focus to a heading that just appeared, for who does not see that the page changed. */
export function land(heading: HTMLElement): void {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Takes the focus to the insight in the list, or to its text where that is being edited. */
export function focusItem(id: string): void {
  const row = document.querySelector(`[data-item="${id}"]`);
  row?.querySelector<HTMLElement>("textarea, button")?.focus();
}

/** A region that scrolls is reached by the keyboard, whatever stands in it. */
export function reachable(region: HTMLElement): void {
  region.tabIndex = 0;
}
