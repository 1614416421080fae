// Every area's sentences, as those of messages.test.ts: whole, and in Dutch that everybody reads.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import test from "node:test";

// An area asks which language it is told in; what Svelte and a browser give to that stands in here.
const same = (value: unknown): unknown => value;
Object.assign(globalThis, { $state: Object.assign(same, { raw: same }) });
Object.defineProperty(globalThis, "navigator", { value: { languages: ["nl"] } });

const FOLDER = new URL("../src/messages/", import.meta.url);
const WHOLE = ["nl.ts", "fr.ts", "en.ts"];
const files = readdirSync(FOLDER, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".ts") && !WHOLE.includes(basename(name)));

type Found = Map<string, string>;

function sentences(words: object, path = ""): Found {
  const found: Found = new Map();
  for (const [key, value] of Object.entries(words)) {
    const at = `${path}${key}`;
    if (typeof value === "string") found.set(at, value);
    else if (typeof value === "function") found.set(at, String(value(3, 5, "An")));
    else for (const [deeper, text] of sentences(value, `${at}.`)) found.set(deeper, text);
  }
  return found;
}

for (const file of files) {
  const exports: Record<string, unknown> = await import(new URL(file, FOLDER).href);
  const areas = Object.values(exports).filter(
    (each): each is Record<"nl" | "fr" | "en", object> =>
      typeof each === "object" && each !== null && "nl" in each && "fr" in each,
  );

  test(`${file} has the same sentences in each language`, () => {
    assert.ok(areas.length > 0);
    for (const { nl, fr, en } of areas) {
      const keys = [...sentences(nl).keys()].sort();
      for (const words of [fr, en]) assert.deepEqual([...sentences(words).keys()].sort(), keys);
      for (const text of [nl, fr, en].flatMap((words) => [...sentences(words).values()])) {
        assert.ok(!text.includes("undefined"), text);
      }
    }
  });

  test(`${file} is B1 in Dutch, and in French spaced as it should`, () => {
    for (const { nl, fr } of areas) {
      for (const [key, text] of sentences(nl)) {
        assert.doesNotMatch(text, /synchron|sessie|token/i, key);
        for (const sentence of text.split(/[.?!:]\s/)) {
          assert.ok(sentence.split(/\s+/).length <= 12, `${key}: ${sentence}`);
        }
      }
      for (const [key, text] of sentences(fr)) {
        assert.doesNotMatch(text, /[^\u00a0\s][;?!]|[^\u00a0\s\d]:\s/, `${key}: ${text}`);
      }
    }
  });
}
