// A gathering's documents beside those that are there from the start, and the photos in them.

import type { DocumentInfo, DocumentKind, DocumentOwner, FileInfo } from "./answers.ts";
import { call } from "./call.ts";

/** A photo over a poor line may take long. */
const UPLOAD_PATIENCE_MS = 90_000;

export interface NewDocument {
  readonly kind: DocumentKind;
  readonly title?: string;
  /** Left out: whose such a document usually is. */
  readonly owner?: DocumentOwner;
}

/** Opens one more document. */
export const newDocument = (
  gathering: string,
  body: NewDocument,
  token: string | null,
): Promise<DocumentInfo> =>
  call(`/api/gatherings/${gathering}/documents`, { method: "POST", body, token });

/** Sends an image; it belongs to the document from then on. */
export const addFile = (
  gathering: string,
  document: string,
  image: Blob,
  token: string | null,
): Promise<FileInfo> =>
  call(`/api/gatherings/${gathering}/files?document=${encodeURIComponent(document)}`, {
    method: "POST",
    body: image,
    token,
    patienceMs: UPLOAD_PATIENCE_MS,
  });

export const fileAddress = (file: string): string => `/api/files/${file}`;
