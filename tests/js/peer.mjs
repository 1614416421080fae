// A stock automerge-repo client that a test drives: one JSON request a line on stdin, one JSON
// answer a line on stdout (`{id, ok}` or `{id, error}`). It holds no logic of its own: what the
// library does with a document is what the test sees. Only the retry interval is shortened.
//
// Texts are named by their path: ["insights", ITEM, "text"].
import { createInterface } from "node:readline";
import * as A from "@automerge/automerge";
import { Repo, isValidAutomergeUrl } from "@automerge/automerge-repo";
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket";
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs";

const RETRY_MILLISECONDS = 500;

// In Node the adapter throws what a browser swallows: a line that is cut during the upgrade, a
// send into a closing socket. A page would live on, so this process does too.
for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, error => console.error(`${event}: ${error?.stack ?? error}`));

let repo;
let adapter;
let handle;
let server; // the server's storage id, once it has introduced itself
const heard = [];

/** The value that `path` names. */
const at = (doc, path) => path.reduce((value, key) => value?.[key], doc);

/** JSON has no immutable strings: `{"immutable": "x"}` stands for one. */
const value = json =>
  json !== null && typeof json === "object" && "immutable" in json
    ? new A.ImmutableString(json.immutable)
    : json;

/** Small numbers that look random and repeat by seed. */
function* numbers(seed) {
  let state = seed >>> 0 || 1;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function insight({ text, author, parent = null, position = "a0", category = null }) {
  return { text, author, created: Date.now(), position, removed: false, parent, category };
}

const requests = {
  async open({ url, storage, peer }) {
    adapter = new WebSocketClientAdapter(url, RETRY_MILLISECONDS);
    repo = new Repo({
      network: [adapter],
      storage: storage ? new NodeFSStorageAdapter(storage) : undefined,
      peerId: peer,
      sharePolicy: async () => true,
    });
    adapter.on("peer-candidate", ({ peerMetadata }) => (server = peerMetadata?.storageId));
    return repo.peerId;
  },

  async find({ url, milliseconds = 60_000 }) {
    if (!isValidAutomergeUrl(url)) throw new Error(`${url} is not a document's address`);
    const found = await repo.find(url, { signal: AbortSignal.timeout(milliseconds) });
    await found.whenReady();
    handle = found;
    handle.on("ephemeral-message", ({ message }) => heard.push(message));
    return A.getHeads(handle.doc());
  },

  add({ item, ...fields }) {
    handle.change(doc => (doc.insights[item] = insight(fields)));
  },

  /** As the browser's text fields do: first the item, then what is typed, letter by letter. */
  type({ path, text }) {
    for (const letter of text)
      handle.change(doc => A.splice(doc, path, at(doc, path).length, 0, letter));
  },

  splice({ path, index, remove, text }) {
    handle.change(doc => A.splice(doc, path, index, remove, text));
  },

  update({ path, text }) {
    handle.change(doc => A.updateText(doc, path, text));
  },

  set({ path, value: json }) {
    const key = path.at(-1);
    handle.change(doc => (at(doc, path.slice(0, -1))[key] = value(json)));
  },

  remove({ path }) {
    const key = path.at(-1);
    handle.change(doc => delete at(doc, path.slice(0, -1))[key]);
  },

  /** Undoes everything since `heads`, as automerge-repo's undo does: by the patches back. */
  undo({ heads }) {
    const now = A.getHeads(handle.doc());
    const back = A.diff(handle.doc(), now, heads);
    handle.change(doc => A.applyPatches(doc, back));
  },

  /** An edit against an older state, as an input method makes it. */
  change_at({ heads, path, index, remove, text }) {
    handle.update(
      doc => A.changeAt(doc, heads, past => A.splice(past, path, index, remove, text)).newDoc,
    );
  },

  /** Long work alone: `edits` changes of every kind, one by one, to own and old insights. */
  work({ edits, seed, author, ids }) {
    const random = numbers(seed);
    const next = n => Math.floor(random.next().value * n);
    const known = Object.keys(handle.doc().insights);
    for (let done = 0; done < edits; done++) {
      handle.change(doc => {
        const item = known[next(known.length)];
        const kind = next(12);
        if (known.length === 0 || (kind === 0 && ids.length > 0)) {
          const id = ids.pop();
          known.push(id);
          doc.insights[id] = insight({ text: `inzicht ${done}`, author, position: `a${done}` });
        } else if (kind === 1) doc.insights[item].category = ["tip", "tool", null][next(3)];
        else if (kind === 2) doc.insights[item].position = `b${done}`;
        else if (kind === 3) (doc.insights[item].supports ??= {})[author] = true;
        else {
          const path = ["insights", item, "text"];
          const length = doc.insights[item].text.length;
          const index = next(length + 1);
          const remove = kind === 4 ? Math.min(3, length - index) : 0;
          A.splice(doc, path, index, remove, "aeinorst "[next(9)]);
        }
      });
    }
  },

  heads: () => A.getHeads(handle.doc()),
  document: () => JSON.parse(JSON.stringify(A.toJS(handle.doc()))),
  text: ({ path }) => `${at(handle.doc(), path)}`,
  changes: () => A.getAllChanges(handle.doc()).length,

  /** Whether the server named every head that we hold. */
  saved() {
    const named = server && handle.getSyncInfo(server)?.lastHeads;
    return Boolean(named) && handle.heads().every(head => named.includes(head));
  },

  broadcast: ({ message }) => handle.broadcast(message),
  heard: () => heard,
  socket: () => adapter.socket?.readyState === 1,
  server: () => server ?? null,

  cut: () => adapter.disconnect(),
  restore: () => adapter.connect(repo.peerId, adapter.peerMetadata),
  flush: () => repo.flush(),
};

// One after the other: the answers come in the order of the requests.
for await (const line of createInterface({ input: process.stdin })) {
  const { id, request, ...rest } = JSON.parse(line);
  let answer;
  try {
    answer = { id, ok: (await requests[request](rest)) ?? null };
  } catch (error) {
    answer = { id, error: `${error?.message ?? error}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
