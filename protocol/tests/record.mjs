// Records the frames that a stock automerge-repo client sends, for `vectors.rs`.
//
// A client is driven through what it does in a gathering: join, ask for a document that nobody
// has, offer one of its own, edit it, send a presence message, follow another storage. The other
// end is a bare WebSocket server that answers only what the client waits for. Ids and times are
// random, so a new recording differs in bytes, not in fields.
//
//   cd $(mktemp -d) && npm init -y && npm pkg set type=module
//   npm pkg set overrides.cbor-extract=2.2.2
//   npm install --ignore-scripts ws@8 @automerge/automerge-repo@2.5.6 \
//     @automerge/automerge-repo-network-websocket@2.5.6
//   cp REPOSITORY/protocol/tests/record.mjs . && node record.mjs > frames.json
//
// and move frames.json to protocol/tests/vectors/automerge-repo-2.5.6.json.

import { Repo, cbor, generateAutomergeUrl, parseAutomergeUrl } from "@automerge/automerge-repo";
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket";
import { WebSocketServer } from "ws";

const SERVER = "oogst-recorder";
const STORAGE = "3f0c1a52-6f0a-4c7d-8a55-0d0f6d1f2b11";
const frames = [];

/** Waits until `found` holds; a recording that hangs fails within ten seconds. */
async function until(found) {
  const deadline = Date.now() + 10_000;
  while (!found()) {
    if (Date.now() > deadline) throw new Error(`no frame for ${found}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const seen = (type) => frames.filter((frame) => frame.message.type === type);

const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
await new Promise((resolve) => server.once("listening", resolve));
server.on("connection", (socket) => {
  socket.on("message", (bytes) => {
    const message = cbor.decode(new Uint8Array(bytes));
    frames.push({ hex: bytes.toString("hex"), message });
    const answer = { senderId: SERVER, targetId: message.senderId };
    if (message.type === "join") {
      const peerMetadata = { storageId: STORAGE, isEphemeral: false };
      const selectedProtocolVersion = "1";
      socket.send(cbor.encode({ ...answer, type: "peer", peerMetadata, selectedProtocolVersion }));
    }
    if (message.type === "request") {
      const { documentId } = message;
      socket.send(cbor.encode({ ...answer, type: "doc-unavailable", documentId }));
    }
  });
});

/** A store in memory: with one, the client names its storage when it joins. */
function memory() {
  const entries = new Map();
  const within = (prefix) => [...entries].filter(([key]) => key.startsWith(prefix.join("/")));
  return {
    load: async (key) => entries.get(key.join("/")),
    save: async (key, data) => void entries.set(key.join("/"), data),
    remove: async (key) => void entries.delete(key.join("/")),
    loadRange: async (prefix) =>
      within(prefix).map(([key, data]) => ({ key: key.split("/"), data })),
    removeRange: async (prefix) => within(prefix).forEach(([key]) => entries.delete(key)),
  };
}

function client(options) {
  const adapter = new WebSocketClientAdapter(`ws://127.0.0.1:${server.address().port}`);
  return new Repo({ network: [adapter], sharePolicy: async () => true, ...options });
}

const bare = client({ peerId: "peer-without-storage" });
await until(() => seen("join").length === 1);
const missing = generateAutomergeUrl();
await bare.find(missing).catch(() => {});
await until(() => seen("request").length === 1);

const stored = client({
  peerId: "peer-with-storage",
  storage: memory(),
  enableRemoteHeadsGossiping: true,
});
await until(() => seen("join").length === 2);
const handle = stored.create({ kind: "harvest", title: "Oogst: été, 冬, 🌾" });
await until(() => seen("sync").length >= 1);
handle.change((doc) => {
  doc.title = "Kernpunten";
});
await until(() => seen("sync").length >= 2);
handle.broadcast({ typing: true, item: null });
await until(() => seen("ephemeral").length === 1);
stored.subscribeToRemotes([STORAGE]);
await until(() => seen("remote-subscription-change").length === 1);

const { documentId: asked } = parseAutomergeUrl(missing);
const kept = frames.map(({ hex, message }) => {
  const { type, senderId, targetId, documentId, count, sessionId, data, peerMetadata } = message;
  const fields = { type, senderId, targetId, documentId, count, sessionId, peerMetadata };
  if (data !== undefined) fields.data = Buffer.from(data).toString("hex");
  return { hex, fields };
});
const named = { senderId: "peer-x", targetId: SERVER, documentId: asked };
const unavailable = { type: "doc-unavailable", ...named };
const gossip = {
  type: "remote-heads-changed",
  ...named,
  newHeads: { [STORAGE]: { heads: [], timestamp: 1795256103120 } },
};
for (const message of [unavailable, gossip]) {
  // Not provoked by the scene above, but encoded by the same library.
  kept.push({ hex: Buffer.from(cbor.encode(message)).toString("hex"), fields: message });
}
console.log(JSON.stringify(kept, null, 1));
process.exit(0);
