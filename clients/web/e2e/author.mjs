// Writes in a gathering's documents without a screen, as any client of the protocol may: for days
// that a test needs but does not test. It waits until the server names what it wrote as durable.
//
// Run as a program of its own, since a WebSocket is behind a flag in Node 20:
//   node --experimental-websocket author.mjs   with {origin, token, url, writes} on stdin,
// where a write is [path, value] and `value` replaces what stands there.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const SELF = fileURLToPath(import.meta.url);
const PATIENCE_MS = 30_000;
const WRITES_A_CHANGE = 250;

/** Writes in the document at `url` and waits until it is durable. */
export function write(origin, token, url, writes) {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      ["--experimental-websocket", "--no-warnings", SELF],
      (error, stdout, stderr) =>
        error ? reject(new Error(`${error} ${stderr}`)) : resolve(stdout),
    );
    child.stdin.end(JSON.stringify({ origin, token, url, writes }));
  });
}

async function run() {
  const A = await import("@automerge/automerge");
  const { cbor } = await import("@automerge/automerge-repo/slim");
  let input = "";
  for await (const chunk of process.stdin) input += chunk;
  const { origin, token, url, writes } = JSON.parse(input);
  const documentId = url.replace("automerge:", "");
  const senderId = `author-${process.pid}`;
  const socket = new WebSocket(`${origin.replace("http", "ws")}/sync?token=${token}`);
  socket.binaryType = "arraybuffer";
  const send = (message) => socket.send(cbor.encode({ senderId, ...message }));
  let doc = A.init();
  let state = A.initSyncState();
  let targetId = "";
  let written = false;
  const offer = (type) => {
    const [next, data] = A.generateSyncMessage(doc, state);
    state = next;
    if (data !== null) send({ type, documentId, targetId, data });
  };
  setTimeout(() => {
    console.error("the server did not name what was written");
    process.exit(1);
  }, PATIENCE_MS);
  socket.onopen = () => send({ type: "join", peerMetadata: {}, supportedProtocolVersions: ["1"] });
  socket.onclose = ({ code, reason }) => {
    console.error(`closed with ${code} ${reason}`);
    process.exit(1);
  };
  socket.onmessage = ({ data }) => {
    const message = cbor.decode(new Uint8Array(data));
    if (message.type === "peer") {
      targetId = message.senderId;
      offer("request");
    } else if (message.type === "sync" && message.documentId === documentId) {
      [doc, state] = A.receiveSyncMessage(doc, state, message.data);
      const { heads } = A.decodeSyncMessage(message.data);
      const all = A.getHeads(doc);
      const same = all.length > 0 && all.every((head) => heads.includes(head));
      if (written && same) process.exit(0);
      if (!written && same) {
        written = true;
        // A change holds a bounded number of operations, a letter being one.
        for (let at = 0; at < writes.length; at += WRITES_A_CHANGE) {
          doc = A.change(doc, (root) => {
            for (const [path, value] of writes.slice(at, at + WRITES_A_CHANGE)) {
              const parent = path.slice(0, -1).reduce((found, key) => found[key], root);
              parent[path.at(-1)] = value;
            }
          });
        }
      }
      offer("sync");
    } else if (message.type === "error" || message.type === "doc-unavailable") {
      console.error(JSON.stringify(message));
      process.exit(1);
    }
  };
}

if (process.argv[1] === SELF) await run();
