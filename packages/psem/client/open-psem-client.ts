import type { ByteChannel } from "@metersmith/base/byte-channel";
import type { Clock } from "@metersmith/base/clock";
import { PsemError } from "../psem-error.ts";
import { baseBaud, messageCapacity, type LinkTimeouts } from "../link/link-settings.ts";
import { codeOfBaud } from "../services/baud-code.ts";
import { decodeIdentified, decodeNegotiated, decodeNothing, decodeRead } from "../services/decode-response.ts";
import type { Identification } from "../services/identification.ts";
import { mostIndices, type Request, type Timing } from "../services/request.ts";
import { largestTableData, tableDataOverhead } from "../services/table-data.ts";
import { asInteger, asOctets, asPadded, asRates } from "./argument.ts";
import { ExchangeQueue } from "./exchange-queue.ts";
import { KeepAlive } from "./keep-alive.ts";
import type { C1218Client, CallOptions, Negotiated } from "./psem-client.ts";

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
  /** Asks the meter to wait while there is nothing else to ask, so that an open session outlives pauses. False by default. */
  readonly keepAlive?: boolean;
  /** The channel is a line of the rate agreed on: waiting allows for the time that a packet takes on it. False by default. */
  readonly serial?: boolean;
  /** Rate at which the meter begins, bits per second; 9600 by default. A terminate brings it back. */
  readonly baud?: number;
  /** Called with bits per second when the two ends have changed it: after a negotiation or a terminate. */
  readonly onBaud?: (bitsPerSecond: number) => void;
}

/** Wakes a meter whose optical port is shared. Source: docs/reference/c1218.md 3, seen in one open client. */
const wakeUpByte = 0x55;

/** Opens the client end over a channel that is already connected. Nothing is sent until the first call. */
export function openPsemClient(channel: ByteChannel, clock: Clock, options: PsemClientOptions = {}): C1218Client {
  return new LinkedClient(channel, clock, options);
}

class LinkedClient implements C1218Client {
  readonly #keepAlive: KeepAlive | undefined;
  readonly #queue: ExchangeQueue;
  readonly #options: PsemClientOptions;
  #baud: number;

  constructor(channel: ByteChannel, clock: Clock, options: PsemClientOptions) {
    this.#options = options;
    this.#baud = options.baud ?? baseBaud;
    const keepAlive = options.keepAlive ? new KeepAlive(clock, (seconds) => this.wait(seconds)) : undefined;
    this.#keepAlive = keepAlive;
    this.#queue = new ExchangeQueue(channel, clock, {
      ...options,
      bitsPerSecond: options.serial ? this.#baud : undefined,
      onBusy: () => keepAlive?.pause(),
      onIdle: () => keepAlive?.rest(),
    });
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
    const decode = (answer: Uint8Array): Identification => {
      const identification = decodeIdentified(request, answer);
      this.#keepAlive?.begin(this.#queue.channelTraffic);
      return identification;
    };
    return this.#queue.exchange({ request, decode, repeatable: false, before }, options);
  }

  async negotiate(packetSize: number, packets: number, bauds: readonly number[] = [], options?: CallOptions): Promise<Negotiated> {
    const request = {
      service: "negotiate",
      packetSize: asInteger(packetSize, "packet size", 16, 8192),
      packets: asInteger(packets, "number of packets", 1, 255),
      baudCodes: asRates(bauds, codeOfBaud),
    } as const;
    const decode = (answer: Uint8Array): Negotiated => {
      const granted = decodeNegotiated(request, answer, this.#baud);
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

  async readIndex(table: number, indices: readonly number[], count: number, options?: CallOptions): Promise<Uint8Array> {
    return this.#read(
      { service: "read-index", table: asTable(table), indices: asIndices(indices), count: asInteger(count, "count", 1, 0xffff) },
      options,
    );
  }

  async readDefault(options?: CallOptions): Promise<Uint8Array> {
    return this.#read({ service: "read-default" }, options);
  }

  async writeTable(table: number, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#plain({ service: "write", table: asTable(table), bytes: asContent(bytes) }, options);
  }

  async writeOffset(table: number, offset: number, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#plain({ service: "write-offset", table: asTable(table), offset: asOffset(offset), bytes: asContent(bytes) }, options);
  }

  async writeIndex(table: number, indices: readonly number[], bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#plain({ service: "write-index", table: asTable(table), indices: asIndices(indices), bytes: asContent(bytes) }, options);
  }

  async writeDefault(bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#plain({ service: "write-default", bytes: asContent(bytes) }, options);
  }

  async setTiming(timing: Timing, options?: CallOptions): Promise<void> {
    const request = { service: "timing", timing: asTiming(timing) } as const;
    const decode = (answer: Uint8Array): void => {
      decodeNothing(request, answer);
      this.#queue.keepTiming(request.timing);
      this.#keepAlive?.begin(this.#queue.channelTraffic);
    };
    return this.#queue.exchange({ request, decode, repeatable: true }, options);
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
      this.#keepAlive?.stop();
      this.#setBaud(this.#options.baud ?? baseBaud);
    };
    return this.#queue.exchange({ request, decode, repeatable: false }, options);
  }

  async disconnect(options?: CallOptions): Promise<void> {
    const request = { service: "disconnect" } as const;
    const decode = (answer: Uint8Array): void => {
      decodeNothing(request, answer);
      // The link below acknowledges the answer first: that is what the meter waits for.
      this.close();
    };
    return this.#queue.exchange({ request, decode, repeatable: false }, options);
  }

  close(): void {
    this.#keepAlive?.stop();
    this.#queue.close(new PsemError("closed", "The connection to the meter was closed at this end."));
  }

  #read(request: Extract<Request, { service: "read" | "read-offset" | "read-index" | "read-default" }>, options?: CallOptions): Promise<Uint8Array> {
    return this.#queue.exchange({ request, decode: (answer) => decodeRead(request, answer), repeatable: true }, options);
  }

  #plain(request: Request, options?: CallOptions): Promise<void> {
    return this.#queue.exchange({ request, decode: (answer) => decodeNothing(request, answer), repeatable: false }, options);
  }

  #setBaud(bitsPerSecond: number): void {
    if (bitsPerSecond === this.#baud) return;
    this.#baud = bitsPerSecond;
    if (this.#options.serial) this.#queue.setRate(bitsPerSecond);
    this.#options.onBaud?.(bitsPerSecond);
  }
}

function asTable(table: number): number {
  return asInteger(table, "table number", 0, 0xffff);
}

function asOffset(offset: number): number {
  return asInteger(offset, "offset", 0, 0xffffff);
}

function asIndices(indices: readonly number[]): readonly number[] {
  asInteger(indices.length, "number of indices", 1, mostIndices);
  return indices.map((index) => asInteger(index, "index", 0, 0xffff));
}

function asTiming({ channelTraffic, interCharacter, response, retries }: Timing): Timing {
  return {
    channelTraffic: asInteger(channelTraffic, "channel traffic time", 1, 0xff),
    interCharacter: asInteger(interCharacter, "inter-character time", 1, 0xff),
    response: asInteger(response, "response time", 1, 0xff),
    retries: asInteger(retries, "number of retries", 0, 0xff),
  };
}

function asContent(bytes: Uint8Array): Uint8Array {
  return asOctets(bytes, "table data", 0, largestTableData);
}
