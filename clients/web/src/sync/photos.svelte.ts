// The photos of a document that this device still has to send. A photo is kept in the browser from
// the moment it is chosen until the server has it and the item names it; one that did not arrive
// says so, and is tried again when the line is back, or by hand.

import { ApiError, addFile } from "../api/index.ts";
import type { Me } from "../me.ts";
import { uuid } from "../uuid.ts";
import type { DocumentView } from "./document.svelte.ts";
import { at, setFlagAt } from "./edits.ts";
import { type KeptPhoto, PhotoStore } from "./photo-store.ts";

/** Longest side of what is sent: readable, and fit for a poor line. */
const SIDE_PIXELS_MAX = 2_048;
const QUALITY = 0.82;
/** What the server takes at most. */
const BYTES_MAX = 12 * 2 ** 20;

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
  readonly #view: DocumentView;
  readonly #document: string;
  readonly #me: Me;
  readonly #store: PhotoStore;
  #over = false;

  /** `document`: its id in the API. */
  constructor(view: DocumentView, document: string, me: Me) {
    this.#view = view;
    this.#document = document;
    this.#me = me;
    this.#store = new PhotoStore(me.participant);
    void this.#recall();
  }

  async #recall(): Promise<void> {
    const kept = await this.#store.all().catch(() => []);
    if (this.#over) return;
    for (const photo of kept) {
      if (photo.document === this.#document && !this.waiting.some(({ id }) => id === photo.id)) {
        this.#show(photo, true);
        void this.#send(photo.id);
      }
    }
  }

  #show(photo: KeptPhoto, kept: boolean): void {
    const shown = URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" }));
    this.waiting = [...this.waiting, { ...photo, shown, state: "sending", why: "", kept }];
  }

  #change(id: string, change: Partial<Waiting>): void {
    this.waiting = this.waiting.map((each) => (each.id === id ? { ...each, ...change } : each));
  }

  /** Those of an item. */
  of(item: readonly string[]): readonly Waiting[] {
    const key = item.join("/");
    return this.waiting.filter((each) => each.item.join("/") === key);
  }

  /** Takes a photo for the item at a path; `false` where it can't be one. */
  async add(item: readonly string[], image: Blob): Promise<boolean> {
    if (image.size === 0) return false;
    const small = await shrunk(image);
    if (small.size > BYTES_MAX) return false;
    const id = uuid();
    const bytes = await small.arrayBuffer();
    const { gathering } = this.#me;
    const photo: KeptPhoto = { id, gathering, document: this.#document, item: [...item], bytes };
    const kept = await this.#store.keep(photo).then(
      () => true,
      () => false,
    );
    this.#show(photo, kept);
    void this.#send(id);
    return true;
  }

  /** Tries all again that the server did not refuse. */
  again(): void {
    for (const { id, state } of this.waiting) if (state === "waits") void this.#send(id);
  }

  async #send(id: string): Promise<void> {
    const photo = this.waiting.find((each) => each.id === id);
    if (photo === undefined || this.#over) return;
    this.#change(id, { state: "sending", why: "" });
    try {
      const image = new Blob([photo.bytes], { type: "image/jpeg" });
      const file = await addFile(photo.gathering, photo.document, image, this.#me.token);
      if (this.#over) return;
      this.#view.change((document) => {
        if (at(document, photo.item) !== undefined)
          setFlagAt(document, [...photo.item, "photos"], file.id, true);
      });
      await this.drop(id);
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      // What the picture itself is wrong for stays wrong; all else may pass.
      const refused = [400, 413, 415].includes(status);
      const why = error instanceof ApiError && status !== 0 ? error.message : "";
      this.#change(id, { state: refused ? "refused" : "waits", why });
    }
  }

  /** Lets go of one. */
  async drop(id: string): Promise<void> {
    await this.#store.drop(id).catch(() => {});
    const gone = this.waiting.find((each) => each.id === id);
    if (gone !== undefined) URL.revokeObjectURL(gone.shown);
    this.waiting = this.waiting.filter((each) => each.id !== id);
  }

  close(): void {
    this.#over = true;
    for (const { shown } of this.waiting) URL.revokeObjectURL(shown);
  }
}
