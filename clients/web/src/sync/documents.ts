// This device's documents: Automerge, its store in the browser and the line to the server.
//
// Everything heavy (the WebAssembly, automerge-repo) is behind this module, which pages load only
// when a document is opened. Each participant has a store of their own on the device, so that what
// one person still has to send is never offered in the name of another.

import wasmUrl from "@automerge/automerge/automerge.wasm?url";
import { initializeWasm, save } from "@automerge/automerge/slim";
import { Repo } from "@automerge/automerge-repo/slim";
import { me } from "../me.ts";
import { Line, type LineEvents } from "./line.ts";
import { Store } from "./store.ts";
import { Tabs } from "./tabs.ts";

export { Photos } from "./photos.svelte.ts";

let engine: Promise<unknown> | null = null;

/** Fetches and starts Automerge's WebAssembly, once; a fetch that failed is tried again. */
export function startEngine(): Promise<unknown> {
  engine ??= initializeWasm(new Request(wasmUrl)).catch((error: unknown) => {
    engine = null;
    throw error;
  });
  return engine;
}

export interface DocumentsEvents extends LineEvents {
  /** Whether this browser keeps what stands on this page, from now on. */
  keeps(keeps: boolean): void;
}

export class Documents {
  readonly repo: Repo;
  readonly line: Line;
  readonly #tabs: Tabs;
  readonly #store: Store | null;

  private constructor(participant: string, store: Store | null, events: DocumentsEvents) {
    const url = new URL("/sync", window.location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.line = new Line(url.href, events, () => me()?.participant === participant);
    this.#tabs = new Tabs(`oogst-${participant}`, () => {
      store?.stop();
      window.location.reload();
    });
    this.#store = store;
    this.repo = new Repo({
      network: [this.line, this.#tabs],
      sharePolicy: async () => true,
      // What was typed is in the store before a hand can reload the page; 100 ms were too long.
      saveDebounceRate: 10,
      ...(store === null ? {} : { storage: store }),
    });
  }

  /** Opens the store and the line of `participant`. Once a page load. */
  static async open(participant: string, events: DocumentsEvents): Promise<Documents> {
    const [store] = await Promise.all([
      Store.open(`oogst-${participant}`, events.keeps),
      startEngine(),
    ]);
    const documents = new Documents(participant, store, events);
    const { repo } = documents;
    if (store !== null) {
      store.whole = () =>
        Object.values(repo.handles)
          .filter((handle) => handle.isReady())
          .map((handle) => [[handle.documentId, "snapshot", "whole"], save(handle.doc())] as const);
    }
    events.keeps(documents.keeps);
    // Closing the lid or the tab may come within the moment that writes are gathered.
    const flush = (): void => void repo.flush().catch(() => {});
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") flush();
    });
    window.addEventListener("pagehide", flush);
    void navigator.storage?.persist?.().catch(() => false);
    return documents;
  }

  /** All that stands on this page outlives it. */
  get keeps(): boolean {
    return this.#store?.keeps ?? false;
  }

  /** All that this device kept before stands on this page. */
  get knows(): boolean {
    return this.#store?.knows ?? false;
  }

  /** Speaks to nobody any more: neither to the server nor to other tabs. */
  leave(): void {
    this.line.disconnect();
    this.#tabs.disconnect();
  }

  /** Tells other tabs that a document is gone from this device: they begin afresh too. */
  sayForgot(): void {
    this.#tabs.sayForgot();
  }
}
