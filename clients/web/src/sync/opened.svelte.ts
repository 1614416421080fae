// A document for as long as a page shows it.

import { onMount } from "svelte";
import type { DocumentInfo } from "../api/index.ts";
import type { Session } from "../session.svelte.ts";
import type { DocumentView } from "./document.svelte.ts";

export class Opened<View extends DocumentView> {
  view = $state.raw<View | null>(null);
  /** It could not be opened on this device. */
  failed = $state(false);
}

/** Opens it when the page appears, and closes it with the page. Called while a page is made. */
export function opened<View extends DocumentView>(
  session: Session,
  open: () => Promise<View>,
): Opened<View> {
  const found = new Opened<View>();
  onMount(() => {
    let hide: (() => void) | null = null;
    let over = false;
    open().then(
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
      hide?.();
    };
  });
  return found;
}

/** Whether we may write in the document now, as far as the server last said. */
export const mayWrite = (session: Session, info: DocumentInfo): boolean =>
  !info.frozen && (info.writable ?? true) && session.ended === null;
