import { concatBytes } from "@metersmith/base/bytes";
import type { Random } from "@metersmith/base/random";
import { baseSize, messageCapacity, type LinkSize } from "../link/link-settings.ts";
import { ack, nak, packetsOf, startOfPacket, type Toggle } from "../link/packet.ts";
import { encodeRequest } from "../services/encode-request.ts";
import type { Request } from "../services/request.ts";
import { encodeTableData } from "../services/table-data.ts";

/** What a hostile or broken peer sends: mostly what nearly makes sense, so that it gets past the first checks. Draws from one sequence only. */
export class HostileBytes {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  happens(probability: number): boolean {
    return this.#random.next() < probability;
  }

  /** 0 … `end` − 1. */
  below(end: number): number {
    return Math.floor(this.#random.next() * end);
  }

  bytes(most: number): Uint8Array {
    return this.#random.bytes(this.below(most + 1));
  }

  /** A request of any service, sometimes damaged, sometimes no request at all. */
  request(): Uint8Array {
    if (this.happens(0.1)) return this.bytes(60);
    const message = encodeRequest(this.#wellFormed());
    return this.happens(0.2) ? this.damaged(message) : message;
  }

  /** What a client begins with, up to a read that may need the packets just asked for. */
  opening(): readonly Uint8Array[] {
    const requests: readonly Request[] = [
      { service: "identify" },
      { service: "negotiate", packetSize: 16 + this.below(600), packets: 1 + this.below(8), baudCodes: [] },
      { service: "logon", userId: 1, user: this.#random.bytes(10) },
      { service: "security", password: this.#random.bytes(20) },
      { service: "read", table: this.below(3) },
    ];
    return requests.filter(() => this.happens(0.9)).map(encodeRequest);
  }

  /** An answer of any code, with a body that may or may not fit the question. */
  answer(): Uint8Array {
    const code = this.happens(0.7) ? 0 : this.below(0x15);
    const draw = this.below(5);
    const body = draw === 0 ? this.bytes(40) : draw === 1 ? Uint8Array.of(0, 2, 0, 0) : draw === 2 ? Uint8Array.of(0, 64, 1, 6) : draw === 3 ? new Uint8Array(0) : encodeTableData(this.bytes(40));
    const message = concatBytes(Uint8Array.of(code), body);
    return this.happens(0.15) ? this.damaged(message) : message;
  }

  /** The message as packets, one chunk or two, with what a line and a bad peer do to them. */
  onTheLine(message: Uint8Array, toggle: Toggle, size: LinkSize = baseSize): readonly Uint8Array[] {
    const fitting = message.subarray(0, messageCapacity(size));
    const packets = packetsOf(fitting, this.happens(0.02) ? { packetSize: 16, packets: 255 } : size, this.happens(0.01) ? this.below(256) : 0, toggle);
    let whole = concatBytes(...packets);
    if (this.happens(0.05)) whole = this.damaged(whole);
    if (this.happens(0.03)) whole = concatBytes(whole, whole);
    if (this.happens(0.03)) whole = concatBytes(this.noise(), whole);
    if (!this.happens(0.05)) return [whole];
    const cut = this.below(whole.length + 1);
    return [whole.subarray(0, cut), whole.subarray(cut)];
  }

  noise(): Uint8Array {
    const noise = this.bytes(12);
    if (noise.length > 0) noise[0] = this.happens(0.5) ? startOfPacket : this.happens(0.5) ? ack : nak;
    return noise;
  }

  damaged(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    if (this.happens(0.3)) return bytes.slice(0, this.below(bytes.length + 1));
    const changed = bytes.slice();
    if (changed.length > 0) changed[this.below(changed.length)] = this.below(256);
    return changed;
  }

  #wellFormed(): Request {
    const table = this.happens(0.7) ? this.below(3) : this.below(0x10000);
    const indices = Array.from({ length: 1 + this.below(9) }, () => this.below(300));
    switch (this.below(18)) {
      case 0:
        return { service: "identify" };
      case 1:
      case 2:
        return { service: "logon", userId: this.below(0x10000), user: this.#random.bytes(10) };
      case 3:
        return { service: "security", password: this.#random.bytes(20) };
      case 4:
        return { service: "negotiate", packetSize: this.below(2000), packets: this.below(40), baudCodes: [...this.bytes(11)] };
      case 5:
        return { service: "wait", seconds: this.below(256) };
      case 6:
        return { service: "timing", timing: { channelTraffic: this.below(8), interCharacter: this.below(4), response: this.below(4), retries: this.below(5) } };
      case 7:
        return { service: "read-index", table, indices, count: this.below(20) };
      case 8:
        return { service: "write-index", table, indices, bytes: this.bytes(20) };
      case 9:
        return { service: "read-default" };
      case 10:
        return { service: "write-default", bytes: this.bytes(30) };
      case 11:
        return { service: "unsupported", code: this.below(256) };
      case 12:
      case 13:
        return { service: "read-offset", table, offset: this.below(60), count: this.below(60) };
      case 14:
        return { service: "write", table, bytes: this.bytes(48) };
      case 15:
        return { service: "write-offset", table, offset: this.below(60), bytes: this.bytes(40) };
      case 16:
        return this.happens(0.2) ? { service: "terminate" } : this.happens(0.1) ? { service: "disconnect" } : { service: "logoff" };
      default:
        return { service: "read", table };
    }
  }
}
