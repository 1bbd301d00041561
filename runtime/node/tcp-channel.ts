import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import type { ByteChannel, ByteListener } from "@metersmith/base/byte-channel";
import { LinkFailure, linkFailure } from "./link-failure.ts";
import { OpenSockets } from "./open-sockets.ts";
import { plainBytes } from "./plain-bytes.ts";

export interface ConnectTcpOptions {
  /** Ends the attempt; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds for making the connection; 10 s by default. */
  readonly timeout?: number;
}

const defaultConnectTimeout = 10_000;

/** Connects, or rejects with `LinkFailure`. A connection that breaks later tells its listener why. */
export function connectTcp(host: string, port: number, options: ConnectTcpOptions = {}): Promise<ByteChannel> {
  const { signal, timeout = defaultConnectTimeout } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as unknown);
    const place = { host, port };
    const what = `Connecting to ${host} port ${port} failed`;
    const socket = connect({ host, port, noDelay: true });
    const expiry = setTimeout(() => {
      give(() => reject(new LinkFailure("connect-timeout", `${what}: no answer within ${timeout / 1000} s. Check the address and the network.`, place)));
      socket.destroy();
    }, timeout);
    const abort = (): void => {
      give(() => reject(signal?.reason as unknown));
      socket.destroy();
    };
    const failed = (error: Error): void => give(() => reject(linkFailure(what, error, place)));
    const give = (outcome: () => void): void => {
      clearTimeout(expiry);
      signal?.removeEventListener("abort", abort);
      outcome();
    };
    signal?.addEventListener("abort", abort, { once: true });
    socket.once("error", failed);
    socket.once("connect", () => {
      give(() => resolve(new SocketChannel(socket)));
      socket.off("error", failed);
    });
  });
}

export interface TcpListener {
  /** The port in use: the one asked for, or the one given for 0. */
  readonly port: number;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

export interface ListenTcpOptions {
  /** Connections at a time; a further one takes the place of one that is quiet, or of the peer that has most, or is closed at once. 64 by default. */
  readonly connections?: number;
  /**
   * Milliseconds without an octet from its peer after which a connection makes room for a new one; 20 s by default, more than a client that keeps a
   * session of C12.18 open is ever quiet. So connections that are opened and left keep nobody out for long.
   */
  readonly yieldsAfter?: number;
  /** A connection on which nothing moved for so many milliseconds is closed; 300 s by default, so that half-open ones do not pile up. */
  readonly idle?: number;
}

/** Listens, or rejects with `LinkFailure` (port taken, no permission). Each connection is handed to `onChannel`. */
export function listenTcp(
  host: string,
  port: number,
  onChannel: (channel: ByteChannel) => void,
  options: ListenTcpOptions = {},
): Promise<TcpListener> {
  const { connections = 64, idle = 300_000, yieldsAfter = 20_000 } = options;
  const open = new OpenSockets(connections, yieldsAfter);
  const server = createServer({ noDelay: true }, (socket) => {
    if (!open.takes(socket)) return void socket.destroy();
    socket.setTimeout(idle, () => socket.destroy());
    onChannel(new SocketChannel(socket));
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      open.destroyAll();
    });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(linkFailure(`Listening on ${host} port ${port} failed`, error, { host, port })));
    server.listen({ host, port }, () => {
      const { port: bound } = server.address() as AddressInfo;
      resolve({ port: bound, close });
    });
  });
}

/** Bytes that may wait for a peer that does not read; then the connection is broken off. More than any session has in flight. */
const mostUnread = 4 * 1024 * 1024;

/** A socket that is not read until somebody listens: what arrives before waits in the system's buffers. */
class SocketChannel implements ByteChannel {
  readonly #socket: Socket;
  readonly #place: { readonly host: string; readonly port: number };
  #listener: ByteListener | undefined;
  #error: Error | undefined;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#place = { host: socket.remoteAddress ?? "?", port: socket.remotePort ?? 0 };
    socket.pause();
    socket.on("data", (chunk: Uint8Array) => this.#listener?.received(plainBytes(chunk)));
    socket.on("error", (error) => (this.#error = error));
    socket.on("close", () => this.#end());
  }

  listen(listener: ByteListener): void {
    this.#listener = listener;
    if (this.#closed) this.#report();
    else this.#socket.resume();
  }

  write(bytes: Uint8Array): void {
    if (this.#closed || !this.#socket.writable) return;
    this.#socket.write(bytes.slice());
    if (this.#socket.writableLength > mostUnread) this.#socket.destroy(new Error("the other end does not read"));
  }

  close(): void {
    this.#socket.destroySoon();
  }

  #end(): void {
    this.#closed = true;
    this.#report();
  }

  #report(): void {
    const { host, port } = this.#place;
    const error = this.#error;
    this.#listener?.closed(error && linkFailure(`The connection with ${host} port ${port} broke`, error, { host, port }));
  }
}
