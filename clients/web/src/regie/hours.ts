// Times of day as people type them, on the gathering's own day.

/** `HH:MM` on the day (its own, or today) as a moment; `null` where that is no time. */
export function momentAt(clock: string, date: string | null, now: number): Date | null {
  const found = /^(\d{2}):(\d{2})$/.exec(clock);
  if (found === null) return null;
  const day = date === null ? new Date(now) : new Date(`${date}T00:00:00`);
  day.setHours(Number(found[1]), Number(found[2]), 0, 0);
  return day;
}

/** The time of day of a moment, as a field of the browser wants it. */
export function clockOf(moment: string | number | null): string {
  if (moment === null) return "";
  const at = new Date(moment);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}
