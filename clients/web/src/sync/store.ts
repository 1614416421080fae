// This browser's store of documents, and whether it really keeps them.
//
// A store opens and still fails later: the disk is full, the browser needs the room or closes it.
// What could not be written waits here, is tried again, and until it is in, `keeps` is false, so
// that the save line never says "on this device" of what is only on this page. Where the browser
// took the whole store away, it is filled again from the documents that stand open.
//
// The database holds one object store of `{ key, binary }` by key.

import type { Chunk, StorageAdapterInterface, StorageKey } from "@automerge/automerge-repo/slim";
import { backoff } from "./backoff.ts";

/** A store that has not opened by then counts as none, in milliseconds. */
const DEADLINE_MS = 3_000;
const ROWS = "documents";

interface Row {
  readonly key: StorageKey;
  /** `null`: the row is to go. */
  readonly binary: Uint8Array | null;
}

export interface Opened {
  readonly database: IDBDatabase;
  /** Nothing was there: it was made just now. */
  readonly fresh: boolean;
}

/**
 * Opens the database; `null` where it does not in time, so that it can't hang the page. `make`
 * gives a new one its object store.
 */
export function connect(
  name: string,
  factory: () => Pick<IDBFactory, "open"> = () => indexedDB,
  deadlineMs: number = DEADLINE_MS,
  make: (database: IDBDatabase) => void = (database) => database.createObjectStore(ROWS),
): Promise<Opened | null> {
  return new Promise((resolve) => {
    let late = false;
    let fresh = false;
    const failed = (): void => {
      late = true;
      resolve(null);
    };
    setTimeout(failed, deadlineMs);
    try {
      const request = factory().open(name, 1);
      request.onupgradeneeded = () => {
        fresh = true;
        make(request.result);
      };
      request.onerror = failed;
      request.onsuccess = () => {
        if (late) request.result.close();
        else resolve({ database: request.result, fresh });
      };
    } catch {
      failed();
    }
  });
}

/** Resolves with what `ask` asked for, once its transaction is done; an abort is a failure. */
function transact<Found>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  ask: (rows: IDBObjectStore) => IDBRequest<Found> | null,
): Promise<Found | undefined> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(ROWS, mode);
    // A full disk shows only when the transaction ends, as an abort.
    transaction.onabort = () => reject(transaction.error);
    const request = ask(transaction.objectStore(ROWS));
    transaction.oncomplete = () => resolve(request?.result);
  });
}

const below = (prefix: StorageKey): IDBKeyRange => IDBKeyRange.bound(prefix, [...prefix, "\uffff"]);

export class Store implements StorageAdapterInterface {
  readonly #name: string;
  readonly #told: (keeps: boolean) => void;
  #database: IDBDatabase | null;
  #keeps = true;
  #knows = true;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  readonly #owed = new Map<string, Row>();
  /** Every open document, whole: what an emptied store is filled with again. */
  whole: () => Iterable<readonly [StorageKey, Uint8Array]> = () => [];

  private constructor(name: string, database: IDBDatabase, told: (keeps: boolean) => void) {
    this.#name = name;
    this.#told = told;
    this.#database = database;
    this.#watch(database);
  }

  /** Opens the store; `null` in a browser that has none for us. `told`: whether it keeps all. */
  static async open(name: string, told: (keeps: boolean) => void): Promise<Store | null> {
    const opened = await connect(name);
    return opened === null ? null : new Store(name, opened.database, told);
  }

  /** All that was given to it is in it. */
  get keeps(): boolean {
    return this.#keeps;
  }

  /** All that stood in it could be read. */
  get knows(): boolean {
    return this.#knows;
  }

  /** Writes nothing any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async load(key: StorageKey): Promise<Uint8Array | undefined> {
    const row = await this.#read<Row | undefined>((rows) => rows.get(key));
    return row?.binary ?? undefined;
  }

  async loadRange(prefix: StorageKey): Promise<Chunk[]> {
    const rows = await this.#read<Row[]>((found) => found.getAll(below(prefix)));
    return (rows ?? []).map(({ key, binary }) => ({ key, data: binary ?? undefined }));
  }

  /** Resolves once it is written or known to wait: see `keeps`. */
  save(key: StorageKey, binary: Uint8Array): Promise<void> {
    return this.#write({ key, binary });
  }

  remove(key: StorageKey): Promise<void> {
    return this.#write({ key, binary: null });
  }

  /** Deletes at once or fails. */
  async removeRange(prefix: StorageKey): Promise<void> {
    for (const [name, { key }] of this.#owed) {
      if (prefix.every((part, at) => key[at] === part)) this.#owed.delete(name);
    }
    const database = await this.#connected();
    await transact(database, "readwrite", (rows) => rows.delete(below(prefix)));
  }

  /** What cannot be read is as good as not there: the server has it, or another page load. */
  async #read<Found>(ask: (rows: IDBObjectStore) => IDBRequest<Found>): Promise<Found | undefined> {
    try {
      return await transact(await this.#connected(), "readonly", ask);
    } catch {
      this.#knows = false;
      return undefined;
    }
  }

  async #write(row: Row): Promise<void> {
    if (this.#stopped) return;
    this.#owed.set(JSON.stringify(row.key), row);
    // While it fails, the timer tries for all.
    if (this.#keeps) await this.#settle();
  }

  async #settle(): Promise<void> {
    try {
      const database = await this.#connected();
      const rows = [...this.#owed];
      await transact(database, "readwrite", (found) => {
        for (const [, row] of rows) {
          if (row.binary === null) found.delete(row.key);
          else found.put(row, row.key);
        }
        return null;
      });
      for (const [name, row] of rows) if (this.#owed.get(name) === row) this.#owed.delete(name);
      this.#attempt = 0;
      this.#tell(true);
    } catch {
      this.#fails();
    }
  }

  #fails(): void {
    this.#database?.close();
    this.#database = null;
    this.#tell(false);
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#settle(), backoff(this.#attempt));
    this.#attempt += 1;
  }

  #tell(keeps: boolean): void {
    if (this.#keeps === keeps) return;
    this.#keeps = keeps;
    this.#told(keeps);
  }

  async #connected(): Promise<IDBDatabase> {
    if (this.#database !== null) return this.#database;
    const opened = await connect(this.#name);
    if (opened === null) throw new Error("the browser's store does not open");
    if (this.#database !== null) {
      opened.database.close();
      return this.#database;
    }
    this.#database = opened.database;
    this.#watch(opened.database);
    if (opened.fresh) {
      for (const [key, binary] of this.whole()) {
        this.#owed.set(JSON.stringify(key), { key, binary });
      }
    }
    return opened.database;
  }

  #watch(database: IDBDatabase): void {
    const gone = (): void => {
      if (this.#database !== database) return;
      this.#database = null;
      this.#fails();
    };
    database.onclose = gone;
    database.onversionchange = () => {
      database.close();
      gone();
    };
  }
}
