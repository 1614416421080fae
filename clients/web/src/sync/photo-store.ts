// Photos that have not reached the server yet, kept in this browser across reloads. Each
// participant has a store of their own, as with documents.

import { connect } from "./store.ts";

/** A photo on its way into an item. */
export interface KeptPhoto {
  readonly id: string;
  readonly gathering: string;
  readonly document: string;
  /** Where the item stands in the document: `["insights", id]`. */
  readonly item: readonly string[];
  readonly bytes: ArrayBuffer;
  /** The server has the picture under this id; the item does not name it yet. */
  readonly file?: string;
  /** Which tab sends it, and when it said so last, in milliseconds since 1970. */
  readonly sends?: { readonly tab: string; readonly at: number };
}

/** A tab that has not said for so long that it sends a photo does not send it any more. */
export const SENDS_MS = 30_000;
const STORE = "photos";
const make = (database: IDBDatabase) => database.createObjectStore(STORE, { keyPath: "id" });

export class PhotoStore {
  readonly #name: string;
  /** `null` where it is to be opened; comes to `null` where it could not be. */
  #opening: Promise<IDBDatabase | null> | null = null;

  constructor(participant: string) {
    this.#name = `oogst-photos-${participant}`;
  }

  /** Open, or opened again where the browser closed it or it did not open before. */
  async #open(): Promise<IDBDatabase> {
    this.#opening ??= connect(this.#name, undefined, undefined, make).then((opened) => {
      const again = (): void => {
        this.#opening = null;
      };
      if (opened === null) again();
      else opened.database.onclose = again;
      return opened?.database ?? null;
    });
    const database = await this.#opening;
    if (database === null) throw new Error("this browser's store of photos does not open");
    return database;
  }

  async #do<Answer>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<Answer>,
  ): Promise<Answer> {
    const database = await this.#open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  }

  async ids(): Promise<string[]> {
    return (await this.#do("readonly", (store) => store.getAllKeys())) as string[];
  }

  get(id: string): Promise<KeptPhoto | undefined> {
    return this.#do("readonly", (store) => store.get(id) as IDBRequest<KeptPhoto | undefined>);
  }

  async keep(photo: KeptPhoto): Promise<void> {
    await this.#do("readwrite", (store) => store.put(photo));
  }

  /** Changes a photo in one go; gives it as it was, `undefined` where it is gone. */
  #change(
    id: string,
    change: (kept: KeptPhoto) => KeptPhoto | null,
  ): Promise<KeptPhoto | undefined> {
    return this.#do("readwrite", (store) => {
      const request = store.get(id) as IDBRequest<KeptPhoto | undefined>;
      request.onsuccess = () => {
        const changed = request.result === undefined ? null : change(request.result);
        if (changed !== null) store.put(changed);
      };
      return request;
    });
  }

  /**
   * Takes it upon `tab` to send the photo, and gives it as it is kept; `null` where another tab is
   * sending it, `undefined` where it is gone.
   */
  async take(id: string, tab: string, now: number): Promise<KeptPhoto | null | undefined> {
    const byAnother = ({ sends }: KeptPhoto): boolean =>
      sends !== undefined && sends.tab !== tab && now - sends.at < SENDS_MS;
    const take = (kept: KeptPhoto): KeptPhoto | null =>
      byAnother(kept) ? null : { ...kept, sends: { tab, at: now } };
    const kept = await this.#change(id, take);
    return kept !== undefined && byAnother(kept) ? null : kept;
  }

  /** `tab` sends it no more: any may. */
  async leave(id: string, tab: string): Promise<void> {
    await this.#change(id, ({ sends, ...kept }) => (sends?.tab === tab ? kept : null));
  }

  /** The server has the picture under this id. */
  async arrived(id: string, file: string): Promise<void> {
    await this.#change(id, (kept) => ({ ...kept, file }));
  }

  async drop(id: string): Promise<void> {
    await this.#do("readwrite", (store) => store.delete(id));
  }
}
