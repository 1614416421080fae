// This device's documents: Automerge, its store in the browser and the line to the server.
//
// Everything heavy (the WebAssembly, automerge-repo) is behind this module, which pages load only
// when a document is opened. Each participant has a store of their own on the device, so that what
// one person still has to send is never offered in the name of another.

import wasmUrl from "@automerge/automerge/automerge.wasm?url";
import { initializeWasm } from "@automerge/automerge/slim";
import { Repo, type StorageAdapterInterface } from "@automerge/automerge-repo/slim";
import { IndexedDBStorageAdapter } from "@automerge/automerge-repo-storage-indexeddb";
import { me } from "../me.ts";
import { Line, type LineEvents } from "./line.ts";

export interface Documents {
  readonly repo: Repo;
  readonly line: Line;
  /** Whether this browser keeps documents across a reload. */
  readonly keeps: boolean;
}

/** A store in IndexedDB, where the browser has one that opens. */
async function store(name: string): Promise<StorageAdapterInterface | undefined> {
  const opens = await new Promise<boolean>((resolve) => {
    try {
      const request = indexedDB.open(name, 1);
      // The same layout that the adapter makes, since this may be the first opening.
      request.onupgradeneeded = () => request.result.createObjectStore("documents");
      request.onerror = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
  return opens ? new IndexedDBStorageAdapter(name) : undefined;
}

/** Opens the store and the line of `participant`. Once a page load. */
export async function openDocuments(participant: string, events: LineEvents): Promise<Documents> {
  const [storage] = await Promise.all([
    store(`oogst-${participant}`),
    initializeWasm(new Request(wasmUrl)),
  ]);
  const url = new URL("/sync", window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const line = new Line(url.href, events, () => me()?.participant === participant);
  const repo = new Repo({
    network: [line],
    sharePolicy: async () => true,
    ...(storage === undefined ? {} : { storage }),
  });
  // Closing the lid or the tab may come within the moment that writes are gathered.
  const flush = (): void => void repo.flush().catch(() => {});
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
  window.addEventListener("pagehide", flush);
  void navigator.storage?.persist?.().catch(() => false);
  return { repo, line, keeps: storage !== undefined };
}
