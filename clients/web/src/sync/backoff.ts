// How long to wait before the next attempt: longer each time, and by chance, so that a room full
// of devices does not come back all at once after a restart.

const BACKOFF_FIRST_MS = 250;
/**
 * The longest wait: a room whose network comes back is together again within five seconds. 500
 * devices without a server then ask it 170 times a second, which costs it a refusal each.
 */
export const BACKOFF_MAX_MS = 4_000;

/** Milliseconds before attempt `attempt`, from 0; `chance` gives 0 up to 1. */
export function backoff(attempt: number, chance: () => number = Math.random): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 16));
  return ceiling * (0.5 + chance() / 2);
}
