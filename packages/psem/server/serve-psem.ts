import type { ByteChannel } from "@metersmith/base/byte-channel";
import type { Clock, Timer } from "@metersmith/base/clock";
import { LinkDriver } from "../link/link-driver.ts";
import { baseBaud, defaultRetries, defaultTimeouts, type LinkSize, type LinkTimeouts } from "../link/link-settings.ts";
import { responseNamed } from "../services/response-code.ts";
import { requestTrace, responseTrace } from "../services/service-trace.ts";
import type { PsemDevice, SessionEnd } from "./psem-device.ts";
import { answerRequest, startSession, type SessionConsequence, type SessionLimits, type SessionState, type SessionStep } from "./session.ts";

export interface PsemServerOptions {
  /** One line for each packet, acknowledgement, request and answer. Never holds table data or passwords. */
  readonly trace?: (line: string) => void;
  readonly timeouts?: Partial<LinkTimeouts>;
  /** How often a packet is sent again; 3 by default. */
  readonly retries?: number;
  /** The most that a negotiation may agree on; 1024 × 32 by default. It bounds the memory of a connection. */
  readonly limit?: LinkSize;
  /** Rates that a negotiation may choose, in bits per second; only 9600 by default. */
  readonly bauds?: readonly number[];
  /** Answer only packets of this identity (0–255); by default any, echoed. */
  readonly identity?: number;
  /** Called with bits per second once an answer that changed it has been acknowledged, and at the end of a session. */
  readonly onBaud?: (bitsPerSecond: number) => void;
  /** The channel is a line of that rate: waiting allows for the time that a packet takes on it. False by default. */
  readonly serial?: boolean;
  /**
   * The channel is a connection: the disconnect service ends it once its answer is acknowledged, and so does a minute in which no client identifies itself.
   * False by default, where that service is not supported.
   */
  readonly hangsUp?: boolean;
  /** Told of what the device threw, which is a bug of the device; the client got `err`. */
  readonly onFault?: (error: unknown) => void;
}

/** Milliseconds that a connection may be without a session. Ours: else whoever sends an octet now and then would hold it for good. */
const longestRest = 60_000;

const defaultLimit: LinkSize = { packetSize: 1024, packets: 32 };

/**
 * Answers the client at the other end of `channel` until it closes: one device, one session after the other. Memory is
 * bounded by `limit`, whatever arrives.
 */
export function servePsem(channel: ByteChannel, clock: Clock, device: PsemDevice, options: PsemServerOptions = {}): { close(): void } {
  return new PsemServer(channel, clock, device, options);
}

class PsemServer {
  readonly #link: LinkDriver;
  readonly #clock: Clock;
  readonly #device: PsemDevice;
  readonly #options: PsemServerOptions;
  readonly #limits: SessionLimits;
  #session: SessionState = startSession();
  #pending: SessionConsequence | undefined;
  #baud = baseBaud;
  #rest: Timer | undefined;

  constructor(channel: ByteChannel, clock: Clock, device: PsemDevice, options: PsemServerOptions) {
    this.#clock = clock;
    this.#device = device;
    this.#options = options;
    this.#limits = { size: options.limit ?? defaultLimit, bauds: new Set(options.bauds ?? [baseBaud]), hangsUp: options.hangsUp ?? false };
    this.#link = new LinkDriver(
      channel,
      clock,
      { timeouts: { ...defaultTimeouts, ...options.timeouts }, retries: options.retries ?? defaultRetries, identity: options.identity, bitsPerSecond: options.serial ? baseBaud : undefined },
      {
        received: (message) => this.#answer(message),
        broken: () => {},
        sent: () => this.#takeEffect(),
        failed: () => this.#end("link-failed"),
        silent: () => this.#end("silent"),
        closed: () => this.#end("hung-up"),
      },
      options.trace,
    );
    this.#beginRest();
    this.#link.open();
  }

  close(): void {
    this.#end("hung-up");
    this.#link.close();
  }

  /**
   * A client that asks again has had the answer before, acknowledged or not: what that agreed on holds for this one. So packets are never larger than
   * the link's own when several requests come in one piece.
   */
  #answer(message: Uint8Array): void {
    this.#takeEffect();
    this.#options.trace?.(requestTrace("<", message));
    const { state, answer, consequence } = this.#ask(message);
    this.#options.trace?.(responseTrace(">", answer));
    this.#session = state;
    if (state.stage !== "base") this.#endRest();
    this.#link.dispatch({ kind: "send", message: answer });
    if (consequence?.kind === "wait") this.#link.dispatch({ kind: "patience", milliseconds: consequence.milliseconds });
    else this.#pending = consequence;
    if (consequence?.kind === "resize") this.#link.dispatch({ kind: "resize", receive: consequence.size });
  }

  #ask(message: Uint8Array): SessionStep {
    try {
      return answerRequest(this.#session, message, this.#device, this.#limits);
    } catch (error) {
      this.#options.onFault?.(error);
      return { state: this.#session, answer: Uint8Array.of(responseNamed("err").code) };
    }
  }

  #takeEffect(): void {
    const consequence = this.#pending;
    this.#pending = undefined;
    if (consequence?.kind === "terminate" || consequence?.kind === "hang-up") this.#end("terminated");
    if (consequence?.kind === "hang-up") {
      this.#endRest();
      this.#link.close();
    }
    if (consequence?.kind === "timing") this.#link.dispatch({ kind: "timing", timing: consequence.timing });
    if (consequence?.kind !== "resize") return;
    this.#link.dispatch({ kind: "resize", send: consequence.size });
    this.#setBaud(consequence.baud);
  }

  #end(reason: SessionEnd): void {
    const open = this.#session.stage !== "base";
    this.#session = startSession();
    this.#pending = undefined;
    this.#link.dispatch({ kind: "reset" });
    this.#setBaud(baseBaud);
    if (reason === "hung-up") this.#endRest();
    else if (open) this.#beginRest();
    if (open) this.#tell(reason);
  }

  #beginRest(): void {
    if (this.#options.hangsUp) this.#rest = this.#clock.after(longestRest, () => this.close());
  }

  #endRest(): void {
    this.#rest?.cancel();
    this.#rest = undefined;
  }

  #tell(reason: SessionEnd): void {
    try {
      this.#device.terminated(reason);
    } catch (error) {
      this.#options.onFault?.(error);
    }
  }

  #setBaud(bitsPerSecond: number): void {
    if (bitsPerSecond === this.#baud) return;
    this.#baud = bitsPerSecond;
    if (this.#options.serial) this.#link.dispatch({ kind: "rate", bitsPerSecond });
    this.#options.onBaud?.(bitsPerSecond);
  }
}
