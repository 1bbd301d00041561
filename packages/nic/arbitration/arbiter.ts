import type { PsemDevice } from "@metersmith/psem";
import { ArbitratedDevice } from "./arbitrated-device.ts";

/** Where a session comes from: the optical port, or the network behind the communications card. */
export type SessionSide = "local" | "network";

/**
 * What happens when sessions of both sides meet: `together` both work at once · `exclusive` who is there stays, the other is answered `bsy` ·
 * `local-first`, `network-first` that side ends the sessions of the other. Sessions of one side never keep each other out.
 */
export type SessionRule = "together" | "exclusive" | "local-first" | "network-first";

export const sessionRules: readonly SessionRule[] = ["together", "exclusive", "local-first", "network-first"];

/**
 * Arbitrates between the sessions of both sides with one board. A session holds the board from its first accepted password until it ends: who has shown no password
 * keeps nobody out and ends nobody's session, else anybody who can knock could lock the head-end out.
 */
export class Arbiter {
  readonly #holders: Readonly<Record<SessionSide, Set<ArbitratedDevice>>> = { local: new Set(), network: new Set() };
  #rule: SessionRule;

  constructor(rule: SessionRule) {
    this.#rule = rule;
  }

  get rule(): SessionRule {
    return this.#rule;
  }

  /** Takes effect for what comes next; sessions that hold the board go on. */
  setRule(rule: SessionRule): void {
    this.#rule = rule;
  }

  /** A board as one session of that side may see it. */
  device(side: SessionSide, board: PsemDevice): PsemDevice {
    return new ArbitratedDevice(this, side, board);
  }

  /** Whether the other side holds the board against this session. */
  isKeptOut(side: SessionSide): boolean {
    return this.#rule !== "together" && this.#others(side).size > 0;
  }

  /** Whether this side may end the other's sessions. */
  goesFirst(side: SessionSide): boolean {
    return this.#rule === `${side}-first`;
  }

  /** A session has shown its password. */
  hold(side: SessionSide, session: ArbitratedDevice): void {
    this.#holders[side].add(session);
    if (this.goesFirst(side)) for (const other of this.#others(side)) other.preempt();
  }

  release(side: SessionSide, session: ArbitratedDevice): void {
    this.#holders[side].delete(session);
  }

  #others(side: SessionSide): Set<ArbitratedDevice> {
    return this.#holders[side === "local" ? "network" : "local"];
  }
}
