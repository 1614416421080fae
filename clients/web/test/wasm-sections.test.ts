import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { withoutCustomSections } from "../scripts/wasm-sections.ts";

const MODULE = "@automerge/automerge/automerge.wasm";
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const CUSTOM = [0, 4, 1, 0x78, 1, 2];
/** A type section with one function type that takes and gives nothing. */
const TYPES = [1, 4, 1, 0x60, 0, 0];

test("custom sections go, all others stay as they are", () => {
  const bytes = Buffer.from([...HEADER, ...CUSTOM, ...TYPES, ...CUSTOM]);
  assert.deepEqual([...withoutCustomSections(bytes)], [...HEADER, ...TYPES]);
});

test("a module that is cut off is refused", () => {
  const cut = Buffer.from([...HEADER, 1, 200]);
  assert.throws(() => withoutCustomSections(cut), /ends within a number/);
  assert.throws(
    () => withoutCustomSections(Buffer.from([...HEADER, 1, 9, 0])),
    /ends within a section/,
  );
});

test("Automerge's module stays valid, with the same imports and exports", () => {
  const bytes = readFileSync(createRequire(import.meta.url).resolve(MODULE));
  const lean = withoutCustomSections(bytes);
  const [whole, less] = [new WebAssembly.Module(bytes), new WebAssembly.Module(lean)];
  assert.deepEqual(WebAssembly.Module.exports(less), WebAssembly.Module.exports(whole));
  assert.deepEqual(WebAssembly.Module.imports(less), WebAssembly.Module.imports(whole));
  assert.equal(WebAssembly.Module.customSections(less, "name").length, 0);
  assert.ok(lean.length < bytes.length);
});
