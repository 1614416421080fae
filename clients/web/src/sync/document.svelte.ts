// One document as a page sees it: its content, the save line's facts, and the others in it.
//
// Edits go to the document on this device at once and to the server behind it; nothing here waits
// for the line. The only way in which this client says "saved" is `save`, made of what the server
// named (save-state.ts).

import { diff, getHeads, hasHeads, view } from "@automerge/automerge/slim";
import {
  type AutomergeUrl,
  type DocHandle,
  type DocHandleChangePayload,
  type DocHandleEphemeralMessagePayload,
  type DocHandleRemoteHeadsPayload,
  decodeHeads,
  type StorageId,
} from "@automerge/automerge-repo/slim";
import { acknowledged, keepAcknowledged, keepUnsent, type Me, unsent } from "../me.ts";
import { uuid } from "../uuid.ts";
import type { TextPatch } from "./caret.ts";
import type { Documents } from "./documents.ts";
import {
  Others,
  type Place,
  PRESENCE_EVERY_MS,
  readSign,
  TYPING_EVERY_MS,
  TYPING_RESTS_MS,
} from "./presence.ts";
import { acknowledge, type Changes, owed, waiting } from "./save-state.ts";
import { textsSince, touchedBy } from "./since.ts";

/** How long the frontier that is kept for a reload may lag behind, in milliseconds. */
const KEEP_EVERY_MS = 1_000;
const TICK_MS = 1_000;
/** Presence said before the document is compared with the server reaches nobody. */
const GREETS_AFTER_MS = 400;
/** What the store still gathers to write is written by then: five times its own pause. */
const STORE_RESTS_MS = 500;
/** This page among those of the same browser. */
const TAB = uuid();

export class DocumentView<T extends object = object> {
  /** The document; `null` until it is here. */
  doc = $state.raw<T | null>(null);
  /** Things changed on this device that the server has not named. */
  waiting = $state(0);
  /** Participants who are here, without us. */
  here = $state.raw<string[]>([]);
  /** Who types where: participants by item id, or by "composer". */
  typing = $state.raw<ReadonlyMap<string, readonly string[]>>(new Map());

  readonly documentId: string;
  readonly url: string;
  /** Whether we may write here now. */
  writes = false;
  /** A view in the background: it sends what waits, and nobody sees us in it. */
  readonly #quiet: boolean;
  readonly #documents: Documents;
  readonly #handle: DocHandle<T>;
  readonly #me: Me;
  readonly #others: Others;
  readonly #patchListeners = new Set<(patches: readonly TextPatch[]) => void>();
  #acknowledged: string[] = [];
  /** What was changed since the server named all; `null` while that has to be looked up. */
  #touched: Set<string> | null = null;
  /** An edit of this page is being written. */
  #writing = false;
  /** Tabs that noted, before this page opened the document, that something of it waits. */
  readonly #noted: readonly string[];
  #whenNamed: ((named: boolean) => void)[] = [];
  #storage: string | null = null;
  #typingAt: Place = null;
  #saidAt = 0;
  #sayTimer: ReturnType<typeof setTimeout> | undefined;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #tickTimer: ReturnType<typeof setInterval>;
  readonly #controller = new AbortController();

  constructor(documents: Documents, handle: DocHandle<T>, me: Me, quiet: boolean) {
    this.#quiet = quiet;
    this.url = handle.url;
    this.#documents = documents;
    this.#handle = handle;
    this.#me = me;
    this.documentId = handle.documentId;
    this.#others = new Others(me.participant);
    this.#noted = unsent(me.participant)
      .filter(({ url }) => url === handle.url)
      .map(({ tab }) => tab);
    const kept = acknowledged(handle.documentId);
    if (kept !== null) {
      this.#storage = kept.storage;
      this.#acknowledged = [...kept.heads];
    }
    handle.on("heads-changed", this.#changed);
    handle.on("change", this.#patched);
    handle.on("remote-heads", this.#named);
    handle.on("ephemeral-message", this.#heard);
    this.#tickTimer = setInterval(() => this.#tick(), TICK_MS);
    const { signal } = this.#controller;
    const leave = (): void => {
      this.#say(true);
      this.#count();
      this.#keep();
    };
    window.addEventListener("pagehide", leave, { signal });
    this.#changed();
  }

  close(): void {
    this.#say(true);
    this.#controller.abort();
    for (const named of this.#whenNamed.splice(0)) named(false);
    clearInterval(this.#tickTimer);
    clearTimeout(this.#sayTimer);
    clearTimeout(this.#restTimer);
    clearTimeout(this.#keepTimer);
    this.#handle.off("heads-changed", this.#changed);
    this.#handle.off("change", this.#patched);
    this.#handle.off("remote-heads", this.#named);
    this.#handle.off("ephemeral-message", this.#heard);
  }

  /** Writes in the document. The edit stands on this device when this returns. */
  change(edit: (document: T) => void): void {
    this.#write(() => this.#handle.change(edit));
  }

  #write(edit: () => void): void {
    this.#writing = true;
    try {
      edit();
    } finally {
      this.#writing = false;
    }
    this.#countLast();
  }

  /** What is written while the page goes away is counted too, or nobody would offer it again. */
  #countLast(): void {
    if (this.#controller.signal.aborted) this.#count();
  }

  /** The document's heads, to write later as if nothing else had happened since. */
  heads(): ReturnType<DocHandle<T>["heads"]> {
    return this.#handle.heads();
  }

  /** Writes as if the document still stood at `heads`. */
  changeAt(heads: ReturnType<DocHandle<T>["heads"]>, edit: (document: T) => void) {
    this.#write(() => void this.#handle.changeAt(heads, edit));
  }

  /**
   * Resolves once all that stands here outlives this page: in the store, else at the server; with
   * `false` where the page is closed before.
   */
  async lasts(): Promise<boolean> {
    if (this.#documents.keeps) {
      await this.#documents.repo.flush([this.#handle.documentId]).catch(() => {});
      if (this.#documents.keeps) return true;
    }
    if (this.waiting === 0) return true;
    if (this.#controller.signal.aborted) return false;
    return new Promise<boolean>((resolve) => this.#whenNamed.push(resolve));
  }

  /** The texts here that the server has not named, as they stand now. */
  unsaved(): string[] {
    if (!this.#handle.isReady() || this.waiting === 0) return [];
    const doc = this.#handle.doc();
    const named = this.#known();
    return textsSince(named.length === 0 ? {} : view(doc, named), doc);
  }

  /** Deletes the document on this device. The page must be loaded afresh after this. */
  async forget(): Promise<void> {
    const { repo } = this.#documents;
    this.#documents.leave();
    this.close();
    await repo.flush([this.#handle.documentId]).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, STORE_RESTS_MS));
    await repo.storageSubsystem?.removeDoc(this.#handle.documentId);
    keepAcknowledged(this.#handle.documentId, null);
    this.#note(false);
    this.#documents.sayForgot();
  }

  /** Calls back with what each change did. */
  onPatches(listener: (patches: readonly TextPatch[]) => void): () => void {
    this.#patchListeners.add(listener);
    return () => this.#patchListeners.delete(listener);
  }

  /** Says to the others where we type, at most once a second; until we rest. */
  type(place: Place): void {
    this.#typingAt = place;
    clearTimeout(this.#restTimer);
    if (place !== null) this.#restTimer = setTimeout(() => this.type(null), TYPING_RESTS_MS);
    this.#saySoon();
  }

  #saySoon(): void {
    // A field that loses the focus because its page goes away brings nobody back.
    if (this.#controller.signal.aborted) return;
    clearTimeout(this.#sayTimer);
    const rest = this.#saidAt + TYPING_EVERY_MS - Date.now();
    this.#sayTimer = setTimeout(() => this.#say(), Math.max(0, rest));
  }

  /** The line went up or down. */
  lineChanged(connected: boolean): void {
    this.#others.clear();
    this.#showOthers();
    clearTimeout(this.#sayTimer);
    if (connected) this.#sayTimer = setTimeout(() => this.#say(), GREETS_AFTER_MS);
    // The server may have named some of it before the line went down.
    this.#touched = null;
    this.#count();
  }

  /** The heads that the server named last, as this device knows them. For tests and support. */
  get acknowledgedHeads(): readonly string[] {
    return this.#acknowledged;
  }

  readonly #changed = (): void => {
    if (!this.#handle.isReady()) {
      // `heads-changed` comes just before the handle calls itself ready.
      queueMicrotask(() => this.#handle.isReady() && this.#changed());
      return;
    }
    this.doc = this.#handle.doc();
    this.#count();
  };

  readonly #patched = ({ patches }: DocHandleChangePayload<T>): void => {
    if (this.#writing && this.#touched !== null) {
      for (const thing of touchedBy(patches as readonly TextPatch[])) this.#touched.add(thing);
      this.#count();
    }
    for (const listener of this.#patchListeners) listener(patches as readonly TextPatch[]);
  };

  readonly #named = ({ storageId, heads }: DocHandleRemoteHeadsPayload): void => {
    const server = this.#documents.line.serverStorage;
    if (server === null || storageId !== (server as StorageId)) return;
    // Other data than what named our changes before: what it held is no longer known to be there.
    if (this.#storage !== storageId) this.#acknowledged = [];
    this.#storage = storageId;
    this.#acknowledged = acknowledge(this.#acknowledged, decodeHeads(heads), this.#facts());
    this.#count();
    this.#keepSoon();
  };

  #facts(): Changes {
    if (!this.#handle.isReady()) return { heads: [], has: () => false };
    const doc = this.#handle.doc();
    return { heads: getHeads(doc), has: (hash) => hasHeads(doc, [hash]) };
  }

  /** What the server named, of what stands here. */
  #known(): string[] {
    const doc = this.#handle.doc();
    return this.#acknowledged.filter((hash) => hasHeads(doc, [hash]));
  }

  /** Looked up once: from there on each edit of this page says what it touches. */
  #touches(): number {
    if (this.#touched === null) {
      const doc = this.#handle.doc();
      this.#touched = new Set(touchedBy(diff(doc, this.#known(), getHeads(doc))));
    }
    return this.#touched.size;
  }

  /**
   * Takes over what the server named while nobody listened: before the changes reached this device,
   * or before this view was opened, by a page that showed the document earlier.
   */
  #takeNamed(facts: Changes): void {
    const server = this.#documents.line.serverStorage as StorageId | null;
    const said = server === null ? undefined : this.#handle.getSyncInfo(server)?.lastHeads;
    if (server !== null && said !== undefined && this.#storage !== server) {
      this.#storage = server;
      this.#acknowledged = [];
    }
    const named = this.#storage && this.#handle.getSyncInfo(this.#storage as StorageId)?.lastHeads;
    if (named) {
      this.#acknowledged = acknowledge(this.#acknowledged, decodeHeads(named), facts);
    }
  }

  #count(): void {
    const facts = this.#facts();
    this.#takeNamed(facts);
    this.waiting = waiting(this.#acknowledged, facts, () => this.#touches());
    if (!this.#handle.isReady()) return;
    if (this.waiting > 0) {
      this.#note(true);
      return;
    }
    this.#touched = new Set();
    // A page that could not read the store does not know what stands in it.
    if (this.#documents.knows) this.#note(false);
    for (const named of this.#whenNamed.splice(0)) named(true);
  }

  /** Notes for later page loads whether something of this document waits on this device. */
  #note(waits: boolean): void {
    const tabs = waits ? [TAB] : [TAB, ...this.#noted];
    for (const tab of tabs) keepUnsent(this.#me.participant, { url: this.url, tab }, waits);
  }

  /** Keeps the frontier once this device's own store has caught up with it. */
  #keepSoon(): void {
    if (this.#keepTimer !== undefined) return;
    this.#keepTimer = setTimeout(async () => {
      this.#keepTimer = undefined;
      await this.#documents.repo.flush([this.#handle.documentId]).catch(() => {});
      this.#keep();
      const later = this.#documents.knows && !this.#documents.keeps;
      if (later && !this.#controller.signal.aborted) this.#keepSoon();
    }, KEEP_EVERY_MS);
  }

  #keep(): void {
    const storage = this.#storage;
    const heads = this.#acknowledged;
    if (storage === null || heads.length === 0 || !this.#documents.keeps) return;
    keepAcknowledged(this.#handle.documentId, { storage, heads });
  }

  readonly #heard = ({ senderId, message }: DocHandleEphemeralMessagePayload<T>): void => {
    const sign = readSign(message);
    if (sign === null) return;
    // A newcomer does not know us yet.
    if (this.#others.hear(senderId, sign, Date.now())) this.#saySoon();
    this.#showOthers();
  };

  #say(leaving = false): void {
    if (this.#quiet || !this.#handle.isReady()) return;
    this.#saidAt = Date.now();
    const { participant } = this.#me;
    const typing = leaving ? null : this.#typingAt;
    this.#handle.broadcast({ presence: 1, participant, typing, ...(leaving ? { leaving } : {}) });
  }

  #showOthers(): void {
    const now = Date.now();
    const here = this.#others.here(now);
    if (here.join() !== this.here.join()) this.here = here;
    const typing = this.#others.typing(now);
    const same = JSON.stringify([...typing]) === JSON.stringify([...this.typing]);
    if (!same) this.typing = typing;
  }

  #tick(): void {
    this.#showOthers();
    if (Date.now() - this.#saidAt >= PRESENCE_EVERY_MS) this.#say();
    if (owed(this.waiting, this.writes)) this.#documents.line.mendIfSilent(Date.now());
  }
}

/** Finds the document: on this device at once, else as soon as the server gives it. */
export const findDocument = <T extends object>(
  documents: Documents,
  url: string,
): Promise<DocHandle<T>> =>
  documents.repo.find<T>(url as AutomergeUrl, {
    allowableStates: ["ready", "requesting", "unavailable"],
  });

/** Opens the document as a page sees it; `quiet`: in the background, where nobody sees us. */
export async function openDocument<T extends object>(
  documents: Documents,
  url: string,
  me: Me,
  quiet = false,
): Promise<DocumentView<T>> {
  return new DocumentView<T>(documents, await findDocument<T>(documents, url), me, quiet);
}
