// Codes as people type them, and what went wrong in words of the interface.

import { ApiError } from "./api.ts";
import type { Messages } from "./messages/nl.ts";

/** A join code in the spelling of the wall, `7K3M-9QXB`, as far as it is typed. */
export function spelled(code: string): string {
  const plain = code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1")
    .slice(0, 8);
  return plain.length > 4 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain;
}

export const isWhole = (code: string): boolean => /^[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(code);

/** Why a join or a return failed, as a sentence. */
export function problem(error: unknown, t: Messages, returning: boolean): string {
  if (!(error instanceof ApiError)) return t.join.failed(String(error));
  if (error.status === 0) return t.join.unreachable;
  if (error.status === 404) return returning ? t.join.wordsWrong : t.join.codeWrong;
  if (error.status === 409) return t.join.full;
  if (error.status === 429) return t.join.tooMany;
  return t.join.failed(error.message);
}
