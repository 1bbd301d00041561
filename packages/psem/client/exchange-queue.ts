import type { ByteChannel } from "@metersmith/base/byte-channel";
import type { Clock, Timer } from "@metersmith/base/clock";
import { longestExchange } from "../link/exchange-time.ts";
import { LinkDriver } from "../link/link-driver.ts";
import { defaultRetries, defaultTimeouts, messageCapacity, type LinkSize, type LinkTimeouts } from "../link/link-settings.ts";
import { PsemError } from "../psem-error.ts";
import { encodeRequest } from "../services/encode-request.ts";
import { requestWords, type Request, type Timing } from "../services/request.ts";
import { requestTrace, responseTrace } from "../services/service-trace.ts";
import type { CallOptions } from "./psem-client.ts";

/** One request and what makes its answer into a value. */
export interface Exchange<Value> {
  readonly request: Request;
  /** Throws `PsemError` on a refusal or an answer that means nothing. Called before the next request is sent. */
  readonly decode: (answer: Uint8Array) => Value;
  /** Asking twice does no harm: where the answer was lost, it is asked for once more. */
  readonly repeatable: boolean;
  /** Bytes ahead of the packet. */
  readonly before?: Uint8Array | undefined;
}

interface Waiting {
  readonly request: Request;
  readonly repeatable: boolean;
  readonly before: Uint8Array | undefined;
  /** Decodes and settles. */
  readonly answered: (answer: Uint8Array) => void;
  readonly failed: (error: unknown) => void;
  repeated: boolean;
}

export interface ExchangeOptions {
  readonly trace?: (line: string) => void;
  readonly timeouts?: Partial<LinkTimeouts>;
  readonly retries?: number;
  readonly identity?: number;
  /** Rate of a serial line before any negotiation; absent where bytes take no time worth waiting for. */
  readonly bitsPerSecond?: number | undefined;
  /** A request goes out; or the last one asked for is settled. */
  readonly onBusy?: () => void;
  readonly onIdle?: () => void;
}

/** Requests one after the other over one link; each waits for the answer to the one before, even where nobody hears it any more. */
export class ExchangeQueue {
  readonly #link: LinkDriver;
  readonly #clock: Clock;
  readonly #trace: ((line: string) => void) | undefined;
  readonly #options: ExchangeOptions;
  #timeouts: LinkTimeouts;
  readonly #waiting: Waiting[] = [];
  #current: Waiting | undefined;
  #expiry: Timer | undefined;
  #failure: PsemError | undefined;

  constructor(channel: ByteChannel, clock: Clock, options: ExchangeOptions) {
    this.#clock = clock;
    this.#trace = options.trace;
    this.#options = options;
    this.#timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#link = new LinkDriver(
      channel,
      clock,
      { timeouts: this.#timeouts, retries: options.retries ?? defaultRetries, identity: options.identity ?? 0, bitsPerSecond: options.bitsPerSecond },
      {
        received: (message, missed) => (missed ? this.#repeat() : this.#answered(message)),
        broken: () => this.#repeat(),
        sent: () => {},
        failed: (reason) => this.#undelivered(reason),
        silent: () => this.#silent(),
        closed: (reason) => this.#fail(new PsemError("hung-up", `The meter's end closed the connection${this.#whileAsking()}.`, {}, reason)),
      },
      options.trace,
    );
    this.#link.open();
  }

  get sendSize(): LinkSize {
    return this.#link.state.sendSize;
  }

  get receiveSize(): LinkSize {
    return this.#link.state.receiveSize;
  }

  resize(size: LinkSize): void {
    this.#link.dispatch({ kind: "resize", send: size, receive: size });
  }

  bePatient(milliseconds: number): void {
    this.#link.dispatch({ kind: "patience", milliseconds });
  }

  /** Milliseconds of silence after which the session ends. */
  get channelTraffic(): number {
    return this.#timeouts.channelTraffic;
  }

  keepTiming(timing: Timing): void {
    this.#timeouts = { channelTraffic: timing.channelTraffic * 1000, interCharacter: timing.interCharacter * 1000, response: timing.response * 1000 };
    this.#link.dispatch({ kind: "timing", timing });
  }

  setRate(bitsPerSecond: number): void {
    this.#link.dispatch({ kind: "rate", bitsPerSecond });
  }

  reset(): void {
    this.#timeouts = { ...defaultTimeouts, ...this.#options.timeouts };
    this.#link.dispatch({ kind: "reset" });
  }

  close(failure: PsemError): void {
    this.#fail(failure);
    this.#link.close();
  }

  exchange<Value>(exchange: Exchange<Value>, options: CallOptions = {}): Promise<Value> {
    const { signal } = options;
    return new Promise<Value>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as unknown);
      if (this.#failure) return reject(this.#failure);
      const abort = (): void => {
        const place = this.#waiting.indexOf(waiting);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(signal?.reason as unknown);
      };
      const waiting: Waiting = {
        request: exchange.request,
        repeatable: exchange.repeatable,
        before: exchange.before,
        repeated: false,
        answered: (answer) => {
          signal?.removeEventListener("abort", abort);
          try {
            resolve(exchange.decode(answer));
          } catch (error) {
            reject(error);
          }
        },
        failed: (error) => {
          signal?.removeEventListener("abort", abort);
          reject(error);
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.push(waiting);
      this.#advance();
    });
  }

  #advance(): void {
    while (!this.#current && !this.#failure) {
      const next = this.#waiting.shift();
      if (!next) {
        this.#options.onIdle?.();
        return;
      }
      const message = encodeRequest(next.request);
      const room = messageCapacity(this.sendSize);
      if (message.length > room) {
        next.failed(tooLarge(next.request, message.length, room));
        continue;
      }
      this.#current = next;
      this.#options.onBusy?.();
      if (next.before) this.#link.writeRaw(next.before);
      this.#send(message);
    }
  }

  #send(message: Uint8Array): void {
    this.#trace?.(requestTrace(">", message));
    const longest = longestExchange(this.#link.state);
    this.#expiry?.cancel();
    this.#expiry = this.#clock.after(longest, () => this.#overdue(longest));
    this.#link.dispatch({ kind: "send", message });
  }

  #overdue(milliseconds: number): void {
    this.#fail(new PsemError("timeout", `The meter went on sending packets for ${milliseconds / 1000} s and gave no answer${this.#whileAsking()}. It is faulty, or something else talks on the line.`));
    this.#link.dispatch({ kind: "reset" });
  }

  /** The request under way, which is settled by whoever takes it. */
  #settling(): Waiting | undefined {
    const current = this.#current;
    this.#current = undefined;
    this.#expiry?.cancel();
    return current;
  }

  #answered(answer: Uint8Array): void {
    const current = this.#settling();
    if (!current) return;
    this.#trace?.(responseTrace("<", answer));
    current.answered(answer);
    this.#advanceSoon();
  }

  #repeat(): void {
    const current = this.#current;
    if (!current) return;
    if (current.repeatable && !current.repeated) {
      current.repeated = true;
      this.#send(encodeRequest(current.request));
      return;
    }
    this.#settling();
    const doubt = current.repeatable ? "Asking again did not help." : "Whether the meter did it is not known.";
    current.failed(
      new PsemError("lost-packet", `A packet of the meter's answer was lost while asking it to ${requestWords(current.request)}. ${doubt}`, { service: current.request.service }),
    );
    this.#advanceSoon();
  }

  /** After what the answer changed, such as the packet size, has reached the link. */
  #advanceSoon(): void {
    queueMicrotask(() => this.#advance());
  }

  #undelivered(reason: "unacknowledged" | "refused"): void {
    const asking = this.#whileAsking();
    this.#fail(
      reason === "refused"
        ? new PsemError("packet-refused", `The meter refused every attempt to send a packet${asking}: the line is disturbed, or the packets are larger than it takes.`)
        : new PsemError("timeout", `The meter acknowledged nothing for ${this.#timeouts.response / 1000} s, several times over${asking}. Check the connection, and that the meter is powered.`),
    );
  }

  #silent(): void {
    if (!this.#current) return;
    this.#fail(new PsemError("timeout", `The meter took the request but did not answer for ${this.#timeouts.channelTraffic / 1000} s${this.#whileAsking()}.`));
  }

  #whileAsking(): string {
    return this.#current ? ` while asking it to ${requestWords(this.#current.request)}` : "";
  }

  #fail(failure: PsemError): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.#options.onBusy?.();
    const current = this.#settling();
    const unanswered = current ? [current, ...this.#waiting] : [...this.#waiting];
    this.#waiting.length = 0;
    for (const waiting of unanswered) waiting.failed(failure);
  }
}

function tooLarge(request: Request, length: number, room: number): PsemError {
  return new PsemError(
    "too-large",
    `The request to ${requestWords(request)} takes ${length} bytes; the packets agreed on carry ${room}. Negotiate larger packets, or write in parts.`,
    { service: request.service, expected: room, actual: length },
  );
}
