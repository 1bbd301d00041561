import { concatBytes } from "@metersmith/base/bytes";
import type { Clock } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import { asInteger, asOctets, asPadded } from "../../client/argument.ts";
import type { CallOptions, Negotiated } from "../../client/psem-client.ts";
import { PsemError } from "../../psem-error.ts";
import { acceptedBody, decodeIdentified, decodeNothing, decodeRead } from "../../services/decode-response.ts";
import { encodeRequest } from "../../services/encode-request.ts";
import type { Identification } from "../../services/identification.ts";
import { requestWords, type Request } from "../../services/request.ts";
import { largestTableData, tableDataOverhead } from "../../services/table-data.ts";
import { encodeTitle, type ApTitle } from "../apdu/ap-title.ts";
import { qualifierBit } from "../apdu/apdu.ts";
import { networkContext } from "../ber/object-identifier.ts";
import type { ApduCarrier } from "../carrier/apdu-carrier.ts";
import { edClassLength, type SecurityMode } from "../epsem/epsem.ts";
import { decodeAddress, decodeRegistered, decodeTitles, encodeRegistration, type Registered, type Registration } from "../epsem/registration.ts";
import { encodeLogon, encodeSecurity, networkCode } from "../epsem/session-services.ts";
import type { KeyRing } from "../security/key-ring.ts";
import type { C1222Client } from "./c1222-client.ts";
import { MessageQueue } from "./message-queue.ts";
import { serviceCall, type ServiceCall } from "./service-call.ts";

export interface C1222ClientOptions {
  /** The node called, and this one. A relay needs both; a meter reached directly may need neither. */
  readonly called?: ApTitle;
  readonly calling?: ApTitle;
  /** Content octets of the identifier that relative titles add to; the standard's network context by default. */
  readonly base?: Uint8Array;
  /** How messages are protected; in clear by default. Answers protected less are not believed. */
  readonly security?: { readonly mode: SecurityMode; readonly keys: KeyRing };
  /** No session: every message carries user and password. `logon` and `security` then only take note of them. */
  readonly sessionless?: boolean;
  /** Seconds without a message after which the meter may end the session, 1–65535; 60 by default. */
  readonly idleTimeout?: number;
  /** Milliseconds from a message to its answer; 5000 by default. */
  readonly timeout?: number;
  /** How often a message is sent in all where it may get lost, 1–255; 3 by default. */
  readonly attempts?: number;
  /** Services that travel in one message where they were called at once, 1–255; 8 by default. */
  readonly servicesPerMessage?: number;
  /** Octets of the largest message, either way; 8192 by default. */
  readonly largestMessage?: number;
  /** Elements that some nodes want in each message: content octets of identifiers. Left out by default. */
  readonly context?: Uint8Array;
  readonly mechanism?: Uint8Array;
  /** Four octets; left out by default. */
  readonly edClass?: Uint8Array;
  readonly urgent?: boolean;
  readonly test?: boolean;
  /** One line for each message, service and answer. Never holds table data or passwords. */
  readonly trace?: (line: string) => void;
}

/** Opens the client end over a carrier with a peer. Nothing is sent until the first call. Throws `bad-argument`. */
export function openC1222Client(carrier: ApduCarrier, clock: Clock, random: Random, options: C1222ClientOptions = {}): C1222Client {
  return new MessageClient(carrier, clock, random, options);
}

/** Octets that the answer to the security in front takes of a message: its code, behind a length of three at most. */
const securityAnswer = 4;

/** Octets of a message beside its services: titles, invocations, authentication, lengths. */
const headerRoom = 256;

class MessageClient implements C1222Client {
  readonly #queue: MessageQueue;
  readonly #options: C1222ClientOptions;
  readonly #room: number;
  #userId = 0;
  #password: Uint8Array | undefined;

  constructor(carrier: ApduCarrier, clock: Clock, random: Random, options: C1222ClientOptions) {
    if (!carrier.peer) throw new PsemError("bad-argument", "The carrier of a client needs a peer to speak to.", { field: "peer" });
    this.#options = options;
    this.#room = asInteger(options.largestMessage ?? 8192, "size of a message", 2 * headerRoom, 65_536) - headerRoom;
    const mode = options.security?.mode ?? 0;
    this.#queue = new MessageQueue(carrier, clock, random, {
      called: options.called,
      calling: options.calling,
      base: options.base ?? networkContext,
      context: options.context,
      mechanism: options.mechanism,
      edClass: options.edClass && asOctets(options.edClass, "end device class", edClassLength, edClassLength),
      urgent: options.urgent ?? false,
      test: options.test ?? false,
      mode,
      keys: mode === 0 ? undefined : options.security?.keys,
      timeout: options.timeout ?? 5000,
      attempts: asInteger(options.attempts ?? 3, "number of attempts", 1, 255),
      servicesPerMessage: asInteger(options.servicesPerMessage ?? 8, "number of services in a message", 1, 255),
      room: this.#room,
      prelude: () => this.#prelude(),
      trace: options.trace,
    });
  }

  get largestRead(): number {
    return Math.min(largestTableData, this.#room - 1 - tableDataOverhead - (this.#options.sessionless ? securityAnswer : 0));
  }

  get largestWrite(): number {
    return Math.min(largestTableData, this.#room - 6 - tableDataOverhead - (this.#options.sessionless ? 24 : 0));
  }

  async identify(options?: CallOptions): Promise<Identification> {
    const request = { service: "identify" } as const;
    return this.#ask(request, (answer) => decodeIdentified(request, answer), options);
  }

  async negotiate(packetSize: number, _packets: number, _bauds: readonly number[] = [], options?: CallOptions): Promise<Negotiated> {
    options?.signal?.throwIfAborted();
    return { packetSize: Math.min(packetSize, this.#room), packets: 1 };
  }

  async logon(userId: number, user: string, options?: CallOptions): Promise<void> {
    this.#userId = asInteger(userId, "user id", 0, 0xffff);
    const request = { service: "logon", userId, user: asPadded(user, "user", 10) } as const;
    if (this.#options.sessionless) return;
    const idleTimeout = asInteger(this.#options.idleTimeout ?? 60, "idle timeout", 1, 0xffff);
    const decode = (answer: Uint8Array): void => {
      const granted = acceptedBody(request, answer);
      // Two octets by the standard; a meter that took it for the logon of C12.18 gives none.
      if (granted.length !== 2 && granted.length !== 0) decodeNothing(request, answer);
    };
    return this.#call(encodeLogon({ ...request, idleTimeout }), requestWords(request), decode, options);
  }

  async security(password: Uint8Array | string, options?: CallOptions): Promise<void> {
    const bytes = typeof password === "string" ? asPadded(password, "password", 20) : asOctets(password, "password", 20, 20);
    this.#password = bytes;
    if (!this.#options.sessionless) return this.#plain({ service: "security", password: bytes }, options);
  }

  async readTable(table: number, options?: CallOptions): Promise<Uint8Array> {
    const request = { service: "read", table: asTable(table) } as const;
    return this.#ask(request, (answer) => decodeRead(request, answer), options);
  }

  async readOffset(table: number, offset: number, count: number, options?: CallOptions): Promise<Uint8Array> {
    const request = { service: "read-offset", table: asTable(table), offset: asOffset(offset), count: asInteger(count, "count", 1, 0xffff) } as const;
    return this.#ask(request, (answer) => decodeRead(request, answer), options);
  }

  async writeTable(table: number, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#plain({ service: "write", table: asTable(table), bytes: asContent(bytes) }, options);
  }

  async writeOffset(table: number, offset: number, bytes: Uint8Array, options?: CallOptions): Promise<void> {
    return this.#plain({ service: "write-offset", table: asTable(table), offset: asOffset(offset), bytes: asContent(bytes) }, options);
  }

  async wait(seconds: number, options?: CallOptions): Promise<void> {
    const request = { service: "wait", seconds: asInteger(seconds, "seconds to wait", 0, 255) } as const;
    if (!this.#options.sessionless) return this.#plain(request, options);
  }

  async logoff(options?: CallOptions): Promise<void> {
    return this.#leave({ service: "logoff" }, options);
  }

  async terminate(options?: CallOptions): Promise<void> {
    return this.#leave({ service: "terminate" }, options);
  }

  async disconnect(options?: CallOptions): Promise<void> {
    await this.#plain({ service: "disconnect" }, options);
    this.close();
  }

  async register(registration: Registration, options?: CallOptions): Promise<Registered> {
    return this.#network(networkCode.register, "register", encodeRegistration(registration), decodeRegistered, options);
  }

  async deregister(title: ApTitle, options?: CallOptions): Promise<void> {
    return this.#network(networkCode.deregister, "deregister", encodeTitle(title), () => {}, options);
  }

  async resolve(title: ApTitle, options?: CallOptions): Promise<Uint8Array> {
    return this.#network(networkCode.resolve, "resolve a title", encodeTitle(title), decodeAddress, options);
  }

  async trace(way: readonly ApTitle[], options?: CallOptions): Promise<readonly ApTitle[]> {
    return this.#network(networkCode.trace, "trace the way", concatBytes(...way.map(encodeTitle)), decodeTitles, options);
  }

  notify(table: number, bytes: Uint8Array, { urgent = false }: { readonly urgent?: boolean } = {}): void {
    this.#queue.post(encodeRequest({ service: "write", table: asTable(table), bytes: asContent(bytes) }), urgent ? qualifierBit.urgent : 0);
  }

  close(): void {
    this.#queue.close(new PsemError("closed", "The connection to the meter was closed at this end."));
  }

  /** Without a session there is nothing to leave: user and password are forgotten. */
  async #leave(request: Request, options?: CallOptions): Promise<void> {
    this.#password = undefined;
    if (!this.#options.sessionless) return this.#plain(request, options);
  }

  #prelude(): ServiceCall | undefined {
    if (!this.#options.sessionless || !this.#password) return undefined;
    const request = { service: "security", password: this.#password } as const;
    return {
      service: encodeSecurity({ ...request, userId: this.#userId }),
      words: requestWords(request),
      guard: (answer) => decodeNothing(request, answer),
      answered: () => {},
      failed: () => {},
      wanted: () => true,
    };
  }

  #plain(request: Request, options?: CallOptions): Promise<void> {
    return this.#ask(request, (answer) => decodeNothing(request, answer), options);
  }

  #ask<Value>(request: Request, decode: (answer: Uint8Array) => Value, options?: CallOptions): Promise<Value> {
    return this.#call(encodeRequest(request), requestWords(request), decode, options);
  }

  #network<Value>(code: number, words: string, body: Uint8Array, decode: (body: Uint8Array) => Value, options?: CallOptions): Promise<Value> {
    const request = { service: "unsupported", code } as const;
    return this.#call(concatBytes(Uint8Array.of(code), body), words, (answer) => decode(acceptedBody(request, answer)), options);
  }

  #call<Value>(service: Uint8Array, words: string, decode: (answer: Uint8Array) => Value, options: CallOptions = {}): Promise<Value> {
    const { call, outcome } = serviceCall(service, words, decode, options);
    if (call.wanted()) this.#queue.add(call);
    return outcome;
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
