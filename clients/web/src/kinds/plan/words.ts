// Dates and money as people write them.

export const euros = (language: string, amount: number): string =>
  new Intl.NumberFormat(language, {
    style: "currency",
    currency: "EUR",
    maximumFractionDigits: 0,
  }).format(amount);

/** `2026-11-28` as `28 nov`; as it is where it is no date. */
export function short(language: string, date: string): string {
  const at = new Date(`${date}T12:00:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  }).format(at);
}
