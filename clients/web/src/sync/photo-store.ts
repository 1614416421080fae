// Photos that have not reached the server yet, kept in this browser across reloads. Each
// participant has a store of their own, as with documents.

/** A photo on its way into an item. */
export interface KeptPhoto {
  readonly id: string;
  readonly gathering: string;
  readonly document: string;
  /** Where the item stands in the document: `["insights", id]`. */
  readonly item: readonly string[];
  readonly bytes: ArrayBuffer;
}

const STORE = "photos";

export class PhotoStore {
  readonly #open: Promise<IDBDatabase>;

  constructor(participant: string) {
    this.#open = new Promise((resolve, reject) => {
      const request = indexedDB.open(`oogst-photos-${participant}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    // Whoever asks for it hears of the failure; nobody may ask.
    this.#open.catch(() => {});
  }

  async #do<Answer>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<Answer>,
  ): Promise<Answer> {
    const database = await this.#open;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  }

  all(): Promise<KeptPhoto[]> {
    return this.#do("readonly", (store) => store.getAll() as IDBRequest<KeptPhoto[]>);
  }

  async keep(photo: KeptPhoto): Promise<void> {
    await this.#do("readwrite", (store) => store.put(photo));
  }

  async drop(id: string): Promise<void> {
    await this.#do("readwrite", (store) => store.delete(id));
  }
}
