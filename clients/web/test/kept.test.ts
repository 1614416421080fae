// What outlives a page: drafts and unsent documents by person, and a store that opens or does not.
import assert from "node:assert/strict";
import test from "node:test";
import { textsSince } from "../src/harvest/since.ts";
import { draft, keepDraft, keepUnsent, unsent } from "../src/me.ts";
import { opens } from "../src/sync/store.ts";

/** The browser's storage, which may be full or forbidden. */
class Kept {
  readonly held = new Map<string, string>();
  refuses = false;

  getItem(key: string): string | null {
    return this.held.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.refuses) throw new Error("full");
    this.held.set(key, value);
  }

  removeItem(key: string): void {
    if (this.refuses) throw new Error("forbidden");
    this.held.delete(key);
  }
}

function storage(): Kept {
  const kept = new Kept();
  Object.defineProperty(globalThis, "localStorage", { value: kept, configurable: true });
  return kept;
}

test("a draft is one person's in one document", () => {
  const kept = storage();
  assert.equal(keepDraft("an", "doc", "half"), true);
  assert.equal(draft("an", "doc"), "half");
  assert.equal(draft("bo", "doc"), "");
  assert.equal(draft("an", "other"), "");
  keepDraft("an", "doc", "");
  assert.equal(kept.held.size, 0);
});

test("a browser that keeps nothing says so and throws nothing", () => {
  storage().refuses = true;
  assert.equal(keepDraft("an", "doc", "half"), false);
  assert.equal(keepDraft("an", "doc", ""), false);
});

test("documents with unsent changes are listed by person until they are sent", () => {
  const kept = storage();
  keepUnsent("an", "automerge:a", true);
  keepUnsent("an", "automerge:b", true);
  keepUnsent("an", "automerge:a", true);
  assert.deepEqual(unsent("an"), ["automerge:a", "automerge:b"]);
  assert.deepEqual(unsent("bo"), []);
  keepUnsent("an", "automerge:a", false);
  keepUnsent("an", "automerge:b", false);
  assert.equal(kept.held.size, 0);
});

test("texts since: new and changed ones, as they stand now, and no other", () => {
  const before = { insights: { a: { text: "same" }, b: { text: "old" }, c: { text: "gone" } } };
  const now = {
    insights: {
      a: { text: "same", removed: true },
      b: { text: "older " },
      c: { text: "" },
      d: { text: "new" },
    },
  };
  assert.deepEqual(textsSince(before, now), ["older", "new"]);
  assert.deepEqual(textsSince({}, now), ["same", "older", "new"]);
  assert.deepEqual(textsSince(now, {}), []);
});

/** A request to open a store, of which the browser tells the outcome `name`, or nothing. */
function request(name: "onsuccess" | "onerror" | null): IDBOpenDBRequest {
  const asked = { result: { close() {} }, onsuccess() {}, onerror() {} };
  if (name !== null) queueMicrotask(() => asked[name]());
  return asked as unknown as IDBOpenDBRequest;
}

test("a store opens, fails, throws or never answers: the page always goes on", async () => {
  assert.equal(await opens("x", () => ({ open: () => request("onsuccess") }), 1_000), true);
  assert.equal(await opens("x", () => ({ open: () => request("onerror") }), 1_000), false);
  assert.equal(await opens("x", () => ({ open: () => request(null) }), 10), false);
  const forbidden = () => {
    throw new Error("SecurityError");
  };
  assert.equal(await opens("x", forbidden, 1_000), false);
});
