// Every sentence in every language, and Dutch that everybody reads.
import assert from "node:assert/strict";
import test from "node:test";
import { en as enRest } from "../src/messages/en.ts";
import { en as enFirst } from "../src/messages/first/en.ts";
import { fr as frFirst } from "../src/messages/first/fr.ts";
import { nl as nlFirst } from "../src/messages/first/nl.ts";
import { fr as frRest } from "../src/messages/fr.ts";
import { nl as nlRest } from "../src/messages/nl.ts";

const nl = { ...nlFirst, ...nlRest };
const fr = { ...frFirst, ...frRest };
const en = { ...enFirst, ...enRest };

/** Every sentence by its path; sentences with a hole are filled in. */
function sentences(messages: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(messages)) {
    const at = `${path}${key}`;
    if (typeof value === "string") found.set(at, value);
    else if (typeof value === "function") found.set(at, value(3, 5));
    else for (const [deeper, text] of sentences(value, `${at}.`)) found.set(deeper, text);
  }
  return found;
}

test("each language has the same sentences, none of them empty", () => {
  const keys = [...sentences(nl).keys()].sort();
  for (const [language, messages] of Object.entries({ fr, en })) {
    assert.deepEqual([...sentences(messages).keys()].sort(), keys, language);
  }
  for (const messages of [nl, fr, en]) {
    for (const [key, text] of sentences(messages)) {
      assert.ok(text.trim().length > 0, key);
      assert.ok(!text.includes("undefined"), `${key}: ${text}`);
    }
  }
});

test("Dutch is B1: at most twelve words a sentence, and no jargon", () => {
  for (const [key, text] of sentences(nl)) {
    assert.doesNotMatch(text, /synchron|sessie|token/i, key);
    for (const sentence of text.split(/[.?!:]\s/)) {
      assert.ok(sentence.split(/\s+/).length <= 12, `${key}: ${sentence}`);
    }
  }
});

test("French has a non-breaking space before its double signs", () => {
  for (const [key, text] of sentences(fr)) assert.doesNotMatch(text, /[^\u00a0\s][;?!]/, key);
});
