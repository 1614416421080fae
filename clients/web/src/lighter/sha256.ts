// The SHA-256 that automerge-repo brings anyway, under the name by which bs58check asks for
// another: one is enough for a phone (vite.config.ts).

import { hash } from "fast-sha256";

export const sha256 = hash;
