// Who this device is, kept across reloads: which gathering, which participant, and the last that
// the server said of the gathering, so that the group's page opens without a line. The right to
// act is in the browser's cookie, out of reach of scripts; but over plain http on a local network
// browsers do not say which page a GET comes from, and the server takes no bare cookie, so there
// (and only there) the token is kept here and sent by hand.

import type { Gathering, Joined, Vote } from "./api/index.ts";
import type { Programme } from "./day/programme.ts";
import { uuid } from "./uuid.ts";

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
const PROGRAMME = "oogst.programme";
const VOTES = "oogst.votes";
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

/** Changes what this device knows of who it is, for every page that holds it. */
export function correct(held: Me, change: Partial<Pick<Me, "name" | "typesIn">>): void {
  Object.assign(held, change);
  write(ME, held);
  if (change.name !== undefined) write(LAST, { name: change.name });
}

/** This device is nobody from now on. What it kept of documents stays in its store. */
export function forgetMe(): void {
  write(ME, null);
  write(GATHERING, null);
  write(PROGRAMME, null);
  write(VOTES, null);
}

/** What this browser calls itself where it speaks of what waits on it; one name a participant. */
export function device(who: string): string {
  const key = `oogst.device.${who}`;
  const id = read<string>(key) ?? uuid();
  write(key, id);
  return id;
}

const wordsKey = (who: string): string => `oogst.words.${who}`;

/** Whether somebody said that they kept their four words. */
export const keptWords = (who: string): boolean => read<boolean>(wordsKey(who)) === true;
export const keepWords = (who: string): void => void write(wordsKey(who), true);

export const lastName = (): string => read<{ name: string }>(LAST)?.name ?? "";

/** The gathering as the server last showed it. */
export function keptGathering(id: string): Gathering | null {
  const kept = read<Gathering>(GATHERING);
  return kept?.id === id ? kept : null;
}

/** The regions of the gathering that this device was in last, to choose from at the next join. */
export const keptRegions = (): string[] =>
  (read<Gathering>(GATHERING)?.regions ?? []).map(({ name }) => name);

export const keepGathering = (gathering: Gathering): void => void write(GATHERING, gathering);

/** The programme as this device last read it. */
export function keptProgramme(id: string): Programme | null {
  const kept = read<{ gathering: string; programme: Programme }>(PROGRAMME);
  return kept?.gathering === id ? kept.programme : null;
}

export const keepProgramme = (gathering: string, programme: Programme): void =>
  void write(PROGRAMME, { gathering, programme });

/** The votes as this device last saw them: one can vote while the line is away. */
export function keptVotes(id: string): readonly Vote[] {
  const kept = read<{ gathering: string; votes: readonly Vote[] }>(VOTES);
  return kept?.gathering === id ? kept.votes : [];
}

export const keepVotes = (gathering: string, votes: readonly Vote[]): void =>
  void write(VOTES, { gathering, votes });

/** Calls back when another tab of this browser becomes somebody else. */
export function onSomebodyElse(participant: string, then: () => void): () => void {
  const changed = (event: StorageEvent): void => {
    if (event.key === ME && me()?.participant !== participant) then();
  };
  window.addEventListener("storage", changed);
  return () => window.removeEventListener("storage", changed);
}

const draftKey = (who: string, document: string): string => `oogst.draft.${who}.${document}`;

/** A participant's draft of a new insight: this tab's own, else what was typed last anywhere. */
export function draft(who: string, document: string): string {
  try {
    const own = sessionStorage.getItem(draftKey(who, document));
    if (own !== null) return own;
  } catch {
    // A forbidden store: then there is no other either.
  }
  return read<string>(draftKey(who, document)) ?? "";
}

/** Keeps the draft, so that a reload does not lose it; says whether the browser took it. */
export function keepDraft(who: string, document: string, text: string): boolean {
  try {
    sessionStorage.setItem(draftKey(who, document), text);
  } catch {
    // The other place may still take it, or say that it does not.
  }
  return write(draftKey(who, document), text === "" ? null : text);
}

/** A document in which changes on this device wait for the server, and the tab that noted it. */
export interface Unsent {
  readonly url: string;
  readonly tab: string;
}

// A key for each tab and document: what one tab has sent says nothing of another's.
const UNSENT = "oogst.unsent.";
const unsentKey = (who: string, { url, tab }: Unsent): string => `${UNSENT}${who}.${tab}.${url}`;

/** What a participant still has to send from this device, by any tab. */
export function unsent(who: string): readonly Unsent[] {
  const found: Unsent[] = [];
  try {
    for (let at = 0; at < localStorage.length; at += 1) {
      const key = localStorage.key(at) ?? "";
      if (!key.startsWith(`${UNSENT}${who}.`)) continue;
      const [tab = "", ...url] = key.slice(`${UNSENT}${who}.`.length).split(".");
      found.push({ tab, url: url.join(".") });
    }
  } catch {
    // A forbidden store holds nothing.
  }
  return found;
}

export const keepUnsent = (who: string, noted: Unsent, waits: boolean): void =>
  void write(unsentKey(who, noted), waits ? true : null);

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
