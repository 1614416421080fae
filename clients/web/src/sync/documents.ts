// This device's documents: Automerge, its store in the browser and the line to the server.
//
// Everything heavy (the WebAssembly, automerge-repo) is behind this module, which pages load only
// when a document is opened. Each participant has a store of their own on the device, so that what
// one person still has to send is never offered in the name of another.

import wasmUrl from "@automerge/automerge/automerge.wasm?url";
import { initializeWasm } from "@automerge/automerge/slim";
import { Repo } from "@automerge/automerge-repo/slim";
import { IndexedDBStorageAdapter } from "@automerge/automerge-repo-storage-indexeddb";
import { me } from "../me.ts";
import { Line, type LineEvents } from "./line.ts";
import { opens } from "./store.ts";

export interface Documents {
  readonly repo: Repo;
  readonly line: Line;
  /** Whether this browser keeps documents across a reload. */
  readonly keeps: boolean;
}

/** Opens the store and the line of `participant`. Once a page load. */
export async function openDocuments(participant: string, events: LineEvents): Promise<Documents> {
  const name = `oogst-${participant}`;
  const [keeps] = await Promise.all([opens(name), initializeWasm(new Request(wasmUrl))]);
  const url = new URL("/sync", window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const line = new Line(url.href, events, () => me()?.participant === participant);
  const repo = new Repo({
    network: [line],
    sharePolicy: async () => true,
    // What was typed is in the store before a hand can reload the page; 100 ms were too long.
    saveDebounceRate: 10,
    ...(keeps ? { storage: new IndexedDBStorageAdapter(name) } : {}),
  });
  // Closing the lid or the tab may come within the moment that writes are gathered.
  const flush = (): void => void repo.flush().catch(() => {});
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
  window.addEventListener("pagehide", flush);
  void navigator.storage?.persist?.().catch(() => false);
  return { repo, line, keeps };
}
