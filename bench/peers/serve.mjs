// Starts automerge-repo's own sync server as it is, on this machine alone.
//
// It would listen on every address, and tell of the port that it was given: here it listens on
// loopback, and its first line says where, also where PORT is 0. DATA_DIR is its store's folder.
import { Server } from "node:net";

const listen = Server.prototype.listen;
Server.prototype.listen = function onLoopback(port, ...rest) {
  this.once("listening", () => {
    const { address, port: given } = this.address();
    console.log(`listening on ${address}:${given}`);
  });
  return listen.call(this, port, "127.0.0.1", ...rest);
};

await import("@automerge/automerge-repo-sync-server");
