// Who this device is, kept across reloads: which gathering, which participant, and the last that
// the server said of the gathering, so that the group's page opens without a line. The right to
// act is in the browser's cookie, out of reach of scripts; but over plain http on a local network
// browsers do not say which page a GET comes from, and the server takes no bare cookie, so there
// (and only there) the token is kept here and sent by hand.

import type { Gathering, Joined } from "./api.ts";

export interface Me {
  readonly gathering: string;
  readonly participant: string;
  readonly name: string;
  /** Four words that bring the same person back on another device. */
  readonly returnCode: string;
  /** The code that this device came in with, if it did. */
  readonly joinCode: string | null;
  /** BCP 47: what this person types in. */
  readonly typesIn: string;
  /** Where the cookie alone does not do. */
  readonly token: string | null;
}

const ME = "oogst.me";
const GATHERING = "oogst.gathering";
/** Last known own name and language, for the next join on this device. */
const LAST = "oogst.last";

function read<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

/** Keeps the value, or forgets the key where it is `null`; says whether that was done. */
function write(key: string, value: unknown): boolean {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    // A full or forbidden store costs only the comfort of a reload without a line.
    return false;
  }
}

export const me = (): Me | null => {
  const kept = read<Me>(ME);
  return kept === null ? null : { ...kept, token: kept.token ?? null };
};

/** Keeps what a join or a return answered. */
export function remember(joined: Joined, joinCode: string | null, typesIn: string): Me {
  const { gathering, participant } = joined;
  const kept: Me = {
    gathering: gathering.id,
    participant: participant.id,
    name: participant.name,
    returnCode: joined.return_code,
    joinCode,
    typesIn,
    token: window.isSecureContext ? null : joined.token,
  };
  write(ME, kept);
  write(GATHERING, gathering);
  write(LAST, { name: participant.name });
  return kept;
}

export const lastName = (): string => read<{ name: string }>(LAST)?.name ?? "";

/** The gathering as the server last showed it. */
export function keptGathering(id: string): Gathering | null {
  const kept = read<Gathering>(GATHERING);
  return kept?.id === id ? kept : null;
}

export const keepGathering = (gathering: Gathering): void => void write(GATHERING, gathering);

/** Calls back when another tab of this browser becomes somebody else. */
export function onSomebodyElse(participant: string, then: () => void): () => void {
  const changed = (event: StorageEvent): void => {
    if (event.key === ME && me()?.participant !== participant) then();
  };
  window.addEventListener("storage", changed);
  return () => window.removeEventListener("storage", changed);
}

/** A participant's draft of a new insight, kept until it is added: a reload must not lose it. */
const draftKey = (who: string, document: string): string => `oogst.draft.${who}.${document}`;
export const draft = (who: string, document: string): string =>
  read<string>(draftKey(who, document)) ?? "";
/** Keeps the draft; says whether the browser took it. */
export const keepDraft = (who: string, document: string, text: string): boolean =>
  write(draftKey(who, document), text === "" ? null : text);

/** Documents in which a participant's changes on this device still wait for the server. */
const unsentKey = (who: string): string => `oogst.unsent.${who}`;
export const unsent = (who: string): readonly string[] => read<string[]>(unsentKey(who)) ?? [];
export function keepUnsent(who: string, url: string, waits: boolean): void {
  const before = unsent(who);
  if (before.includes(url) === waits) return;
  const now = waits ? [...before, url] : before.filter((each) => each !== url);
  write(unsentKey(who), now.length > 0 ? now : null);
}

/** Changes that the server had named when this device last stored its document. */
export interface Acknowledged {
  /** The server's data that named them. */
  readonly storage: string;
  readonly heads: readonly string[];
}
const ackKey = (document: string): string => `oogst.acknowledged.${document}`;
export const acknowledged = (document: string): Acknowledged | null =>
  read<Acknowledged>(ackKey(document));
export const keepAcknowledged = (document: string, value: Acknowledged | null): void =>
  void write(ackKey(document), value);
