// A document for as long as a page shows it.

import { untrack } from "svelte";
import type { DocumentInfo } from "../api/index.ts";
import type { Session } from "../session.svelte.ts";
import type { DocumentView } from "./document.svelte.ts";
import type { Documents } from "./documents.ts";

export class Opened<View extends DocumentView> {
  view = $state.raw<View | null>(null);
  /** It could not be opened on this device. */
  failed = $state(false);
}

/**
 * Opens it as soon as this device's documents are there, and closes it with the page. Called while
 * a page is made.
 */
export function opened<View extends DocumentView>(
  session: Session,
  open: (documents: Documents) => Promise<View>,
): Opened<View> {
  const found = new Opened<View>();
  $effect(() => {
    const { documents } = session;
    if (documents === null) return;
    let hide: (() => void) | null = null;
    let over = false;
    untrack(() => open(documents)).then(
      (view) => {
        if (over) {
          view.close();
          return;
        }
        hide = session.show(view);
        found.view = view;
      },
      () => {
        found.failed = true;
      },
    );
    return () => {
      over = true;
      untrack(() => hide?.());
    };
  });
  return found;
}

/** Whether we may write in the document now, as far as the server last said. */
export const mayWrite = (session: Session, info: DocumentInfo): boolean =>
  !info.frozen && (info.writable ?? true) && session.ended === null;
