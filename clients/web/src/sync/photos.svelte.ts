// The photos that this device still has to send, whatever page is on show. A photo is kept in the
// browser from the moment it is chosen until the server has it and the item names it; one that did
// not arrive says so, and is tried again by itself, at once when the line is back, or by hand. Of
// several tabs one sends it.

import { ApiError, addFile } from "../api/index.ts";
import type { Me } from "../me.ts";
import { uuid } from "../uuid.ts";
import { at, setFlagAt } from "./edits.ts";
import { type KeptPhoto, PhotoStore, SENDS_MS } from "./photo-store.ts";

/** Longest side of what is sent: readable, and fit for a poor line. */
const SIDE_PIXELS_MAX = 2_048;
const QUALITY = 0.82;
/** What the server takes at most. */
const BYTES_MAX = 12 * 2 ** 20;
/** Pauses between tries, the longest last: a photo is large, and the line may be poor. */
const PAUSES_MS = [2_000, 5_000, 15_000, 60_000] as const;
/** This page among those of the same browser. */
const TAB = uuid();

/** Writes in a document, shown or not; resolves once that outlives this page. */
export type Write = (document: string, edit: (content: object) => void) => Promise<void>;

export interface Waiting extends KeptPhoto {
  /** An address on this device, to show it by. */
  readonly shown: string;
  /** `refused`: the server will not have it, now or later. */
  readonly state: "sending" | "waits" | "refused";
  /** Why, in the server's words. */
  readonly why: string;
  /** Outlives a reload of this page. */
  readonly kept: boolean;
}

/** Smaller and without what stands beside the pixels, where the browser can; else as it is. */
async function shrunk(image: Blob): Promise<Blob> {
  try {
    const bitmap = await createImageBitmap(image);
    const scale = Math.min(1, SIDE_PIXELS_MAX / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const made = await new Promise<Blob | null>((resolve) =>
      canvas.toBlob(resolve, "image/jpeg", QUALITY),
    );
    return made ?? image;
  } catch {
    return image;
  }
}

export class Photos {
  waiting = $state.raw<readonly Waiting[]>([]);
  /** Those that the server may still take. */
  readonly unsent = $derived(this.waiting.filter(({ state }) => state !== "refused"));
  readonly #me: Me;
  readonly #write: Write;
  readonly #store: PhotoStore;
  readonly #sending = new Set<string>();
  readonly #tries = new Map<string, number>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #over = false;

  constructor(me: Me, write: Write) {
    this.#me = me;
    this.#write = write;
    this.#store = new PhotoStore(me.participant);
    void this.#recall();
  }

  async #recall(): Promise<void> {
    const kept = await this.#store.all().catch(() => []);
    if (this.#over) return;
    for (const photo of kept) {
      if (this.waiting.some(({ id }) => id === photo.id)) continue;
      this.#show(photo, true);
      void this.#send(photo.id);
    }
  }

  #show(photo: KeptPhoto, kept: boolean): void {
    const shown = URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" }));
    this.waiting = [...this.waiting, { ...photo, shown, state: "sending", why: "", kept }];
  }

  #change(id: string, change: Partial<Waiting>): void {
    this.waiting = this.waiting.map((each) => (each.id === id ? { ...each, ...change } : each));
  }

  /** Those of an item. `document`: its id in the API. */
  of(document: string, item: readonly string[]): readonly Waiting[] {
    const key = item.join("/");
    return this.waiting.filter((each) => each.document === document && each.item.join("/") === key);
  }

  /** Some would be gone with this page. */
  get fleeting(): boolean {
    return this.waiting.some(({ kept }) => !kept);
  }

  /** Takes a photo for the item at a path; `false` where it can't be one. */
  async add(document: string, item: readonly string[], image: Blob): Promise<boolean> {
    if (image.size === 0) return false;
    const small = await shrunk(image);
    if (small.size > BYTES_MAX) return false;
    const id = uuid();
    const bytes = await small.arrayBuffer();
    const { gathering } = this.#me;
    const photo: KeptPhoto = { id, gathering, document, item: [...item], bytes };
    const kept = await this.#store.keep(photo).then(
      () => true,
      () => false,
    );
    this.#show(photo, kept);
    void this.#send(id);
    return true;
  }

  /** Tries all again now that the server did not refuse. */
  again(): void {
    for (const { id, state } of this.waiting) {
      if (state !== "waits") continue;
      this.#tries.delete(id);
      void this.#send(id);
    }
  }

  #later(id: string): void {
    const tries = this.#tries.get(id) ?? 0;
    this.#tries.set(id, tries + 1);
    clearTimeout(this.#timers.get(id));
    const pause = PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)];
    this.#timers.set(
      id,
      setTimeout(() => void this.#send(id), pause),
    );
  }

  async #send(id: string): Promise<void> {
    const photo = this.waiting.find((each) => each.id === id);
    if (photo === undefined || this.#over || this.#sending.has(id)) return;
    this.#sending.add(id);
    const take = () => this.#store.take(id, TAB, Date.now());
    // Said again while it takes long.
    const saying = setInterval(() => void take().catch(() => {}), SENDS_MS / 3);
    let after = (): void => {};
    try {
      const taken = photo.kept ? await take().catch(() => photo) : photo;
      if (taken === undefined) this.#forget(id);
      else if (taken === null) after = () => this.#waits(id, "");
      else await this.#bring(photo, taken.file);
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      const why = error instanceof ApiError && status !== 0 ? error.message : "";
      // What the picture itself is wrong for stays wrong; all else may pass.
      const refused = [400, 413, 415].includes(status);
      after = () => (refused ? this.#change(id, { state: "refused", why }) : this.#waits(id, why));
    }
    clearInterval(saying);
    await this.#store.leave(id, TAB).catch(() => {});
    this.#sending.delete(id);
    after();
  }

  /** Brings it to the server, and has its item name it. */
  async #bring(photo: Waiting, before: string | undefined): Promise<void> {
    const { id, document, item, gathering, bytes } = photo;
    this.#change(id, { state: "sending", why: "" });
    let file = before ?? photo.file;
    if (file === undefined) {
      const image = new Blob([bytes], { type: "image/jpeg" });
      file = (await addFile(gathering, document, image, this.#me.token)).id;
      this.#change(id, { file });
      // So that it is not sent twice where the next step waits.
      await this.#store.arrived(id, file).catch(() => {});
    }
    if (this.#over) return;
    const named = file;
    await this.#write(document, (content) => {
      if (at(content, item) !== undefined) setFlagAt(content, [...item, "photos"], named, true);
    });
    await this.drop(id);
  }

  #waits(id: string, why: string): void {
    if (this.#over) return;
    this.#change(id, { state: "waits", why });
    this.#later(id);
  }

  /** Lets go of one. */
  async drop(id: string): Promise<void> {
    await this.#store.drop(id).catch(() => {});
    this.#forget(id);
  }

  #forget(id: string): void {
    clearTimeout(this.#timers.get(id));
    const gone = this.waiting.find((each) => each.id === id);
    if (gone !== undefined) URL.revokeObjectURL(gone.shown);
    this.waiting = this.waiting.filter((each) => each.id !== id);
  }

  close(): void {
    this.#over = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const { shown } of this.waiting) URL.revokeObjectURL(shown);
  }
}
