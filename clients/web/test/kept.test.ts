// What outlives a page: drafts and unsent documents by person, and a store that opens or does not.
import assert from "node:assert/strict";
import test from "node:test";
import { draft, keepDraft, keepUnsent, unsent } from "../src/me.ts";
import { textsSince, touchedBy } from "../src/sync/since.ts";
import { connect } from "../src/sync/store.ts";

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

  get length(): number {
    return this.held.size;
  }

  key(at: number): string | null {
    return [...this.held.keys()][at] ?? null;
  }
}

/** Fresh stores: the browser's, and this tab's own. */
function storage(): Kept {
  const kept = new Kept();
  Object.defineProperty(globalThis, "localStorage", { value: kept, configurable: true });
  anotherTab();
  return kept;
}

const anotherTab = (own = new Kept()): Kept => {
  Object.defineProperty(globalThis, "sessionStorage", { value: own, configurable: true });
  return own;
};

test("a draft is one person's in one document", () => {
  const kept = storage();
  assert.equal(keepDraft("an", "doc", "half"), true);
  assert.equal(draft("an", "doc"), "half");
  assert.equal(draft("bo", "doc"), "");
  assert.equal(draft("an", "other"), "");
  keepDraft("an", "doc", "");
  assert.equal(kept.held.size, 0);
});

test("a tab has its own draft back, and a new tab the one that was typed last", () => {
  storage();
  const first = anotherTab();
  keepDraft("an", "doc", "in the first");
  anotherTab();
  keepDraft("an", "doc", "in the second");
  keepDraft("an", "doc", "");
  assert.equal(draft("an", "doc"), "");
  anotherTab(first);
  assert.equal(draft("an", "doc"), "in the first");
  keepDraft("an", "doc", "in the first!");
  anotherTab();
  assert.equal(draft("an", "doc"), "in the first!");
});

test("a browser that keeps nothing says so and throws nothing", () => {
  storage().refuses = true;
  assert.equal(keepDraft("an", "doc", "half"), false);
  assert.equal(keepDraft("an", "doc", ""), false);
});

test("documents with unsent changes are listed by person and tab until they are sent", () => {
  const kept = storage();
  const one = { tab: "1", url: "automerge:a" };
  const other = { tab: "2", url: "automerge:a" };
  keepUnsent("an", one, true);
  keepUnsent("an", other, true);
  keepUnsent("an", one, true);
  assert.deepEqual(unsent("an"), [one, other]);
  assert.deepEqual(unsent("bo"), []);
  keepUnsent("an", other, false);
  assert.deepEqual(unsent("an"), [one], "what one tab has sent says nothing of another's");
  keepUnsent("an", one, false);
  assert.equal(kept.held.size, 0);
});

test("touched: each insight once, however many letters", () => {
  const splice = (id: string, at: number) => ({
    action: "splice",
    path: ["insights", id, "text", at],
  });
  const patches = [splice("a", 0), splice("a", 9), { action: "put", path: ["insights", "b"] }];
  assert.deepEqual(touchedBy(patches), ["insights/a", "insights/b"]);
  assert.deepEqual(touchedBy([]), []);
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
  const opens = async (open: () => IDBOpenDBRequest, deadlineMs = 1_000) =>
    (await connect("x", () => ({ open }), deadlineMs)) !== null;
  assert.equal(await opens(() => request("onsuccess")), true);
  assert.equal(await opens(() => request("onerror")), false);
  assert.equal(await opens(() => request(null), 10), false);
  const forbidden = () => {
    throw new Error("SecurityError");
  };
  assert.equal(await opens(forbidden), false);
});
