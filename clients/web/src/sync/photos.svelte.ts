// The photos that this device still has to send, whatever page is on show. A photo counts from the
// moment it is chosen until the server has it and its item names it. It is kept in the browser; one
// that did not arrive says so, and is tried again by itself, at once when the line is back, or by
// hand. They go one after the other, so that on a poor line each arrives; of several tabs one sends
// it, and all know of it.

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
/** How often it is looked whether something may go now. */
const LOOKS_MS = 5_000;
/** An item that is not in its document after so many tries does not come any more. */
const MISSES_MAX = 3;
/** This page among those of the same browser. */
const TAB = uuid();

/** What the photos need of the session. */
export interface Ways {
  mayWrite(document: string): boolean;
  /** Writes in a document, shown or not; `false` where that may not outlive this page. */
  write(document: string, edit: (content: object) => void): Promise<boolean>;
}

export interface Waiting extends KeptPhoto {
  /** An address on this device, to show it by. */
  readonly shown: string;
  /**
   * `chosen`: it is made smaller. `refused`: the server will not have it, now or later, or the item
   * is gone.
   */
  readonly state: "chosen" | "sending" | "waits" | "refused";
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

/** The item is not in its document. */
class Missing extends Error {}

export class Photos {
  waiting = $state.raw<readonly Waiting[]>([]);
  /** What is kept on this device is known, or can't be. */
  recalled = $state(false);
  /** Those that the server may still take. */
  readonly going = $derived(this.waiting.filter(({ state }) => state !== "refused"));
  readonly refused = $derived(this.waiting.filter(({ state }) => state === "refused"));
  readonly #me: Me;
  readonly #ways: Ways;
  readonly #store: PhotoStore;
  readonly #others: BroadcastChannel | null;
  readonly #due = new Map<string, { readonly tries: number; readonly at: number }>();
  readonly #controller = new AbortController();
  #sending = false;
  /** Which one is being sent. */
  #sent: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(me: Me, ways: Ways) {
    this.#me = me;
    this.#ways = ways;
    this.#store = new PhotoStore(me.participant);
    // Old phones have no such channel: their tabs then look now and then.
    this.#others =
      typeof BroadcastChannel === "undefined"
        ? null
        : new BroadcastChannel(`oogst-photos-${me.participant}`);
    this.#others?.addEventListener("message", () => void this.#recall());
    const { signal } = this.#controller;
    const look = (): void => {
      if (document.visibilityState === "visible") void this.#recall();
    };
    document.addEventListener("visibilitychange", look, { signal });
    // The next page load need not wait until this one counts as gone.
    const leave = (): void => {
      if (this.#sent !== null) void this.#store.leave(this.#sent, TAB).catch(() => {});
    };
    window.addEventListener("pagehide", leave, { signal });
    void this.#recall();
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

  /** Takes photos for the item at a path; `false` where one of them can't be read as one. */
  async add(document: string, item: readonly string[], images: readonly Blob[]): Promise<boolean> {
    const { gathering } = this.#me;
    const chosen = images.map((image) => ({ id: uuid(), image }));
    for (const { id, image } of chosen) {
      const photo = { id, gathering, document, item: [...item], bytes: new ArrayBuffer(0) };
      const shown = URL.createObjectURL(image);
      this.waiting = [...this.waiting, { ...photo, shown, state: "chosen", why: "", kept: false }];
    }
    let all = true;
    for (const { id, image } of chosen) {
      const bytes = await this.#bytes(image);
      if (bytes === null) {
        this.#forget(id);
        all = false;
        continue;
      }
      const photo: KeptPhoto = { id, gathering, document, item: [...item], bytes };
      const kept = await this.#store.keep(photo).then(
        () => true,
        () => false,
      );
      this.#change(id, { bytes, kept, state: "sending" });
      this.#others?.postMessage("kept");
      void this.#go();
    }
    return all;
  }

  async #bytes(image: Blob): Promise<ArrayBuffer | null> {
    if (image.size === 0) return null;
    try {
      const small = await shrunk(image);
      return small.size > BYTES_MAX ? null : await small.arrayBuffer();
    } catch {
      return null;
    }
  }

  /** Compares with what is kept: other tabs choose photos, and send them. */
  async #recall(): Promise<void> {
    try {
      const ids = await this.#store.ids();
      for (const { id, kept } of this.waiting) if (kept && !ids.includes(id)) this.#forget(id);
      for (const id of ids) {
        const known = (): boolean => this.waiting.some((each) => each.id === id);
        const photo = known() ? undefined : await this.#store.get(id);
        if (photo === undefined || known() || this.#controller.signal.aborted) continue;
        const shown = URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" }));
        const more = { shown, state: "sending", why: "", kept: true } as const;
        this.waiting = [...this.waiting, { ...photo, ...more }];
      }
    } catch {
      // Without a store nothing is kept that could be recalled.
    }
    this.recalled = true;
    void this.#go();
  }

  /** Tries all again now that the server did not refuse. */
  again(): void {
    this.#due.clear();
    void this.#recall();
  }

  #change(id: string, change: Partial<Waiting>): void {
    this.waiting = this.waiting.map((each) => (each.id === id ? { ...each, ...change } : each));
  }

  /** Sends what may go now, one after the other. */
  async #go(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    const next = (): Waiting | undefined =>
      this.going.find(
        ({ id, state, document }) =>
          state !== "chosen" &&
          (this.#due.get(id)?.at ?? 0) <= Date.now() &&
          this.#ways.mayWrite(document),
      );
    for (let photo = next(); photo !== undefined; photo = next()) {
      if (this.#controller.signal.aborted) break;
      await this.#send(photo);
    }
    this.#sending = false;
    // What may not go now is not on its way.
    for (const { id, state } of this.going)
      if (state === "sending") this.#change(id, { state: "waits" });
    clearTimeout(this.#timer);
    if (this.going.length === 0 || this.#controller.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#go(), LOOKS_MS);
  }

  async #send(photo: Waiting): Promise<void> {
    const { id } = photo;
    this.#sent = id;
    const take = () => this.#store.take(id, TAB, Date.now());
    // Said again while it takes long.
    const saying = setInterval(() => void take().catch(() => {}), SENDS_MS / 3);
    try {
      const taken = photo.kept ? await take().catch(() => photo) : photo;
      if (taken === undefined) this.#forget(id);
      else if (taken === null) this.#later(id, 0, "");
      else await this.#bring(photo, taken.file);
    } catch (error) {
      this.#failed(id, error);
    }
    clearInterval(saying);
    this.#sent = null;
    if (photo.kept) await this.#store.leave(id, TAB).catch(() => {});
  }

  #failed(id: string, error: unknown): void {
    const status = error instanceof ApiError ? error.status : 0;
    const why = error instanceof ApiError && status !== 0 ? error.message : "";
    const tries = (this.#due.get(id)?.tries ?? 0) + 1;
    // What the picture itself is wrong for stays wrong; all else may pass.
    const never = [400, 413, 415].includes(status);
    if (never || (error instanceof Missing && tries > MISSES_MAX))
      this.#change(id, { state: "refused", why });
    else this.#later(id, tries, why);
  }

  #later(id: string, tries: number, why: string): void {
    const pause = PAUSES_MS[Math.min(Math.max(0, tries - 1), PAUSES_MS.length - 1)] ?? LOOKS_MS;
    this.#due.set(id, { tries, at: Date.now() + pause });
    this.#change(id, { state: "waits", why });
  }

  /** Brings it to the server, and has its item name it. */
  async #bring(photo: Waiting, before: string | undefined): Promise<void> {
    const { id, document, item, gathering, bytes } = photo;
    if (this.#controller.signal.aborted) return;
    let file = before ?? photo.file;
    if (file === undefined) {
      const image = new Blob([bytes], { type: "image/jpeg" });
      file = (await addFile(gathering, document, image, this.#me.token)).id;
      this.#change(id, { file });
      // So that it is not sent twice where the next step waits.
      await this.#store.arrived(id, file).catch(() => {});
      // While this page slept another tab may have taken it over.
      const taken = photo.kept
        ? await this.#store.take(id, TAB, Date.now()).catch(() => photo)
        : photo;
      if (taken === undefined) return this.#forget(id);
      if (taken === null) return this.#later(id, 0, "");
    }
    if (this.#controller.signal.aborted) return;
    const named = file;
    const lasts = await this.#ways.write(document, (content) => {
      if (at(content, item) === undefined) throw new Missing();
      setFlagAt(content, [...item, "photos"], named, true);
    });
    if (lasts) await this.drop(id);
    else this.#later(id, 1, "");
  }

  /** Lets go of one. */
  async drop(id: string): Promise<void> {
    // One that stays in the store would come back with the next load.
    await this.#store.drop(id).catch(() => this.#store.drop(id).catch(() => {}));
    this.#forget(id);
    this.#others?.postMessage("gone");
  }

  #forget(id: string): void {
    this.#due.delete(id);
    const gone = this.waiting.find((each) => each.id === id);
    if (gone !== undefined) URL.revokeObjectURL(gone.shown);
    this.waiting = this.waiting.filter((each) => each.id !== id);
  }

  close(): void {
    this.#controller.abort();
    clearTimeout(this.#timer);
    this.#others?.close();
    for (const { shown } of this.waiting) URL.revokeObjectURL(shown);
  }
}
