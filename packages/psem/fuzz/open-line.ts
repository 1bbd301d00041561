import type { ByteChannel, ByteListener } from "@metersmith/base/byte-channel";

/** A channel whose other end is this object: what is written is counted and kept until it is taken, what is said is heard at once. */
export class OpenLine implements ByteChannel {
  #listener: ByteListener | undefined;
  #written: Uint8Array[] = [];

  listen(listener: ByteListener): void {
    this.#listener = listener;
  }

  write(bytes: Uint8Array): void {
    this.#written.push(bytes);
  }

  close(): void {
    this.#listener = undefined;
  }

  say(bytes: Uint8Array): void {
    this.#listener?.received(bytes);
  }

  hangUp(): void {
    this.#listener?.closed();
  }

  take(): readonly Uint8Array[] {
    const taken = this.#written;
    this.#written = [];
    return taken;
  }
}
