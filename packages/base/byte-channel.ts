export interface ByteListener {
  received(chunk: Uint8Array): void;
  /** Called once; `reason` is absent where the other end closed in an orderly way. */
  closed(reason?: Error): void;
}

/** A stream of bytes in both directions: a socket, a serial port, a pair in memory. Chunk boundaries carry no meaning. */
export interface ByteChannel {
  /** Sets the one listener. What arrived before is kept and given to it. */
  listen(listener: ByteListener): void;
  write(bytes: Uint8Array): void;
  close(): void;
}

class MemoryEnd implements ByteChannel {
  peer: MemoryEnd | undefined;
  #listener: ByteListener | undefined;
  #kept: Uint8Array[] = [];
  #closed = false;

  listen(listener: ByteListener): void {
    this.#listener = listener;
    const kept = this.#kept;
    this.#kept = [];
    for (const chunk of kept) listener.received(chunk);
    if (this.#closed) listener.closed();
  }

  write(bytes: Uint8Array): void {
    const peer = this.peer;
    const copy = bytes.slice();
    if (peer && !this.#closed) queueMicrotask(() => peer.#receive(copy));
  }

  close(): void {
    const peer = this.peer;
    this.#end();
    if (peer) queueMicrotask(() => peer.#end());
  }

  #receive(chunk: Uint8Array): void {
    if (this.#closed) return;
    if (this.#listener) this.#listener.received(chunk);
    else this.#kept.push(chunk);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener?.closed();
  }
}

/** Two connected ends in memory. Bytes arrive on the microtask queue, in order and whole; closing one end closes the other. */
export function memoryChannelPair(): readonly [ByteChannel, ByteChannel] {
  const a = new MemoryEnd();
  const b = new MemoryEnd();
  a.peer = b;
  b.peer = a;
  return [a, b];
}
