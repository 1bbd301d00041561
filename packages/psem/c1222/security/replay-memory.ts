import type { EpochMillis } from "@metersmith/base/clock";
import { judgeFreshness, outlived, type Freshness, type MessageMark, type PeerWindow } from "./replay-window.ts";

/** Where windows are kept. A caller that stores them durably before `set` returns keeps replays out across restarts too. */
export interface ReplayStore {
  get(sender: string): PeerWindow | undefined;
  set(sender: string, window: PeerWindow): void;
  /** Asked when there are as many senders as may be remembered. */
  entries(): Iterable<readonly [sender: string, window: PeerWindow]>;
  delete(sender: string): void;
  readonly size: number;
}

export interface ReplaySettings {
  /** Seconds between the sender's clock and ours; 900 by default, as an open client quotes the standard. */
  readonly tolerance: number;
  /** Senders remembered at a time; a further one is refused until one has been outlived. */
  readonly senders: number;
  /** Vectors before this moment are refused from every sender: the time of the start where windows were not stored. */
  readonly notBefore: EpochMillis;
}

export const defaultReplaySettings: ReplaySettings = { tolerance: 900, senders: 10_000, notBefore: 0 };

/** Replay protection at a receiver, over all its senders, with bounded memory. */
export class ReplayMemory {
  readonly #store: ReplayStore;
  readonly #settings: ReplaySettings;

  constructor(settings: Partial<ReplaySettings> = {}, store: ReplayStore = new Map<string, PeerWindow>()) {
    this.#settings = { ...defaultReplaySettings, ...settings };
    this.#store = store;
  }

  /** To be asked once for each message, after its code has been verified and before anything is done for it. */
  judge(sender: string, mark: MessageMark, now: EpochMillis): Freshness {
    const { tolerance, notBefore } = this.#settings;
    const known = this.#store.get(sender);
    if (mark.time < Math.floor(notBefore / 1000)) return "too-old";
    if (!known && !this.#room(now)) return "crowded";
    const { freshness, window } = judgeFreshness(known, mark, now, tolerance);
    if (freshness === "fresh") this.#store.set(sender, window);
    return freshness;
  }

  #room(now: EpochMillis): boolean {
    if (this.#store.size < this.#settings.senders) return true;
    for (const [sender, window] of this.#store.entries()) {
      if (outlived(window, now, this.#settings.tolerance)) this.#store.delete(sender);
    }
    return this.#store.size < this.#settings.senders;
  }
}
