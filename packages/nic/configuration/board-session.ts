import type { PsemDevice, Refusal, ResponseCode } from "@metersmith/psem";
import { MeterContext, type Definitions, TablesError } from "@metersmith/tables";
import { NicError } from "../nic-error.ts";

/** How the card logs on to the board for one access level. */
export interface BoardLevel {
  /** 0–65535. */
  readonly userId: number;
  /** 20 octets. */
  readonly password: Uint8Array;
}

/** The board behind the C12.19 boundary, as the card reaches it. */
export interface BoardAccess {
  /** A connection of its own; `lost` is called where the board ends it, as it does with its power. */
  open(lost?: () => void): PsemDevice;
  readonly definitions: Definitions;
  /** By the role that a client's certificate names. */
  readonly levels: ReadonlyMap<string, BoardLevel>;
}

const userLength = 10;

/**
 * Logs on with the level of a role, does the work, and logs off whatever happens. The board answers at once, so nothing comes between what the work
 * reads and what it writes. Throws `not-permitted`, `busy`, `board-refused`.
 */
export function inSession<Result>(board: BoardAccess, role: string, user: string, work: (session: BoardSession) => Result): Result {
  const level = board.levels.get(role);
  if (!level) throw new NicError("not-permitted", `The certificate's role is not one of ${[...board.levels.keys()].join(", ")}.`);
  const device = board.open();
  try {
    accepted(device.logon(level.userId, user.replace(/[^ -~]/g, "?").slice(0, userLength)), "log on");
    accepted(device.security(level.password), "show the password of this level");
    const result = work(new BoardSession(device, board.definitions));
    device.logoff();
    return result;
  } finally {
    device.terminated("terminated");
  }
}

/** What a session reads and writes; a board's refusal becomes an error that names the table. */
export class BoardSession {
  readonly #device: PsemDevice;
  readonly #definitions: Definitions;
  #context: MeterContext | undefined;

  constructor(device: PsemDevice, definitions: Definitions) {
    this.#device = device;
    this.#definitions = definitions;
  }

  /** What table 0 says; with the dimensions of `table` where one is given. Throws `no-such-table`, `board-unreadable`. */
  contextOf(table?: number): MeterContext {
    let context = (this.#context ??= this.#readable(() => MeterContext.of(this.#definitions, new Map([[0, this.read(0)]]))));
    if (table === undefined) return context;
    if (!context.has(table)) throw new NicError("no-such-table", `This meter has no table ${table}.`, { table });
    if (!this.#definitions.tables.has(table)) throw new NicError("no-such-table", `The layout of table ${table} is not known here.`, { table });
    for (const dimension of this.#readable(() => context.dimensionTables(table))) context = context.with(dimension, this.read(dimension));
    this.#context = context;
    return context;
  }

  read(table: number): Uint8Array {
    const answer = this.#device.read(table);
    if (typeof answer === "string") throw refused(answer, "read", table);
    return answer;
  }

  /** One request, so that all of it is stored or nothing. */
  write(table: number, offset: number, bytes: Uint8Array, whole: boolean): void {
    const code = whole ? this.#device.write(table, bytes) : this.#device.writeOffset(table, offset, bytes);
    if (code !== "ok") throw refused(code, "written", table);
  }

  #readable<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof TablesError) throw new NicError("board-unreadable", error.message, error.context, error);
      throw error;
    }
  }
}

function accepted(code: ResponseCode, what: string): void {
  if (code === "ok") return;
  if (code === "bsy") throw new NicError("busy", "A local session has the meter. Try again when it is over.");
  throw new NicError("board-refused", `The meter did not let the card ${what} (${code}).`);
}

function refused(code: Refusal, what: "read" | "written", table: number): NicError {
  const context = { table, response: code };
  switch (code) {
    case "isc": return new NicError("not-permitted", `With this role, table ${table} may not be ${what}.`, context);
    case "onp": return new NicError("not-permitted", `Table ${table} cannot be ${what}: the meter does not offer it.`, context);
    case "bsy":
    case "dlk":
    case "dnr": return new NicError("busy", `Table ${table} cannot be ${what} just now (${code}). Try again.`, context);
    default: return new NicError("board-refused", `Table ${table} was not ${what}: the meter answered ${code}.`, context);
  }
}
