import type { SerialPort } from "serialport";
import type { ByteChannel, ByteListener } from "@metersmith/base/byte-channel";
import { LinkFailure } from "./link-failure.ts";
import { plainBytes } from "./plain-bytes.ts";

export interface SerialOptions {
  /** Bits per second to begin with; 9600 by default, the rate at which a session of C12.18 begins. Always 8 bits, no parity, one stop bit. */
  readonly baud?: number;
}

/** A serial port as a channel, with the rate that both ends may agree to change. */
export interface SerialChannel extends ByteChannel {
  /** Takes effect when all that was written before has left the port; what is written after waits for it, and for the other end to have changed too. */
  setBaud(bitsPerSecond: number): void;
}

/**
 * Opens a serial port for this program alone, or rejects with `LinkFailure`. Not for worker threads: the driver runs on the process's first event
 * loop and ends the process from any other (observed with serialport 13.0.0).
 */
export async function openSerial(path: string, { baud = 9600 }: SerialOptions = {}): Promise<SerialChannel> {
  // Loaded when used: few runs need the driver, and it is native code.
  const { SerialPort } = await import("serialport");
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate: baud, autoOpen: false, lock: true });
    port.open((error) => {
      if (error) reject(openFailure(path, error));
      else resolve(new PortChannel(path, port));
    });
  });
}

/** Bytes that may wait for a line that takes none; then the port is closed. More than any session has in flight. */
const mostUnsent = 1024 * 1024;

/**
 * Milliseconds between the last byte's leaving and the change of rate. The driver empties all buffers when it changes a port, and a drained port may still hold
 * a byte: 4 of 60 were lost over pseudo-terminals without this pause, such as the acknowledgement that brings the change about (observed). Ours.
 */
const rateLeaving = 20;

/** Milliseconds of silence after a change of rate. The driver drops what arrives while a port changes (observed), so the first packet would be sent twice. Ours. */
const rateSettling = 50;

class PortChannel implements SerialChannel {
  readonly #path: string;
  readonly #port: SerialPort;
  #listener: ByteListener | undefined;
  #reason: Error | undefined;
  #closed = false;
  #closing = false;
  /** The end of what was asked of the port so far. */
  #tail: Promise<void> = Promise.resolve();
  #unsent = 0;

  constructor(path: string, port: SerialPort) {
    this.#path = path;
    this.#port = port;
    port.pause();
    port.on("data", (chunk: Uint8Array) => this.#listener?.received(plainBytes(chunk)));
    port.on("error", (error) => (this.#reason ??= broken(path, error)));
    port.on("close", (error?: Error | null) => this.#end(error ?? undefined));
  }

  listen(listener: ByteListener): void {
    this.#listener = listener;
    if (this.#closed) listener.closed(this.#reason);
    else this.#port.resume();
  }

  write(bytes: Uint8Array): void {
    if (this.#closed || this.#closing) return;
    const copy = Buffer.from(bytes);
    this.#unsent += copy.length;
    if (this.#unsent > mostUnsent) return this.#giveUp(new Error("it takes no bytes"));
    this.#after((done) => {
      this.#port.write(copy, (error) => {
        this.#unsent -= copy.length;
        done(error ?? undefined);
      });
    });
  }

  setBaud(bitsPerSecond: number): void {
    if (this.#closed || this.#closing) return;
    this.#after((done) =>
      this.#port.drain((error) => {
        if (error) return done(error);
        setTimeout(() => {
          if (this.#closed) return done(undefined);
          this.#port.update({ baudRate: bitsPerSecond }, (failed) => setTimeout(done, rateSettling, failed ?? undefined));
        }, rateLeaving);
      }),
    );
  }

  close(): void {
    if (this.#closed || this.#closing) return;
    this.#closing = true;
    this.#after((done) => this.#port.drain(() => done(undefined)));
    this.#after(() => this.#port.close());
  }

  /** Operations one after the other: a change of rate in the middle of a packet would garble both. */
  #after(operation: (done: (error: Error | undefined) => void) => void): void {
    this.#tail = this.#tail.then(
      () =>
        new Promise((resolve) => {
          if (this.#closed) return resolve();
          operation((error) => {
            if (error) this.#giveUp(error);
            resolve();
          });
        }),
    );
  }

  #giveUp(error: Error): void {
    this.#reason ??= broken(this.#path, error);
    if (this.#port.isOpen) this.#port.close();
    else this.#end(error);
  }

  #end(error: Error | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    if (error) this.#reason ??= broken(this.#path, error);
    this.#listener?.closed(this.#reason);
  }
}

function broken(path: string, error: Error): LinkFailure {
  return new LinkFailure("broken", `The serial port ${path} failed: ${error.message}. Was the probe unplugged?`, { path }, error);
}

/** The port's driver tells causes in words only: "Error: No such file or directory, cannot open …", "Cannot lock port". */
function openFailure(path: string, error: Error): LinkFailure {
  const what = `Opening the serial port ${path} failed`;
  const text = error.message;
  if (/permission denied|access denied/i.test(text)) return new LinkFailure("no-permission", `${what}: this user may not use it. On Linux its group is usually dialout.`, { path }, error);
  if (/no such|not found|cannot find/i.test(text)) return new LinkFailure("not-reachable", `${what}: there is no such port. Check that the probe is plugged in, and the name.`, { path }, error);
  if (/lock|busy|resource temporarily unavailable/i.test(text)) return new LinkFailure("port-taken", `${what}: another program uses it.`, { path }, error);
  return new LinkFailure("broken", `${what}: ${text}`, { path }, error);
}
