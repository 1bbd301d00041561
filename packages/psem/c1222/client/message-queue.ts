import { equalBytes } from "@metersmith/base/bytes";
import type { Clock, Timer } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import { PsemError } from "../../psem-error.ts";
import { responseTrace } from "../../services/service-trace.ts";
import { titleKey, type ApTitle } from "../apdu/ap-title.ts";
import { qualifierBit, unsignedOf, type Apdu } from "../apdu/apdu.ts";
import { decodeApdu, type DecodedApdu } from "../apdu/decode-apdu.ts";
import type { ApduCarrier } from "../carrier/apdu-carrier.ts";
import { decodeControl, type SecurityMode } from "../epsem/epsem.ts";
import { apduTrace } from "../epsem/apdu-trace.ts";
import { messageTrace } from "../epsem/message-trace.ts";
import type { KeyRing } from "../security/key-ring.ts";
import { MessageMaker } from "../security/message-maker.ts";
import { openApdu, sealApdu } from "../security/protection.ts";
import { distribute, wordsOf, type ServiceCall } from "./service-call.ts";

export interface MessageSettings {
  readonly called: ApTitle | undefined;
  readonly calling: ApTitle | undefined;
  readonly base: Uint8Array;
  readonly context: Uint8Array | undefined;
  readonly mechanism: Uint8Array | undefined;
  readonly edClass: Uint8Array | undefined;
  readonly urgent: boolean;
  readonly test: boolean;
  readonly mode: SecurityMode;
  readonly keys: KeyRing | undefined;
  /** Milliseconds from a message to its answer. */
  readonly timeout: number;
  /** How often a message is sent in all, where the carrier may lose it. */
  readonly attempts: number;
  readonly servicesPerMessage: number;
  /** Octets of the services of one message. */
  readonly room: number;
  /** A service that each message begins with: Security, where there are no sessions. */
  readonly prelude: () => ServiceCall | undefined;
  readonly trace: ((line: string) => void) | undefined;
}

interface Current {
  readonly calls: readonly ServiceCall[];
  readonly invocation: Uint8Array;
  readonly wire: Uint8Array;
  attempts: number;
  timer: Timer | undefined;
  /** The last answer that could not be believed. */
  doubt: PsemError | undefined;
}

/** Messages one after the other, each with the calls that were waiting; an answer is taken once, by the invocation it names. */
export class MessageQueue {
  readonly #carrier: ApduCarrier;
  readonly #clock: Clock;
  readonly #settings: MessageSettings;
  readonly #maker: MessageMaker;
  #waiting: ServiceCall[] = [];
  #current: Current | undefined;
  #failure: PsemError | undefined;

  constructor(carrier: ApduCarrier, clock: Clock, random: Random, settings: MessageSettings) {
    this.#carrier = carrier;
    this.#clock = clock;
    this.#settings = settings;
    this.#maker = new MessageMaker(clock, random);
    carrier.listen({
      received: (bytes) => this.#received(bytes),
      closed: (reason) => this.#end(new PsemError("hung-up", `The meter's end closed the connection${this.#whileAsking()}.`, {}, reason)),
    });
  }

  add(call: ServiceCall): void {
    if (this.#failure) return call.failed(this.#failure);
    const { room } = this.#settings;
    if (call.service.length > room) {
      return call.failed(new PsemError("too-large", `The request to ${call.words} takes ${call.service.length} bytes; a message carries ${room}. Write in parts.`, { expected: room, actual: call.service.length }));
    }
    this.#waiting.push(call);
    queueMicrotask(() => this.#advance());
  }

  /** Sends without expecting an answer. */
  post(service: Uint8Array, qualifier: number): void {
    if (this.#failure) return;
    this.#settings.trace?.(messageTrace(">", service));
    this.#send(this.#sealed([service], qualifier | qualifierBit.notification, "never").wire);
  }

  close(failure: PsemError): void {
    this.#end(failure);
    this.#carrier.close();
  }

  #advance(): void {
    if (this.#current || this.#failure) return;
    const asked = this.#nextCalls();
    if (asked.length === 0) return;
    const prelude = this.#settings.prelude();
    const calls = prelude ? [prelude, ...asked] : asked;
    for (const { service } of calls) this.#settings.trace?.(messageTrace(">", service));
    try {
      const { urgent, test } = this.#settings;
      const qualifier = (urgent ? qualifierBit.urgent : 0) | (test ? qualifierBit.test : 0);
      const sealed = this.#sealed(calls.map(({ service }) => service), qualifier, "always");
      this.#current = { calls, ...sealed, attempts: 0, timer: undefined, doubt: undefined };
    } catch (error) {
      for (const call of calls) call.failed(error);
      queueMicrotask(() => this.#advance());
      return;
    }
    this.#attempt(this.#current);
  }

  /** As many as fit into a message, in their order. */
  #nextCalls(): readonly ServiceCall[] {
    const { servicesPerMessage, room } = this.#settings;
    this.#waiting = this.#waiting.filter((call) => call.wanted());
    let filled = 0;
    let count = 0;
    for (const { service } of this.#waiting) {
      filled += service.length + 3;
      if (count === servicesPerMessage || (count > 0 && filled > room)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  #sealed(services: readonly Uint8Array[], qualifier: number, response: "always" | "never"): { readonly wire: Uint8Array; readonly invocation: Uint8Array } {
    const { called, calling, context, mechanism, edClass, mode, keys, base } = this.#settings;
    const { invocation, iv } = this.#maker.next();
    const wire = sealApdu(
      {
        header: { context, called, calling, qualifier: qualifier === 0 ? undefined : qualifier, callingInvocation: invocation, mechanism },
        control: { mode, response, edClassIncluded: false, proxyUsed: false, recovery: false },
        payload: { edClass, services },
        use: keys && { keyId: keys.currentId, iv },
      },
      { keys, base, now: this.#clock.now() },
    );
    return { wire, invocation };
  }

  #attempt(current: Current): void {
    current.attempts += 1;
    current.timer = this.#clock.after(this.#settings.timeout, () => {
      if (this.#carrier.lossy && current.attempts < this.#settings.attempts) this.#attempt(current);
      else this.#conclude(current, (call) => call.failed(current.doubt ?? unanswered(current, this.#settings.timeout)));
    });
    // Last: over a carrier in memory the answer may come before this returns.
    this.#send(current.wire);
  }

  #send(wire: Uint8Array): void {
    this.#settings.trace?.(apduTrace(">", wire));
    this.#carrier.peer?.send(wire);
  }

  #received(bytes: Uint8Array): void {
    this.#settings.trace?.(apduTrace("<", bytes));
    const current = this.#current;
    if (!current) return;
    try {
      const decoded = decodeApdu(bytes);
      if (!this.#answers(decoded.apdu, current)) return;
      const services = this.#opened(decoded, current);
      if (!services) return;
      for (const answer of services) this.#settings.trace?.(responseTrace("<", answer));
      this.#conclude(current, undefined);
      distribute(current.calls, services);
    } catch (error) {
      if (!(error instanceof PsemError)) throw error;
      this.#settings.trace?.(`< message dropped: ${error.code}`);
    }
  }

  /** Who answers is not asked: a relay may, in its own name. Some peers leave the called invocation out and repeat the calling one (seen in a capture): taken where the message calls us by our title. */
  #answers(apdu: Apdu, { invocation }: Current): boolean {
    const { calling, base } = this.#settings;
    const forUs = calling && apdu.called && titleKey(apdu.called, base) === titleKey(calling, base);
    const named = apdu.calledInvocation ?? (forUs ? apdu.callingInvocation : undefined);
    return named !== undefined && unsignedOf(named) === unsignedOf(invocation);
  }

  /** A less protected answer proves nothing: it is no answer, but it is told of where none comes. */
  #opened(decoded: DecodedApdu, current: Current): readonly Uint8Array[] | undefined {
    const { keys, base, mode } = this.#settings;
    try {
      return openApdu(decoded, { keys, base, now: this.#clock.now() }, mode).payload.services;
    } catch (error) {
      if (!(error instanceof PsemError) || error.code === "bad-apdu") throw error;
      current.doubt = refusedInClear(decoded.apdu.content) ? PsemError.refusal("sme", `${wordsOf(current.calls)}, as far as an unprotected answer can be believed`) : error;
      this.#settings.trace?.(`< message not believed: ${error.code}`);
      return undefined;
    }
  }

  #conclude(current: Current, settle: ((call: ServiceCall) => void) | undefined): void {
    current.timer?.cancel();
    if (this.#current === current) this.#current = undefined;
    if (settle) for (const call of current.calls) settle(call);
    queueMicrotask(() => this.#advance());
  }

  #whileAsking(): string {
    return this.#current ? ` while asking it to ${wordsOf(this.#current.calls)}` : "";
  }

  #end(failure: PsemError): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.#current?.timer?.cancel();
    const unanswered = [...(this.#current?.calls ?? []), ...this.#waiting];
    this.#current = undefined;
    this.#waiting = [];
    for (const call of unanswered) call.failed(failure);
  }
}

function unanswered({ calls, attempts }: Current, timeout: number): PsemError {
  const tries = attempts === 1 ? "" : `, asked ${attempts} times`;
  return new PsemError("timeout", `The meter did not answer within ${timeout / 1000} s${tries}, to the request to ${wordsOf(calls)}. Check its address, title and keys, and that it is reachable.`);
}

/** One service of one octet, `sme`, in clear. */
function refusedInClear(content: Uint8Array): boolean {
  return decodeControl(content[0] ?? 0).mode === 0 && equalBytes(content.subarray(1), Uint8Array.of(1, 0x0b));
}
