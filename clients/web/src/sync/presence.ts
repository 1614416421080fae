// Who is here and who types where: said to the others now, never kept.
//
// A message holds an id and what that person is busy with, never a name or text: names come from
// the gathering's own list. Nobody is shown who has not been heard for a while.

/** Milliseconds between two signs of life. */
export const PRESENCE_EVERY_MS = 10_000;
/** Milliseconds of silence after which somebody is no longer here. */
export const PRESENCE_GONE_MS = 25_000;
/** Milliseconds that typing shows after the last sign of it. */
export const TYPING_SHOWS_MS = 4_000;
/** Milliseconds after the last letter when somebody counts as resting. */
export const TYPING_RESTS_MS = 3_000;
/** Least milliseconds between two messages about typing. */
export const TYPING_EVERY_MS = 1_000;

/** Where somebody types: an insight's id, or in the composer. */
export type Place = string | "composer" | null;

export interface Sign {
  readonly presence: 1;
  readonly participant: string;
  readonly typing: Place;
  readonly leaving?: boolean;
}

const UUID = /^[0-9a-f-]{36}$/;

/** Reads a message of another device; `null` for what is none of ours. */
export function readSign(message: unknown): Sign | null {
  if (typeof message !== "object" || message === null) return null;
  const { presence, participant, typing, leaving } = message as Record<string, unknown>;
  if (presence !== 1 || typeof participant !== "string" || !UUID.test(participant)) return null;
  const place = typeof typing === "string" && typing.length <= 36 ? typing : null;
  return { presence: 1, participant, typing: place, leaving: leaving === true };
}

interface Seen {
  heardAt: number;
  typing: Place;
  typedAt: number;
}

/** Others on this document. A device is told apart by its peer id, a person by their id. */
export class Others {
  readonly #own: string;
  readonly #seen = new Map<string, { participant: string } & Seen>();

  constructor(own: string) {
    this.#own = own;
  }

  /** Takes in a sign; says whether its sender was not known before. */
  hear(peer: string, sign: Sign, now: number): boolean {
    if (sign.leaving === true) {
      this.#seen.delete(peer);
      return false;
    }
    const fresh = !this.#seen.has(peer);
    this.#seen.set(peer, {
      participant: sign.participant,
      heardAt: now,
      typing: sign.typing,
      typedAt: now,
    });
    return fresh;
  }

  /** Forgets everybody: the line went down. */
  clear(): void {
    this.#seen.clear();
  }

  /** Who is here, without ourselves, each once, in order of id. */
  here(now: number): string[] {
    const found = new Set<string>();
    for (const { participant, heardAt } of this.#seen.values()) {
      if (now - heardAt < PRESENCE_GONE_MS && participant !== this.#own) found.add(participant);
    }
    return [...found].sort();
  }

  /** Who types where now, by place. */
  typing(now: number): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const { participant, typing, typedAt } of this.#seen.values()) {
      if (typing === null || now - typedAt >= TYPING_SHOWS_MS || participant === this.#own)
        continue;
      const others = found.get(typing) ?? [];
      if (!others.includes(participant)) found.set(typing, [...others, participant].sort());
    }
    return found;
  }
}
