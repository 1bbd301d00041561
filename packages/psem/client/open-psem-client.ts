import type { ByteChannel } from "@metersmith/base/byte-channel";
import type { Clock } from "@metersmith/base/clock";
import { PsemError } from "../psem-error.ts";
import { baseBaud, messageCapacity, type LinkTimeouts } from "../link/link-settings.ts";
import { codeOfBaud } from "../services/baud-code.ts";
import { decodeIdentified, decodeNegotiated, decodeNothing, decodeRead } from "../services/decode-response.ts";
import type { Identification } from "../services/identification.ts";
import type { Request } from "../services/request.ts";
import { largestTableData, tableDataOverhead } from "../services/table-data.ts";
import { asInteger, asOctets, asPadded, asRates } from "./argument.ts";
import { ExchangeQueue } from "./exchange-queue.ts";
import type { CallOptions, Negotiated, PsemClient } from "./psem-client.ts";

export interface PsemClientOptions {
  /** One line for each packet, acknowledgement, request and answer. Never holds table data or passwords. */
  readonly trace?: (line: string) => void;
  readonly timeouts?: Partial<LinkTimeouts>;
  /** How often a packet is sent again, 0–255; 3 by default. */
  readonly retries?: number;
  /** Identity byte of the packets, 0–255: 0 point-to-point, the default; C12.21 uses it as an address. */
  readonly identity?: number;
  /** Sends the byte 55 before an identification, for meters that share their optical port. */
  readonly wakeUp?: boolean;
  /** Called with bits per second when the two ends have changed it: after a negotiation or a terminate. */
  readonly onBaud?: (bitsPerSecond: number) => void;
}

/** Wakes a meter whose optical port is shared. Source: docs/reference/c1218.md 3, seen in one open client. */
const wakeUpByte = 0x55;

/** Opens the client end over a channel that is already connected. Nothing is sent until the first call. */
export function openPsemClient(channel: ByteChannel, clock: Clock, options: PsemClientOptions = {}): PsemClient {
  return new LinkedClient(channel, clock, options);
}

class LinkedClient implements PsemClient {
  readonly #queue: ExchangeQueue;
  readonly #options: PsemClientOptions;
  #baud = baseBaud;

  constructor(channel: ByteChannel, clock: Clock, options: PsemClientOptions) {
    this.#options = options;
    this.#queue = new ExchangeQueue(channel, clock, options);
  }

  get largestRead(): number {
    return Math.min(largestTableData, messageCapacity(this.#queue.receiveSize) - 1 - tableDataOverhead);
  }

  get largestWrite(): number {
    return Math.min(largestTableData, messageCapacity(this.#queue.sendSize) - 6 - tableDataOverhead);
  }

  async identify(options?: CallOptions): Promise<Identification> {
    const request = { service: "identify" } as const;
    const before = this.#options.wakeUp ? Uint8Array.of(wakeUpByte) : undefined;
    return this.#queue.exchange({ request, decode: (answer) => decodeIdentified(request, answer), repeatable: false, before }, options);
  }

  async negotiate(packetSize: number, packets: number, bauds: readonly number[] = [], options?: CallOptions): Promise<Negotiated> {
    const request = {
      service: "negotiate",
      packetSize: asInteger(packetSize, "packet size", 16, 8192),
      packets: asInteger(packets, "number of packets", 1, 255),
      baudCodes: asRates(bauds, codeOfBaud),
    } as const;
    const decode = (answer: Uint8Array): Negotiated => {
      const granted = decodeNegotiated(request, answer);
      this.#queue.resize({ packetSize: granted.packetSize, packets: granted.packets });
      if (granted.baud !== undefined) this.#setBaud(granted.baud);
      return granted;
    };
    return this.#queue.exchange({ request, decode, repeatable: true }, options);
  }

  async logon(userId: number, user: string, options?: CallOptions): Promise<void> {
    return this.#plain({ service: "logon", userId: asInteger(userId, "user id", 0, 0xffff), user: asPadded(user, "user", 10) }, options);
  }

  async security(password: Uint8Array | string, options?: CallOptions): Promise<void> {
    const bytes = typeof password === "string" ? asPadded(password, "password", 20) : asOctets(password, "password", 20, 20);
    return this.#plain({ service: "security", password: bytes }, options);
  }

  async readTable(table: number, options?: CallOptions): Promise<Uint8Array> {
    return this.#read({ service: "read", table: asTable(table) }, options);
  }

  async readOffset(table: number, offset: number, count: number, options?: CallOptions): Promise<Uint8Array> {
    return this.#read(
      { service: "read-offset", table: asTable(table), offset: asOffset(offset), count: asInteger(count, "count", 1, 0xffff) },
      options,
    );
  }

  async writeTable(table: number, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#plain({ service: "write", table: asTable(table), bytes: asContent(bytes) }, options);
  }

  async writeOffset(table: number, offset: number, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#plain({ service: "write-offset", table: asTable(table), offset: asOffset(offset), bytes: asContent(bytes) }, options);
  }

  async wait(seconds: number, options?: CallOptions): Promise<void> {
    const request = { service: "wait", seconds: asInteger(seconds, "seconds to wait", 0, 255) } as const;
    const decode = (answer: Uint8Array): void => {
      decodeNothing(request, answer);
      this.#queue.bePatient(seconds * 1000);
    };
    return this.#queue.exchange({ request, decode, repeatable: true }, options);
  }

  async logoff(options?: CallOptions): Promise<void> {
    return this.#plain({ service: "logoff" }, options);
  }

  async terminate(options?: CallOptions): Promise<void> {
    const request = { service: "terminate" } as const;
    const decode = (answer: Uint8Array): void => {
      decodeNothing(request, answer);
      this.#queue.reset();
      this.#setBaud(baseBaud);
    };
    return this.#queue.exchange({ request, decode, repeatable: false }, options);
  }

  close(): void {
    this.#queue.close(new PsemError("closed", "The connection to the meter was closed at this end."));
  }

  #read(request: Extract<Request, { service: "read" | "read-offset" }>, options?: CallOptions): Promise<Uint8Array> {
    return this.#queue.exchange({ request, decode: (answer) => decodeRead(request, answer), repeatable: true }, options);
  }

  #plain(request: Request, options?: CallOptions): Promise<void> {
    return this.#queue.exchange({ request, decode: (answer) => decodeNothing(request, answer), repeatable: false }, options);
  }

  #setBaud(bitsPerSecond: number): void {
    if (bitsPerSecond === this.#baud) return;
    this.#baud = bitsPerSecond;
    this.#options.onBaud?.(bitsPerSecond);
  }
}

function asTable(table: number): number {
  return asInteger(table, "table number", 0, 0xffff);
}

function asOffset(offset: number): number {
  return asInteger(offset, "offset", 0, 0xffffff);
}

function asContent(bytes: Uint8Array): Uint8Array {
  return asOctets(bytes, "table data", 0, largestTableData);
}
