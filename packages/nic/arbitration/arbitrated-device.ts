import type { Identification, PsemDevice, Refusal, ResponseCode, SessionEnd } from "@metersmith/psem";
import type { Arbiter, SessionSide } from "./arbiter.ts";

/**
 * One session with the board under arbitration. What a session sees that the other side keeps out: `bsy` to its logon, and to every service where it was logged on
 * before; a session of the side that goes first is let in to show its password, and is answered `bsy` to all else until it did. What a session sees that was ended:
 * `bsy` to every service while the other side is at work, `isss` afterwards, `ok` to its logoff, and a new logon like any other. The board is told of
 * the end at once, as of a session that broke off: nothing of its rights is left.
 */
export class ArbitratedDevice implements PsemDevice {
  readonly #arbiter: Arbiter;
  readonly #side: SessionSide;
  readonly #board: PsemDevice;
  /** `ended`: by the other side; the client may not know yet. */
  #state: "open" | "holding" | "ended" = "open";
  constructor(arbiter: Arbiter, side: SessionSide, board: PsemDevice) {
    this.#arbiter = arbiter;
    this.#side = side;
    this.#board = board;
  }

  identification(): Identification {
    return this.#board.identification();
  }

  logon(userId: number, user: string): ResponseCode {
    this.#letGo();
    if (this.#isShutOut) return "bsy";
    const code = this.#board.logon(userId, user);
    if (code === "ok") this.#state = "open";
    return code;
  }

  security(password: Uint8Array): ResponseCode {
    if (this.#state === "ended" || this.#isShutOut) return this.#refusal ?? "bsy";
    this.#letGo();
    const code = this.#board.security(password);
    if (code !== "ok") return code;
    this.#state = "holding";
    this.#arbiter.hold(this.#side, this);
    return code;
  }

  read(table: number): Uint8Array | Refusal {
    return this.#refusal ?? this.#board.read(table);
  }

  readOffset(table: number, offset: number, count: number): Uint8Array | Refusal {
    return this.#refusal ?? this.#board.readOffset(table, offset, count);
  }

  write(table: number, bytes: Uint8Array): ResponseCode {
    return this.#refusal ?? this.#board.write(table, bytes);
  }

  writeOffset(table: number, offset: number, bytes: Uint8Array): ResponseCode {
    return this.#refusal ?? this.#board.writeOffset(table, offset, bytes);
  }

  readIndex(table: number, indices: readonly number[], count: number): Uint8Array | Refusal {
    return this.#refusal ?? this.#board.readIndex?.(table, indices, count) ?? "sns";
  }

  writeIndex(table: number, indices: readonly number[], bytes: Uint8Array): ResponseCode {
    return this.#refusal ?? this.#board.writeIndex?.(table, indices, bytes) ?? "sns";
  }

  readDefault(): Uint8Array | Refusal {
    return this.#refusal ?? this.#board.readDefault?.() ?? "sns";
  }

  writeDefault(bytes: Uint8Array): ResponseCode {
    return this.#refusal ?? this.#board.writeDefault?.(bytes) ?? "sns";
  }

  logoff(): ResponseCode {
    if (this.#state === "ended") return "ok";
    this.#letGo();
    return this.#board.logoff();
  }

  terminated(reason: SessionEnd): void {
    const told = this.#state === "ended";
    this.#letGo();
    this.#state = "open";
    if (!told) this.#board.terminated(reason);
  }

  /** Ends this session for the other side. */
  preempt(): void {
    this.#letGo();
    this.#state = "ended";
    this.#board.terminated("hung-up");
  }

  /** What every service in this session is answered now, instead of reaching the board. */
  get #refusal(): Refusal | undefined {
    const keptOut = this.#arbiter.isKeptOut(this.#side);
    if (this.#state === "ended") return keptOut ? "bsy" : "isss";
    return this.#state === "open" && keptOut ? "bsy" : undefined;
  }

  /** Kept out, and with nothing to show that would change it. */
  get #isShutOut(): boolean {
    return this.#arbiter.isKeptOut(this.#side) && !this.#arbiter.goesFirst(this.#side);
  }

  #letGo(): void {
    if (this.#state === "holding") this.#state = "open";
    this.#arbiter.release(this.#side, this);
  }
}
