// The line to the server: automerge-repo's protocol over one WebSocket that mends itself.
//
// It comes back with growing, jittered pauses, and at once when the device says it is online again
// or the page is looked at again. It stops for good when the server says that the right to be here
// is gone (4401), and slows down when the server refuses a change (1008, 1009): trying again
// changes nothing, but the text stays on this device. What is sent while the line is down is
// dropped: on the next connection the documents are compared afresh.

import {
  cbor,
  type Message,
  NetworkAdapter,
  type PeerId,
  type PeerMetadata,
} from "@automerge/automerge-repo/slim";
import { backoff } from "./backoff.ts";

const CLOSE_REVOKED = 4401;
const CLOSE_REFUSED = [1008, 1009];
const REFUSED_PAUSE_MS = 30_000;
/** Without a word from the server for this long while it owes us one, the line counts as dead. */
const SILENCE_MS = 15_000;

export interface LineEvents {
  /** The server answered, or the line went down or could not be opened. */
  connected(connected: boolean): void;
  /** The token is no longer valid: the line stays down. */
  revoked(): void;
  /** The server refused something of ours. */
  refused(): void;
  /** The server will not let us read this document. */
  unavailable(documentId: string): void;
}

export class Line extends NetworkAdapter {
  readonly #url: string;
  readonly #events: LineEvents;
  /** Whether this page may still speak for its participant. */
  readonly #mayConnect: () => boolean;
  #socket: WebSocket | null = null;
  #server: PeerId | null = null;
  #serverStorage: string | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #heardAt = 0;
  #ready = false;
  #nowReady: () => void = () => {};
  readonly #whenReady = new Promise<void>((resolve) => {
    this.#nowReady = resolve;
  });

  constructor(url: string, events: LineEvents, mayConnect: () => boolean) {
    super();
    this.#url = url;
    this.#events = events;
    this.#mayConnect = mayConnect;
  }

  /** The id of the data that the server keeps; `null` while no server has answered yet. */
  get serverStorage(): string | null {
    return this.#serverStorage;
  }

  override isReady(): boolean {
    return this.#ready;
  }

  override whenReady(): Promise<void> {
    return this.#whenReady;
  }

  #becomeReady(): void {
    this.#ready = true;
    this.#nowReady();
  }

  override connect(peerId: PeerId, peerMetadata?: PeerMetadata): void {
    this.peerId = peerId;
    this.peerMetadata = peerMetadata ?? {};
    this.#stopped = false;
    window.addEventListener("online", this.#comeBack);
    window.addEventListener("offline", this.#comeBack);
    document.addEventListener("visibilitychange", this.#lookAgain);
    // A document that is only on this device must not wait for a server that cannot be reached.
    setTimeout(() => this.#becomeReady(), 1_000);
    this.#open();
  }

  override disconnect(): void {
    this.#stopped = true;
    window.removeEventListener("online", this.#comeBack);
    window.removeEventListener("offline", this.#comeBack);
    document.removeEventListener("visibilitychange", this.#lookAgain);
    clearTimeout(this.#timer);
    this.#drop();
  }

  override send(message: Message): void {
    const socket = this.#socket;
    if (socket === null || socket.readyState !== WebSocket.OPEN) return;
    // The buffer behind the bytes may be longer than they are.
    socket.send(new Uint8Array(cbor.encode(message)));
  }

  /** Opens the line afresh where it has been silent although an answer is due. */
  mendIfSilent(now: number): void {
    const open = this.#socket?.readyState === WebSocket.OPEN;
    if (open && now - this.#heardAt > SILENCE_MS) this.#comeBack();
  }

  /** Ends the socket that there is and tries again at once. */
  readonly #comeBack = (): void => {
    if (this.#stopped) return;
    this.#attempt = 0;
    this.#drop();
    this.#open();
  };

  readonly #lookAgain = (): void => {
    if (document.visibilityState !== "visible" || this.#server !== null) return;
    if (this.#socket?.readyState === WebSocket.CONNECTING && this.#attempt === 0) return;
    this.#comeBack();
  };

  #open(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    if (!this.#mayConnect()) {
      this.#stopped = true;
      return;
    }
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#heardAt = Date.now();
      this.#join();
    });
    socket.addEventListener("message", (event) => {
      if (this.#socket === socket) this.#receive(event.data);
    });
    socket.addEventListener("close", (event) => {
      if (this.#socket === socket) this.#lost(event.code);
    });
  }

  #join(): void {
    if (this.peerId === undefined) return;
    const { peerId: senderId, peerMetadata = {} } = this;
    this.#socket?.send(
      new Uint8Array(
        cbor.encode({ type: "join", senderId, peerMetadata, supportedProtocolVersions: ["1"] }),
      ),
    );
  }

  #receive(data: ArrayBuffer): void {
    this.#heardAt = Date.now();
    let message: { type: string; senderId: PeerId; peerMetadata?: PeerMetadata };
    try {
      message = cbor.decode(new Uint8Array(data));
    } catch {
      return;
    }
    if (message.type === "peer") {
      this.#attempt = 0;
      this.#server = message.senderId;
      this.#becomeReady();
      const { senderId: peerId, peerMetadata = {} } = message;
      this.#serverStorage = peerMetadata.storageId ?? null;
      this.emit("peer-candidate", { peerId, peerMetadata });
      this.#events.connected(true);
      return;
    }
    if (message.type === "error") return;
    const incoming = message as unknown as Message & { documentId?: string };
    if (message.type === "doc-unavailable") this.#events.unavailable(incoming.documentId ?? "");
    this.emit("message", incoming);
  }

  #lost(code: number): void {
    if (this.#server === null && this.#attempt === 0) this.#events.connected(false);
    this.#drop();
    if (code === CLOSE_REVOKED) {
      this.#stopped = true;
      this.#events.revoked();
      return;
    }
    const refused = CLOSE_REFUSED.includes(code);
    if (refused) this.#events.refused();
    const pause = refused ? REFUSED_PAUSE_MS : backoff(this.#attempt);
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#open(), pause);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (this.#server === null) return;
    const peerId = this.#server;
    this.#server = null;
    this.emit("peer-disconnected", { peerId });
    this.#events.connected(false);
  }
}
