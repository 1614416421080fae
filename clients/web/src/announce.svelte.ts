// The one place where the page speaks to a screen reader without being asked.

const PAUSE_MS = 1_000;

class Announcer {
  /** What the polite status region says now. */
  text = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says it at once. */
  say(text: string): void {
    clearTimeout(this.#timer);
    this.text = text;
  }

  /** Says it once nothing else was to be said for a second: for what changes often. */
  sayCalmly(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.text = text;
    }, PAUSE_MS);
  }
}

export const announcer = new Announcer();
