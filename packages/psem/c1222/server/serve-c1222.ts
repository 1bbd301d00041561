import type { Clock, Timer } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import { PsemError } from "../../psem-error.ts";
import type { PsemDevice } from "../../server/psem-device.ts";
import { responseNamed, type Refusal } from "../../services/response-code.ts";
import { responseTrace } from "../../services/service-trace.ts";
import { namesOther, titleText, type ApTitle } from "../apdu/ap-title.ts";
import { qualifierBit } from "../apdu/apdu.ts";
import { decodeApdu } from "../apdu/decode-apdu.ts";
import { networkContext } from "../ber/object-identifier.ts";
import type { ApduCarrier, ApduPath } from "../carrier/apdu-carrier.ts";
import type { SecurityMode } from "../epsem/epsem.ts";
import { messageTrace } from "../epsem/message-trace.ts";
import type { KeySource } from "../security/key-ring.ts";
import type { Opened } from "../security/protection.ts";
import { ReplayMemory } from "../security/replay-memory.ts";
import { AnswerMemory } from "./answer-memory.ts";
import { AnswerSealer } from "./answer-sealer.ts";
import { answerServices, type ServiceAnswers } from "./answer-services.ts";
import { Associations } from "./association.ts";
import { expectsAnswer, MessageGate, type Admitted, type Stale } from "./message-gate.ts";
import type { NetworkServices } from "./network-services.ts";
import { UnprovenAnswers } from "./unproven-answers.ts";

export interface C1222ServerOptions {
  /** This node's title. Messages that call another one are answered `uat`; without a title, whatever is called is taken. */
  readonly title?: ApTitle;
  /** Content octets of the identifier that relative titles add to; the standard's network context by default. */
  readonly base?: Uint8Array;
  /** One ring, or, at a node that many speak to each under keys of its own, the ring of each by its title. */
  readonly keys?: KeySource;
  /** Messages less protected are refused; 1 by default where there are keys. At 0 only the device's passwords guard it. */
  readonly leastMode?: SecurityMode;
  /** Where messages already taken are remembered; in memory by default. */
  readonly replays?: ReplayMemory;
  /** Sessions at a time; a logon beyond them is answered `bsy`. 64 by default. */
  readonly sessions?: number;
  /** Longest time without a message after which a session ends, seconds, 1–65535; 300 by default. */
  readonly longestIdle?: number;
  /** Octets of the largest answer; 8192 by default. */
  readonly largestAnswer?: number;
  /** Registration and the like, at a relay; without it those services are not supported. */
  readonly network?: NetworkServices;
  /** Told of messages that are notifications; they are never answered and reach no device. */
  readonly onNotification?: (notification: Notification) => void;
  /** One line for each service and answer. Never holds table data or passwords. */
  readonly trace?: (line: string) => void;
  /** Told of what was dropped or refused before any service was looked at. */
  readonly onRefused?: (error: PsemError, from: string) => void;
  /** Told of what a device or a listener threw: a bug. */
  readonly onFault?: (error: unknown) => void;
}

export interface Notification {
  readonly calling: ApTitle | undefined;
  readonly mode: SecurityMode;
  readonly urgent: boolean;
  /** Each with its code first, not looked into. */
  readonly services: readonly Uint8Array[];
}

export interface C1222Server {
  /** Serves one more carrier: each connection of a stream, or one socket for datagrams. */
  attach(carrier: ApduCarrier): void;
  /**
   * Hears a carrier on which what arrives went to many, such as a multicast group's. Services run as they would otherwise, but only what calls this
   * node by its title is answered, and nothing is refused aloud: else every node of a group would answer at once. Ours.
   */
  attachGroup(carrier: ApduCarrier): void;
  /** Sessions open now. */
  readonly sessions: number;
  /** Ends all sessions and closes what was attached. */
  close(): void;
}

/** A node that answers: over all its carriers one set of sessions, so that a session outlives the connection that carried it. */
export function serveC1222(clock: Clock, random: Random, makeDevice: () => PsemDevice, options: C1222ServerOptions = {}): C1222Server {
  return new Node(clock, random, makeDevice, options);
}

/** Octets of an answer's own elements: titles, invocations, authentication, lengths. */
const headerRoom = 256;

type CarrierKind = "stream" | "datagrams" | "group";

/** The way back, and what is known of it: over datagrams it may be forged. */
interface Way extends ApduPath {
  readonly kind: CarrierKind;
}

class Node implements C1222Server {
  readonly #clock: Clock;
  readonly #sealer: AnswerSealer;
  readonly #makeDevice: () => PsemDevice;
  readonly #options: C1222ServerOptions;
  readonly #base: Uint8Array;
  readonly #most: number;
  readonly #associations: Associations;
  readonly #gate: MessageGate;
  readonly #answers: AnswerMemory;
  readonly #clearAnswers: AnswerMemory;
  readonly #unproven = new UnprovenAnswers();
  readonly #carriers = new Set<ApduCarrier>();
  #expiry: Timer | undefined;
  #expiryDue = 0;

  constructor(clock: Clock, random: Random, makeDevice: () => PsemDevice, options: C1222ServerOptions) {
    this.#clock = clock;
    this.#makeDevice = makeDevice;
    this.#options = options;
    this.#base = options.base ?? networkContext;
    this.#sealer = new AnswerSealer(clock, random, { title: options.title, keys: options.keys, base: this.#base });
    this.#most = options.sessions ?? 64;
    this.#associations = new Associations(this.#most, (error) => options.onFault?.(error));
    this.#gate = new MessageGate({
      keys: options.keys,
      base: this.#base,
      least: options.leastMode ?? (options.keys ? 1 : 0),
      associations: this.#associations,
      replays: options.replays ?? new ReplayMemory(),
    });
    this.#answers = new AnswerMemory(this.#most);
    this.#clearAnswers = new AnswerMemory(this.#most);
  }

  get sessions(): number {
    return this.#associations.size;
  }

  attach(carrier: ApduCarrier): void {
    this.#hear(carrier, carrier.lossy ? "datagrams" : "stream");
  }

  attachGroup(carrier: ApduCarrier): void {
    this.#hear(carrier, "group");
  }

  #hear(carrier: ApduCarrier, kind: CarrierKind): void {
    this.#carriers.add(carrier);
    carrier.listen({
      received: (bytes, back) => this.#received(bytes, { ...back, kind }),
      closed: () => this.#carriers.delete(carrier),
    });
  }

  close(): void {
    this.#expiry?.cancel();
    this.#associations.endAll("hung-up");
    for (const carrier of this.#carriers) carrier.close();
  }

  #received(bytes: Uint8Array, back: Way): void {
    try {
      this.#take(bytes, back);
    } catch (error) {
      if (error instanceof PsemError) this.#options.onRefused?.(error, back.name);
      else this.#options.onFault?.(error);
    }
  }

  #take(bytes: Uint8Array, back: Way): void {
    const admitted = this.#admit(bytes, back);
    const { opened, source, mark } = admitted;
    // Two memories, so that messages in clear, which anybody may send, push no proven client's answer out.
    const memory = opened.use ? this.#answers : this.#clearAnswers;
    const place = back.kind === "stream" ? undefined : back.name;
    const given = memory.find(source, mark, place);
    if (given) {
      if (given.answer) this.#send(given.answer, back, opened);
      return;
    }
    const stale = this.#gate.refusesFreshness(admitted, this.#clock.now());
    if (stale) return this.#refuseStale(admitted, stale, back);
    if (back.kind === "group" && this.#refusesTitle(admitted.apdu.called)) return;
    const { answer, hangUp } = this.#answered(admitted, back.kind);
    memory.remember(source, mark, answer, place);
    if (answer) this.#send(answer, back, opened);
    if (hangUp) back.hangUp?.();
  }

  #answered(admitted: Admitted, kind: CarrierKind): { readonly answer: Uint8Array | undefined; readonly hangUp: boolean } {
    const { apdu, opened } = admitted;
    const refusal = this.#refusesTitle(apdu.called);
    const served = refusal ? { answers: [coded(refusal)], hangUp: false } : this.#serve(admitted);
    const mayAnswer = kind !== "group" || (apdu.called !== undefined && this.#options.title !== undefined);
    const answer = served && mayAnswer && wanted(opened, served.answers) ? this.#sealer.seal(apdu, opened, served.answers) : undefined;
    return { answer, hangUp: served?.hangUp ?? false };
  }

  /** Anybody may have recorded it: its refusal is counted with those of what proves nothing, and pushes out no answer that its client may yet ask for. */
  #refuseStale({ apdu, opened }: Admitted, { code, why }: Stale, back: Way): void {
    this.#options.onRefused?.(why, back.name);
    if (back.kind !== "group" && wanted(opened, [coded(code)])) this.#send(this.#sealer.seal(apdu, opened, [coded(code)]), back, {});
  }

  /** What goes to a sender that proved nothing is counted where its address may be forged. */
  #send(answer: Uint8Array, back: Way, { use }: Pick<Opened, "use">): void {
    const counted = use === undefined && this.#options.keys !== undefined && back.kind !== "stream";
    if (!counted || this.#unproven.take(this.#clock.now())) back.send(answer);
  }

  /** The sender of what is not authentic is told so in clear: it proves nothing to it, and costs us little. Not where many heard it. */
  #admit(bytes: Uint8Array, back: Way): Admitted {
    const decoded = decodeApdu(bytes);
    try {
      return this.#gate.admit(decoded, bytes, back.name, this.#clock.now());
    } catch (error) {
      if (error instanceof PsemError && error.code !== "bad-apdu" && expectsAnswer(decoded.apdu) && back.kind !== "group") this.#send(this.#sealer.clear(decoded.apdu, coded("sme")), back, {});
      throw error;
    }
  }

  #refusesTitle(called: ApTitle | undefined): Refusal | undefined {
    return namesOther(called, this.#options.title, this.#base) ? "uat" : undefined;
  }

  #serve({ apdu, opened: { control, payload, use }, sender, member }: Admitted): ServiceAnswers | undefined {
    const qualifier = apdu.qualifier ?? 0;
    if ((qualifier & qualifierBit.notification) !== 0) {
      this.#options.onNotification?.({ calling: apdu.calling, mode: control.mode, urgent: (qualifier & qualifierBit.urgent) !== 0, services: payload.services });
      return undefined;
    }
    const from = apdu.calling ? titleText(apdu.calling) : sender;
    for (const service of payload.services) this.#options.trace?.(`${from} ${messageTrace("<", service)}`);
    const served = answerServices(
      { sender, member, mode: control.mode, use, caller: { title: apdu.calling }, services: payload.services, room: (this.#options.largestAnswer ?? 8192) - headerRoom, now: this.#clock.now() },
      {
        associations: this.#associations,
        makeDevice: this.#makeDevice,
        network: this.#options.network,
        sessions: this.#most,
        longestIdle: this.#options.longestIdle ?? 300,
        onFault: (error) => this.#options.onFault?.(error),
      },
    );
    for (const answer of served.answers) this.#options.trace?.(`${from} ${responseTrace(">", answer)}`);
    this.#watch(this.#associations.get(sender)?.expires);
    return served;
  }

  /** One timer, for the session that ends first; for sessions that were prolonged meanwhile it is set again. */
  #watch(expires = this.#associations.nextExpiry): void {
    if (expires === undefined || (this.#expiry && this.#expiryDue <= expires)) return;
    this.#expiry?.cancel();
    this.#expiryDue = expires;
    this.#expiry = this.#clock.after(expires - this.#clock.now(), () => {
      this.#expiry = undefined;
      this.#associations.endExpired(this.#clock.now());
      this.#watch();
    });
  }
}

function coded(refusal: Refusal): Uint8Array {
  return Uint8Array.of(responseNamed(refusal).code);
}

function wanted({ control }: Opened, answers: readonly Uint8Array[]): boolean {
  if (answers.length === 0 || control.response === "never") return false;
  return control.response === "always" || answers.some((answer) => answer[0] !== 0);
}
