// WebAssembly without its custom sections. They hold names for debuggers and the like: no browser
// needs one to run a module, and in Automerge's the names are a twelfth of what goes over the line.
// Source: https://webassembly.github.io/spec/core/binary/modules.html

import type { Plugin } from "vite";

/** Magic number and version. */
const HEADER_BYTES = 8;
const CUSTOM = 0;

/** Reads an unsigned LEB128 number; gives it and where it ends. */
function unsigned(bytes: Uint8Array, from: number): [value: number, end: number] {
  let value = 0;
  for (let at = from, shift = 0; at < bytes.length; at += 1, shift += 7) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at + 1];
  }
  throw new Error(`this WebAssembly ends within a number, at byte ${from}`);
}

/** The module without its custom sections. */
export function withoutCustomSections(bytes: Uint8Array): Buffer<ArrayBuffer> {
  const kept = [bytes.subarray(0, HEADER_BYTES)];
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const [length, begin] = unsigned(bytes, at + 1);
    const end = begin + length;
    if (end > bytes.length)
      throw new Error(`this WebAssembly ends within a section, at byte ${at}`);
    if (bytes[at] !== CUSTOM) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

/** A Vite plugin: what the build writes has none. */
export const leanWasm = (): Plugin => ({
  name: "lean-wasm",
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "asset" || !file.fileName.endsWith(".wasm")) continue;
      file.source = withoutCustomSections(Buffer.from(file.source));
    }
  },
});
