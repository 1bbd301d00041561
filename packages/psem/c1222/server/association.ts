import type { EpochMillis } from "@metersmith/base/clock";
import type { PsemDevice, SessionEnd } from "../../server/psem-device.ts";
import type { SecurityMode } from "../epsem/epsem.ts";
import type { KeyUse } from "../security/protection.ts";

/** A session, from an accepted logon to its end. Several connections may carry it, one after the other. */
export interface Association {
  readonly device: PsemDevice;
  /** What its logon was protected with. A message less protected, or under another key, does not belong to it. */
  readonly mode: SecurityMode;
  readonly use: KeyUse | undefined;
  /** Its client has given a password that the device took. */
  readonly trusted: boolean;
  /** Milliseconds without a message after which it ends. */
  readonly idle: number;
  /** When it ends unless a message comes. */
  readonly expires: EpochMillis;
}

/** The sessions of a node by their client, bounded in number. Who is told of an end is the device. */
export class Associations {
  readonly #bySender = new Map<string, Association>();
  readonly #most: number;
  readonly #onFault: (error: unknown) => void;

  constructor(most: number, onFault: (error: unknown) => void) {
    this.#most = most;
    this.#onFault = onFault;
  }

  get size(): number {
    return this.#bySender.size;
  }

  get(sender: string): Association | undefined {
    return this.#bySender.get(sender);
  }

  /**
   * False where there are as many as may be. The oldest session in which no password was given makes room: a logon alone proves nothing, so
   * logons in many names must not keep others out.
   */
  makeRoom(sender: string): boolean {
    if (this.#bySender.size < this.#most || this.#bySender.has(sender)) return true;
    for (const [other, { trusted }] of this.#bySender) {
      if (trusted) continue;
      this.end(other, "silent");
      return this.#most > 0;
    }
    return false;
  }

  set(sender: string, association: Association): void {
    this.#bySender.set(sender, association);
  }

  end(sender: string, reason: SessionEnd): void {
    const association = this.#bySender.get(sender);
    if (!association) return;
    this.#bySender.delete(sender);
    try {
      association.device.terminated(reason);
    } catch (error) {
      this.#onFault(error);
    }
  }

  endAll(reason: SessionEnd): void {
    for (const sender of this.#bySender.keys()) this.end(sender, reason);
  }

  endExpired(now: EpochMillis): void {
    for (const [sender, { expires }] of this.#bySender) if (expires <= now) this.end(sender, "silent");
  }

  /** When the next one expires, undefined where there is none. */
  get nextExpiry(): EpochMillis | undefined {
    let next: EpochMillis | undefined;
    for (const { expires } of this.#bySender.values()) if (next === undefined || expires < next) next = expires;
    return next;
  }
}
