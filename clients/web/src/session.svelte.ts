// Who this page speaks for, and everything of theirs that outlives a change of page: the gathering,
// the line, the documents that stand open, and what they still have to send. Pages come and go;
// the line stays, and what was typed on one is sent while another is on show.
//
// Automerge is loaded behind the first page that wants a session, never before it.

import { ApiError } from "./api/index.ts";
import { GatheringView } from "./gathering.svelte.ts";
import { type Me, onSomebodyElse, me as whoAmI } from "./me.ts";
import { Outbox } from "./outbox.svelte.ts";
import { fetchAhead } from "./pages.ts";
import { backoff } from "./sync/backoff.ts";
import type { DocumentView } from "./sync/document.svelte.ts";
import type { Documents } from "./sync/documents.ts";
import type { Holding } from "./sync/holding.svelte.ts";
import type { LeftBehind } from "./sync/left.svelte.ts";
import type { Photos, Waiting } from "./sync/photos.svelte.ts";
import { type Ended, type SaveState, saveState } from "./sync/save-state.ts";
import { version } from "./version.svelte.ts";

/** A first try that takes longer is told as a line that is not there. */
const FIRST_TRY_MS = 3_000;

export class Session {
  readonly me: Me;
  readonly gathering: GatheringView;
  /** What has to arrive over HTTP. */
  readonly outbox: Outbox;
  documents = $state.raw<Documents | null>(null);
  left = $state.raw<LeftBehind | null>(null);
  /** The photos that this device still has to send. */
  photos = $state.raw<Photos | null>(null);
  connected = $state(false);
  /** The first try is on its way: nothing is known of the line yet. */
  #trying = $state(true);
  /** This browser's store holds all that stands on this page. */
  keeps = $state(true);
  /** Automerge could not be loaded, or the store not be opened. */
  failed = $state(false);
  #ended = $state<Ended | null>(null);
  /** The line broke off what this device works with. */
  #cut = $state(false);
  /** Documents on show, each with whether we may write there now. */
  #shown = $state.raw<readonly DocumentView[]>([]);
  /** Says to the server how much waits here. */
  #holding: Holding | null = null;
  readonly #forget: () => void;
  #over = false;

  constructor(me: Me) {
    this.me = me;
    this.gathering = new GatheringView(me);
    this.outbox = new Outbox(me);
    this.#forget = onSomebodyElse(me.participant, () => {
      this.#ended = "elsewhere";
      this.documents?.leave();
      this.photos?.close();
      this.#holding?.close();
    });
    void this.#open();
    window.addEventListener("beforeunload", this.#warn);
  }

  /** Without a store of its own the page is the only place where changes are. */
  readonly #warn = (event: BeforeUnloadEvent): void => {
    const fleeting = (this.photos?.fleeting ?? false) || (!this.keeps && this.waiting > 0);
    if (fleeting) event.preventDefault();
  };

  /** Automerge and what works with it: tried again for as long as the line breaks it off. */
  async #engine() {
    for (let tries = 0; ; tries += 1) {
      try {
        const [documents, left] = await Promise.all([
          import("./sync/documents.ts"),
          import("./sync/left.svelte.ts"),
        ]);
        await documents.startEngine();
        this.#cut = false;
        return { ...documents, ...left };
      } catch (error) {
        // So browsers call a fetch that did not come through.
        if (!(error instanceof TypeError) || this.#over) throw error;
        this.#cut = true;
        await new Promise((resolve) => setTimeout(resolve, backoff(tries)));
      }
    }
  }

  async #open(): Promise<void> {
    try {
      const { Documents, Holding, LeftBehind, Photos, writeUnseen } = await this.#engine();
      const opened = await Documents.open(this.me.participant, {
        keeps: (now) => {
          this.keeps = now;
        },
        connected: (now) => {
          this.connected = now;
          this.#trying = false;
          for (const view of this.#shown) view.lineChanged(now);
          // A right that ended shows over HTTP alone; a line that came back may bring news.
          if (now && this.#ended === "access") this.#ended = null;
          if (now) {
            this.outbox.hurry();
            this.photos?.again();
            void this.#holding?.speak();
          }
        },
        revoked: () => {
          this.#ended = "access";
          void this.gathering.refresh();
        },
        refused: () => {
          this.#ended = "refused";
        },
        unavailable: () => void this.gathering.refresh(),
      });
      if (this.#over) {
        opened.leave();
        return;
      }
      const left = new LeftBehind(this.me);
      this.documents = opened;
      setTimeout(() => {
        this.#trying = false;
      }, FIRST_TRY_MS);
      this.left = left;
      left.offer(opened, this.#urls());
      this.photos = new Photos(this.me, {
        mayWrite: (document) => this.#mayWrite(document),
        write: async (document, edit) => {
          const view = this.#shown.find(({ documentId }) => documentId === document);
          if (view !== undefined && view.doc !== null) {
            view.change(edit);
            return view.lasts();
          }
          const lasts = await writeUnseen(opened, `automerge:${document}`, this.me, edit);
          this.#offer();
          return lasts;
        },
      });
      this.#holding = new Holding(this.me, () => this.waiting);
      fetchAhead();
      void version.keep();
    } catch (error) {
      this.failed = !(error instanceof ApiError);
    }
  }

  #urls(): ReadonlySet<string> {
    return new Set(this.#shown.map(({ url }) => url));
  }

  /** A page shows a document, until the returned function is called. */
  show(view: DocumentView): () => void {
    this.#shown = [...this.#shown, view];
    view.lineChanged(this.connected);
    this.#offer();
    return () => {
      this.#shown = this.#shown.filter((each) => each !== view);
      view.close();
      // What it still had to send goes on in the background.
      this.#offer();
    };
  }

  #offer(): void {
    if (this.documents !== null && !this.#over) this.left?.offer(this.documents, this.#urls());
  }

  /** Why nothing can be saved any more. Where we may no longer be, the line comes second. */
  get ended(): Ended | null {
    return this.#ended ?? (this.gathering.ended ? "access" : null);
  }

  /** The server has named all our changes after it refused one. */
  reconciled(): void {
    if (this.#ended === "refused") this.#ended = null;
  }

  /** Things changed on this device that the server has not named, wherever they are. */
  get waiting(): number {
    const shown = this.#shown.reduce((sum, { waiting }) => sum + waiting, 0);
    const photos = this.photos?.waiting.length ?? 0;
    return shown + (this.left?.waiting ?? 0) + this.outbox.waiting + photos;
  }

  /** Everything that is open and has something that the server refused or did not name. */
  get views(): readonly DocumentView[] {
    return [...this.#shown, ...(this.left?.views ?? [])];
  }

  /**
   * What the save line says on a page that shows `view`, or none; `null` while nothing is known.
   * `writes`: we may write in it now; `locked`: nobody may.
   */
  save(view: DocumentView | null, writes = true, locked = false): SaveState | null {
    if (view === null && this.documents === null && this.ended === null) return null;
    const written = view === null ? this.#onItsWay() : view.waiting;
    const going = this.photos?.going.filter(({ document }) => this.#mayWrite(document)) ?? [];
    const here = written + this.outbox.waiting + going.length;
    const refused = this.photos?.refused.length ?? 0;
    const known = this.photos?.recalled ?? false;
    const state = saveState({
      connected: this.connected || this.#trying,
      loaded: !this.#trying && known && (view === null || view.doc !== null),
      waiting: here,
      left: this.waiting - here - refused,
      locked,
      writes,
      ended: this.ended,
    });
    // What the server will not have stands on this device alone.
    return state.kind === "saved" && refused > 0 ? { kind: "refused", changes: refused } : state;
  }

  /** Of what waits, what goes to documents where we may write: the server will name it soon. */
  #onItsWay(): number {
    const going = this.views.filter(({ url }) => this.gathering.mayWrite(url));
    return going.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** `document`: its id in the API. */
  #mayWrite(document: string): boolean {
    return this.gathering.mayWrite(`automerge:${document}`);
  }

  /** Photos that do not go by themselves: refused, or for where we may not write. */
  get stuckPhotos(): readonly Waiting[] {
    return (this.photos?.waiting ?? []).filter(
      ({ state, document }) =>
        state === "refused" || (state === "waits" && !this.#mayWrite(document)),
    );
  }

  /** The line is known to be gone: its first try is not on its way any more. */
  get cut(): boolean {
    return !this.connected && (this.#cut || !this.#trying);
  }

  close(): void {
    this.#over = true;
    window.removeEventListener("beforeunload", this.#warn);
    this.#forget();
    this.gathering.close();
    for (const view of this.#shown) view.close();
    this.left?.close();
    this.outbox.close();
    this.photos?.close();
    this.#holding?.close();
    this.documents?.leave();
  }
}

let current: Session | null = null;

/** The session of who this device is; `null` where it is nobody. */
export function session(): Session | null {
  const me = whoAmI();
  if (current !== null && current.me.participant !== me?.participant) {
    // The tab that somebody else was in says so itself; this one goes on as who it is now.
    current.close();
    current = null;
  }
  if (current === null && me !== null) current = new Session(me);
  return current;
}
