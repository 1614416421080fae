// A line that can be cut: an HTTP and WebSocket proxy between a browser and the server.
//
// Playwright's own "offline" leaves an open WebSocket alive, so tests cut here. `open` passes all;
// `cut` ends every connection and takes no new one; `page` passes the page's own files alone, as a
// browser that has them in its cache would load them without a line; `greets` lets a
// WebSocket open and the server greet, and holds back all that it says after that.
import http from "node:http";
import net from "node:net";

/** The answer to the upgrade, and the `peer` message that answers the client's `join`. */
const GREETING_CHUNKS = 2;

const isData = (path) => path.startsWith("/api/") || path.startsWith("/sync");

export class Line {
  #mode = "open";
  #port = 0;
  #sockets = new Set();
  /** What lets the bytes through that are held back. */
  #held = [];
  /** What a file becomes on its way, by path: a test's newer build. */
  #changed = new Map();
  #server = http.createServer((request, response) => this.#pass(request, response));

  /** Listens on a port of its own, before a server that listens on `port`. */
  static async before(port) {
    const proxy = new Line();
    proxy.#port = port;
    proxy.#server.on("connection", (socket) => {
      proxy.#sockets.add(socket);
      socket.on("close", () => proxy.#sockets.delete(socket));
      socket.on("error", () => {});
      if (proxy.#mode === "cut") socket.destroy();
    });
    proxy.#server.on("upgrade", (request, socket, head) => proxy.#upgrade(request, socket, head));
    await new Promise((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get origin() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** How many connections wait for what the server said after it greeted. */
  get held() {
    return this.#held.length;
  }

  /** The server came back on another port. */
  lead(port) {
    this.#port = port;
  }

  /** Changes a file on its way. */
  change(path, edit) {
    this.#changed.set(path, edit);
  }

  /** `open`, `cut`, `page` or `greets`. What was open before ends, what was held back arrives. */
  set(mode) {
    this.#mode = mode;
    for (const release of this.#held.splice(0)) release();
    if (mode !== "open") for (const socket of this.#sockets) socket.destroy();
  }

  close() {
    this.set("cut");
    return new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(request, response) {
    if (this.#mode === "page" && isData(request.url)) {
      request.socket.destroy();
      return;
    }
    const { method, url: path } = request;
    const edit = this.#changed.get(path);
    const headers = { ...request.headers };
    if (edit !== undefined) {
      headers["accept-encoding"] = "identity";
      delete headers["if-none-match"];
    }
    const options = { host: "127.0.0.1", port: this.#port, method, path, headers, agent: false };
    const onward = http.request(options, (answer) => {
      if (edit !== undefined) {
        void answer
          .setEncoding("utf8")
          .toArray()
          .then((parts) => {
            const { "content-length": _, "transfer-encoding": __, etag, ...plain } = answer.headers;
            response.writeHead(answer.statusCode, plain);
            response.end(edit(parts.join("")));
          });
        return;
      }
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }

  #upgrade(request, socket, head) {
    if (this.#mode !== "open" && this.#mode !== "greets") {
      socket.destroy();
      return;
    }
    const greets = this.#mode === "greets";
    const onward = net.connect(this.#port, "127.0.0.1", () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let at = 0; at < request.rawHeaders.length; at += 2) {
        lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
      }
      onward.write(`${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward);
      if (greets) this.#greet(onward, socket);
      else onward.pipe(socket);
    });
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ]) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  }

  /** Passes the answer to the upgrade and the server's first message, and holds back the rest. */
  #greet(onward, socket) {
    let passed = 0;
    const pass = (chunk) => {
      socket.write(chunk);
      passed += 1;
      if (passed < GREETING_CHUNKS) return;
      onward.off("data", pass).pause();
      const release = () => onward.pipe(socket);
      if (this.#mode === "greets") this.#held.push(release);
      else release();
    };
    onward.on("data", pass);
  }
}
