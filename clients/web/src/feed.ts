// The gathering's feed: server-sent events, read with `fetch` so that a token stays out of the
// address and every type of event comes through one door. It comes back by itself, after a restart
// of the server too, and goes on from the last event that it saw.

import { backoff } from "./sync/backoff.ts";

/** The server shows that it lives every 15 s; a line silent for this long is gone. */
const SILENCE_MS = 40_000;

export interface FeedMessage {
  /** The event's place in the gathering's stream; empty where the message has none. */
  readonly id: string;
  /** The contribution's type: `insight.added`. */
  readonly type: string;
  readonly data: string;
}

/** Cuts a stream of text into messages, as the standard says: a blank line ends one. */
export class FeedParser {
  #rest = "";
  #id = "";
  #type = "message";
  #data: string[] = [];

  push(text: string): FeedMessage[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): FeedMessage[] {
    if (line === "") {
      const message = { id: this.#id, type: this.#type, data: this.#data.join("\n") };
      const complete = this.#data.length > 0;
      this.#type = "message";
      this.#data = [];
      return complete ? [message] : [];
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") this.#id = value;
    else if (field === "event") this.#type = value;
    else if (field === "data") this.#data.push(value);
    return [];
  }
}

export interface FeedEvents {
  /** The feed answers, first or again. */
  open(): void;
  /** The feed went down; it will be tried again. */
  down(): void;
  message(message: FeedMessage): void;
  /** We may no longer read it: it stays down. */
  ended(): void;
}

/** Follows the feed after `after` until the returned function is called. */
export function follow(
  gathering: string,
  after: number,
  token: string | null,
  events: FeedEvents,
): () => void {
  const controller = new AbortController();
  let last = String(after);
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = async (): Promise<"again" | "ended"> => {
    // One signal for both ends: not every phone here has `AbortSignal.any`.
    const silence = new AbortController();
    const over = (): void => silence.abort();
    controller.signal.addEventListener("abort", over, { once: true });
    try {
      return await readUntil(silence);
    } finally {
      controller.signal.removeEventListener("abort", over);
    }
  };

  const readUntil = async (silence: AbortController): Promise<"again" | "ended"> => {
    let watch = setTimeout(() => silence.abort(), SILENCE_MS);
    const response = await fetch(`/api/gatherings/${gathering}/feed?after=${last}`, {
      headers: {
        accept: "text/event-stream",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      credentials: token === null ? "same-origin" : "omit",
      cache: "no-store",
      signal: silence.signal,
    });
    if ([401, 403, 404].includes(response.status)) return "ended";
    if (!response.ok || response.body === null) return "again";
    attempt = 0;
    events.open();
    const parser = new FeedParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      clearTimeout(watch);
      if (done) return "again";
      watch = setTimeout(() => silence.abort(), SILENCE_MS);
      for (const message of parser.push(value)) {
        if (message.id !== "") last = message.id;
        events.message(message);
      }
    }
  };

  const run = async (): Promise<void> => {
    const outcome = await read().catch(() => "again" as const);
    if (controller.signal.aborted) return;
    if (outcome === "ended") {
      events.ended();
      return;
    }
    events.down();
    timer = setTimeout(() => void run(), backoff(attempt));
    attempt += 1;
  };
  void run();
  return () => {
    clearTimeout(timer);
    controller.abort();
  };
}
