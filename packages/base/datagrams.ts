import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

/** Where a datagram comes from or goes to. `host` is an address, not a name. */
export interface DatagramAddress {
  readonly host: string;
  /** 1–65535. */
  readonly port: number;
}

export interface DatagramListener {
  received(bytes: Uint8Array, from: DatagramAddress): void;
  /** Called once; `reason` is absent where it was closed on purpose. */
  closed(reason?: Error): void;
}

/** A socket for datagrams: each arrives whole, or not at all, or twice, or late. */
export interface Datagrams {
  /** Sets the one listener; what arrived before it is lost. */
  listen(listener: DatagramListener): void;
  /** Never fails: what cannot be sent is lost like what is lost on the way. */
  send(bytes: Uint8Array, to: DatagramAddress): void;
  close(): void;
}

/** Probabilities from 0 to 1 for each datagram. */
export interface DatagramFaults {
  readonly lose?: number;
  readonly duplicate?: number;
  /** Changes one bit anywhere in it. */
  readonly corrupt?: number;
  /** Milliseconds at most to delivery, drawn for each: so datagrams overtake one another. Needs a clock. */
  readonly delay?: number;
}

/** "127.0.0.1:1153", "[::1]:1153". */
export function addressText({ host, port }: DatagramAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A network in memory. Delivery is on the microtask queue, or by the clock where faults delay. The same random sequence gives the same faults. */
export class MemoryNetwork {
  readonly #ends = new Map<string, MemoryDatagrams>();
  readonly #faults: DatagramFaults;
  readonly #random: Random | undefined;
  readonly #clock: Clock | undefined;

  constructor(faults: DatagramFaults = {}, random?: Random, clock?: Clock) {
    this.#faults = faults;
    this.#random = random;
    this.#clock = clock;
  }

  open(address: DatagramAddress): Datagrams {
    const end = new MemoryDatagrams(address, (bytes, to) => this.#carry(bytes, address, to), () => this.#ends.delete(addressText(address)));
    this.#ends.set(addressText(address), end);
    return end;
  }

  #carry(bytes: Uint8Array, from: DatagramAddress, to: DatagramAddress): void {
    if (this.#happens(this.#faults.lose)) return;
    this.#deliver(this.#damaged(bytes), from, to);
    if (this.#happens(this.#faults.duplicate)) this.#deliver(bytes.slice(), from, to);
  }

  #deliver(bytes: Uint8Array, from: DatagramAddress, to: DatagramAddress): void {
    const arrive = (): void => this.#ends.get(addressText(to))?.arrive(bytes, from);
    if (!this.#clock || !this.#faults.delay) queueMicrotask(arrive);
    else this.#clock.after(Math.floor((this.#random?.next() ?? 0) * (this.#faults.delay + 1)), arrive);
  }

  #damaged(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    if (this.#random && copy.length > 0 && this.#happens(this.#faults.corrupt)) {
      const at = Math.floor(this.#random.next() * copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(this.#random.next() * 8));
    }
    return copy;
  }

  #happens(probability = 0): boolean {
    return probability > 0 && this.#random !== undefined && this.#random.next() < probability;
  }
}

class MemoryDatagrams implements Datagrams {
  readonly #send: (bytes: Uint8Array, to: DatagramAddress) => void;
  readonly #leave: () => void;
  readonly address: DatagramAddress;
  #listener: DatagramListener | undefined;
  #closed = false;

  constructor(address: DatagramAddress, send: (bytes: Uint8Array, to: DatagramAddress) => void, leave: () => void) {
    this.address = address;
    this.#send = send;
    this.#leave = leave;
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
    if (this.#closed) listener.closed();
  }

  send(bytes: Uint8Array, to: DatagramAddress): void {
    if (!this.#closed) this.#send(bytes, to);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
    this.#listener?.closed();
  }

  arrive(bytes: Uint8Array, from: DatagramAddress): void {
    if (!this.#closed) this.#listener?.received(bytes, from);
  }
}
