import type { Clock, Timer } from "@metersmith/base/clock";
import type { ApTitle } from "../apdu/ap-title.ts";
import type { Registered, Registration } from "../epsem/registration.ts";
import type { C1222Client } from "./c1222-client.ts";

export interface RegistrationOptions {
  /** Told of each registration that was granted, and of each attempt that failed. */
  readonly onRegistered?: (granted: Registered) => void;
  readonly onFailed?: (error: unknown) => void;
}

export interface RegisteredNode {
  /** Deregisters where it is registered, and rests. Never rejects: a registrar that cannot be reached forgets the node by itself. */
  leave(): Promise<void>;
}

/** Milliseconds after a failed attempt; doubled each time up to the longest. Ours. */
const [firstPause, longestPause] = [5_000, 300_000];
/** A registration is renewed when half of its period is over, and not more often than once in so many milliseconds. Ours. */
const shortestRenewal = 1_000;

/** Keeps a node registered: registers, renews before the period ends, tries again where that fails. `open` makes a client for each attempt, which is closed behind it. */
export function keepRegistered(open: () => Promise<C1222Client>, clock: Clock, registration: Registration, options: RegistrationOptions = {}): RegisteredNode {
  return new Registering(open, clock, registration, options);
}

class Registering implements RegisteredNode {
  readonly #open: () => Promise<C1222Client>;
  readonly #clock: Clock;
  readonly #options: RegistrationOptions;
  #registration: Registration;
  #pause = firstPause;
  #timer: Timer | undefined;
  #title: ApTitle | undefined;
  #running: Promise<void>;
  #left = false;

  constructor(open: () => Promise<C1222Client>, clock: Clock, registration: Registration, options: RegistrationOptions) {
    this.#open = open;
    this.#clock = clock;
    this.#registration = registration;
    this.#options = options;
    this.#running = this.#register();
  }

  async leave(): Promise<void> {
    this.#left = true;
    this.#timer?.cancel();
    await this.#running;
    const title = this.#title;
    if (!title) return;
    this.#title = undefined;
    await this.#asked((client) => client.deregister(title)).catch((error: unknown) => this.#options.onFailed?.(error));
  }

  async #register(): Promise<void> {
    try {
      const granted = await this.#asked((client) => client.register(this.#registration));
      this.#title = granted.title;
      // Whoever was given a title keeps it.
      if (this.#registration.title.octets.length === 0) this.#registration = { ...this.#registration, title: granted.title };
      this.#pause = firstPause;
      this.#again(Math.max(shortestRenewal, (granted.period * 1000) / 2));
      this.#options.onRegistered?.(granted);
    } catch (error) {
      this.#again(this.#pause);
      this.#pause = Math.min(2 * this.#pause, longestPause);
      this.#options.onFailed?.(error);
    }
  }

  #again(milliseconds: number): void {
    if (this.#left) return;
    this.#timer = this.#clock.after(milliseconds, () => {
      this.#running = this.#register();
    });
  }

  async #asked<Value>(ask: (client: C1222Client) => Promise<Value>): Promise<Value> {
    const client = await this.#open();
    try {
      return await ask(client);
    } finally {
      client.close();
    }
  }
}
