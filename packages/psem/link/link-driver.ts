import type { ByteChannel } from "@metersmith/base/byte-channel";
import type { Clock, Timer } from "@metersmith/base/clock";
import type { LinkEffect, LinkEvent, LinkTimer } from "./link-event.ts";
import { startLink, stepLink, type LinkSettings, type LinkState } from "./link.ts";
import { traceHeard, traceWritten } from "./link-trace.ts";

/** What a link tells the session above it. Each may call the driver's methods. */
export interface LinkHandlers {
  received(message: Uint8Array, missed: boolean): void;
  broken(): void;
  sent(): void;
  failed(reason: "unacknowledged" | "refused"): void;
  silent(): void;
  closed(reason: Error | undefined): void;
}

/** Runs the link reducer over a channel and a clock. */
export class LinkDriver {
  readonly #channel: ByteChannel;
  readonly #clock: Clock;
  readonly #handlers: LinkHandlers;
  readonly #trace: ((line: string) => void) | undefined;
  readonly #timers = new Map<LinkTimer, Timer>();
  readonly #events: LinkEvent[] = [];
  #state: LinkState;
  #running = false;
  #closed = false;

  constructor(channel: ByteChannel, clock: Clock, settings: LinkSettings, handlers: LinkHandlers, trace?: (line: string) => void) {
    this.#channel = channel;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#trace = trace;
    this.#state = startLink(settings);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Begins to listen; what had arrived before is handled at once. */
  open(): void {
    this.#channel.listen({
      received: (bytes) => this.dispatch({ kind: "bytes", bytes }),
      closed: (reason) => this.#end(reason),
    });
  }

  /** Events raised by a handler run after the event that called it, in order. */
  dispatch(event: LinkEvent): void {
    if (this.#closed) return;
    this.#events.push(event);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#events.shift(); next && !this.#closed; next = this.#events.shift()) {
        const step = stepLink(this.#state, next);
        this.#state = step.state;
        for (const effect of step.effects) this.#run(effect);
      }
    } finally {
      this.#running = false;
    }
  }

  /** A byte outside any packet: the wake-up byte. */
  writeRaw(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#trace?.(traceWritten(bytes));
    this.#channel.write(bytes);
  }

  close(): void {
    if (this.#closed) return;
    this.#stop();
    this.#channel.close();
  }

  #end(reason: Error | undefined): void {
    if (this.#closed) return;
    this.#stop();
    this.#handlers.closed(reason);
  }

  #stop(): void {
    this.#closed = true;
    this.#events.length = 0;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #run(effect: LinkEffect): void {
    if (this.#closed) return;
    switch (effect.kind) {
      case "write":
        this.#trace?.(traceWritten(effect.bytes));
        this.#channel.write(effect.bytes);
        break;
      case "arm":
        this.#timers.get(effect.timer)?.cancel();
        this.#timers.set(effect.timer, this.#clock.after(effect.milliseconds, () => this.#fire(effect.timer)));
        break;
      case "disarm":
        this.#timers.get(effect.timer)?.cancel();
        this.#timers.delete(effect.timer);
        break;
      case "heard":
        this.#trace?.(traceHeard(effect.found));
        break;
      case "received":
        this.#handlers.received(effect.message, effect.missed);
        break;
      case "broken":
        this.#handlers.broken();
        break;
      case "sent":
        this.#handlers.sent();
        break;
      case "failed":
        this.#handlers.failed(effect.reason);
        break;
      case "silent":
        this.#handlers.silent();
        break;
    }
  }

  #fire(timer: LinkTimer): void {
    this.#timers.delete(timer);
    this.dispatch({ kind: "timer", timer });
  }
}
