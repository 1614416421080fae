// The other tabs of this browser in which the same person takes part: their documents are kept
// equal here too, so that what one tab wrote without a line goes to the server with whichever tab
// is still open. Each tab writes under an Automerge actor of its own.
//
// Signs of life are not passed on: every tab hears those from the server itself.

import {
  type Message,
  NetworkAdapter,
  type PeerId,
  type PeerMetadata,
} from "@automerge/automerge-repo/slim";

type Said =
  | { readonly type: "hello" | "bye" | "forgot"; readonly from: PeerId }
  | { readonly type: "welcome"; readonly from: PeerId; readonly to: PeerId }
  | { readonly type: "sync"; readonly message: Message };

export class Tabs extends NetworkAdapter {
  readonly #name: string;
  readonly #forgot: () => void;
  readonly #known = new Set<PeerId>();
  #channel: BroadcastChannel | null = null;
  #controller = new AbortController();

  /** `forgot`: another tab deleted a document from this device. */
  constructor(name: string, forgot: () => void) {
    super();
    this.#name = name;
    this.#forgot = forgot;
  }

  override isReady(): boolean {
    return true;
  }

  override whenReady(): Promise<void> {
    return Promise.resolve();
  }

  override connect(peerId: PeerId, peerMetadata?: PeerMetadata): void {
    // Old phones have no such channel: their tabs then meet at the server alone.
    if (typeof BroadcastChannel === "undefined") return;
    this.peerId = peerId;
    this.peerMetadata = peerMetadata ?? {};
    this.#controller = new AbortController();
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.addEventListener("message", ({ data }) => this.#heard(data as Said));
    const { signal } = this.#controller;
    const say = (type: "hello" | "bye") => () => this.#say({ type, from: peerId });
    window.addEventListener("pagehide", say("bye"), { signal });
    // Back from the browser's cache of pages.
    window.addEventListener("pageshow", say("hello"), { signal });
    say("hello")();
  }

  override disconnect(): void {
    if (this.peerId !== undefined) this.#say({ type: "bye", from: this.peerId });
    this.#controller.abort();
    this.#channel?.close();
    this.#channel = null;
    for (const peer of [...this.#known]) this.#lost(peer);
  }

  override send(message: Message): void {
    if (message.type !== "ephemeral") this.#say({ type: "sync", message });
  }

  /** Tells the other tabs that a document was deleted from this device. */
  sayForgot(): void {
    const channel = new BroadcastChannel(this.#name);
    if (this.peerId !== undefined) channel.postMessage({ type: "forgot", from: this.peerId });
    channel.close();
  }

  #say(said: Said): void {
    this.#channel?.postMessage(said);
  }

  #heard(said: Said): void {
    const { peerId } = this;
    if (peerId === undefined || this.#channel === null) return;
    if (said.type === "sync") {
      if (said.message.targetId === peerId) this.emit("message", said.message);
    } else if (said.type === "forgot") {
      this.#forgot();
    } else if (said.type === "bye") {
      this.#lost(said.from);
    } else if (said.type === "hello" || (said.type === "welcome" && said.to === peerId)) {
      this.#met(said.from);
      if (said.type === "hello") this.#say({ type: "welcome", from: peerId, to: said.from });
    }
  }

  #met(peerId: PeerId): void {
    if (this.#known.has(peerId)) this.#lost(peerId);
    this.#known.add(peerId);
    // Without a store of its own in our eyes: nothing is remembered of it.
    this.emit("peer-candidate", { peerId, peerMetadata: { isEphemeral: true } });
  }

  #lost(peerId: PeerId): void {
    if (this.#known.delete(peerId)) this.emit("peer-disconnected", { peerId });
  }
}
