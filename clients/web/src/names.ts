// How people's names are shortened and ordered.

/** `An Van den Broeck` is AB, `Van den Broeck` VB, `Bo` BO. */
export function initials(name: string): string {
  const parts = name.split(/[\s-]+/).filter((part) => /^\p{L}/u.test(part));
  const first = [...(parts[0] ?? name)];
  const last = parts.length > 1 ? [...(parts.at(-1) ?? "")] : first.slice(1);
  return `${first[0] ?? "?"}${last[0] ?? ""}`.toLocaleUpperCase();
}

const collator = new Intl.Collator("nl", { sensitivity: "base", numeric: true });

export const byName = (left: { name: string }, right: { name: string }): number =>
  collator.compare(left.name, right.name);
