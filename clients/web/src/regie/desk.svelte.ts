// The facilitator's desk: the gathering, its programme open with Automerge, and the one way in
// which every button of the console acts: told when it worked, and why where it did not.

import { announcer } from "../announce.svelte.ts";
import { ApiError } from "../api/index.ts";
import { type Programme, type ProgrammeShape, readProgramme } from "../day/programme.ts";
import { type Slot, schedule } from "../day/schedule.ts";
import type { GatheringView } from "../gathering.svelte.ts";
import { ui } from "../language.svelte.ts";
import { conflicts } from "../messages/regie/conflicts.ts";
import { frame } from "../messages/regie/frame.ts";
import type { Session } from "../session.svelte.ts";
import { type DocumentView, openDocument } from "../sync/document.svelte.ts";
import type { Documents } from "../sync/documents.ts";

const NOTHING: Programme = { place: "", blocks: [], questions: [], themes: [] };

/** Why an act failed, and what to do about it. */
export function why(error: unknown): string {
  const t = ui.of(frame);
  if (!(error instanceof ApiError)) return t.failed;
  if (error.status === 0) return t.unreachable;
  if (error.status === 401 || error.status === 403) return t.denied;
  if (error.status === 404) return t.gone;
  if (error.status === 409) {
    const known: Readonly<Record<string, string>> = ui.of(conflicts);
    return known[error.reason ?? ""] ?? t.conflict;
  }
  if (error.status === 429 || error.status === 503) return t.tooBusy;
  return t.failed;
}

export class Desk {
  readonly session: Session;
  readonly gathering: GatheringView;
  /** The gathering's id. */
  readonly id: string;
  /** The programme's document as it was opened: it may still be on its way to this device. */
  document = $state.raw<DocumentView<ProgrammeShape> | null>(null);
  /** The programme's document once it is here; `null` while nothing can be written in it. */
  readonly programme: DocumentView<ProgrammeShape> | null = $derived.by(() =>
    this.document?.doc == null ? null : this.document,
  );
  /** An act is on its way: a second press would do it twice. */
  busy = $state(false);
  wrong = $state("");

  /** The programme: from its document as soon as that is here, as it was last read before. */
  readonly plan: Programme = $derived.by(() => {
    const root = this.document?.doc ?? null;
    return root === null ? (this.gathering.programme ?? NOTHING) : readProgramme(root);
  });
  readonly slots: readonly Slot[] = $derived.by(() => {
    const { data, conduct, now } = this.gathering;
    return schedule(this.plan.blocks, conduct, data?.date ?? null, now);
  });
  readonly running: Slot | null = $derived(
    this.slots.find(({ state }) => state === "running") ?? null,
  );
  readonly next: Slot | null = $derived.by(() => {
    const last = this.slots.findLastIndex(({ state }) => state !== "ahead");
    return this.slots[last + 1] ?? null;
  });
  readonly closed: boolean = $derived.by(() => this.gathering.data?.status === "closed");

  constructor(session: Session) {
    this.session = session;
    this.gathering = session.gathering;
    this.id = session.me.gathering;
    this.gathering.wantProgramme();
  }

  get token(): string | null {
    return this.session.me.token;
  }

  /** Opens the programme; gives the way to let it go. */
  open(documents: Documents, url: string): () => void {
    let over = false;
    let hide: (() => void) | null = null;
    const opening = openDocument<ProgrammeShape>(documents, url, this.session.me);
    void opening.then((view) => {
      if (over) {
        view.close();
        return;
      }
      hide = this.session.show(view);
      this.document = view;
    });
    return () => {
      over = true;
      hide?.();
      this.document = null;
    };
  }

  /** Writes in the programme, where it is here. */
  edit(change: (root: ProgrammeShape) => void, told = ""): void {
    if (this.programme === null) return;
    this.programme.change(change);
    if (told !== "") announcer.say(told);
  }

  /** Does something at the server, and shows the gathering as it is then. */
  async act(what: () => Promise<unknown>, told = ""): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.wrong = "";
    try {
      await what();
      await this.gathering.refresh();
      if (told !== "") announcer.say(told);
      return true;
    } catch (error) {
      this.wrong = why(error);
      // Part of it may have been done: what is shown is how it is.
      void this.gathering.refresh();
      return false;
    } finally {
      this.busy = false;
    }
  }
}
