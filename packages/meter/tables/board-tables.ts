import type { MeterContext, TableId } from "@metersmith/tables";
import type { TableMemory } from "../banks/table-memory.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { Diagnosis } from "../diagnostics/diagnosis.ts";
import type { Registers } from "../metrology/registers.ts";
import type { ClockKeeper } from "../time/clock-keeper.ts";
import { protectionTable } from "../protection/protection-tables.ts";
import type { ServiceSwitch } from "../protection/service-switch.ts";
import { numberIn } from "../tree-access.ts";
import type { MeterUpdate } from "../update/meter-update.ts";
import { imageStatus, updateTable } from "../update/update-tables.ts";
import { clockStateTable, clockTable, identityTable, statusTable } from "./live-tables.ts";
import { maskedPasswords } from "./password-table.ts";

/** What the tables of a running board are made from. */
export interface TableSources {
  readonly context: MeterContext;
  readonly stored: TableMemory;
  readonly clock: ClockKeeper;
  readonly registers: Registers;
  readonly diagnosis: Diagnosis;
  readonly update: MeterUpdate;
  readonly serviceSwitch: ServiceSwitch | undefined;
  configuration(): Configuration;
  /** Measures up to now. */
  settle(): void;
  memoryFailed(): boolean;
  /** Table 76. */
  events(): Uint8Array;
}

/** The tables that a running board makes; those that no image is kept of, and those whose image does not tell all. */
export class BoardTables {
  readonly #board: TableSources;
  readonly #separateRegisters: boolean;

  constructor(board: TableSources) {
    this.#board = board;
    const time = board.stored.image(51);
    this.#separateRegisters = time !== undefined && numberIn(board.context.decode(51, time).tree(), "TIME_FUNC_FLAG2", "SEPARATE_SUM_DEMANDS") === 1;
  }

  /** Undefined for a table that is as it is stored. */
  image(table: TableId): Uint8Array | undefined {
    const { context, stored, clock, registers, diagnosis } = this.#board;
    switch (table) {
      case 1: return identityTable(context, stored.image(1), registers.firmware.version);
      case 3: return this.#status();
      case 23: return this.#measured().image(this.#board.configuration());
      case 24:
      case 25: return this.#measured().previousImage(table, this.#board.configuration());
      case 26: return this.#measured().selfReadImage(this.#board.configuration());
      case 42: return this.#passwords();
      case 52: return clockTable(context, this.#board.configuration(), clock);
      case 55: return clockStateTable(context, this.#board.configuration(), clock, this.#separateRegisters);
      case 63:
      case 64: return this.#measured().profileImage(table, this.#board.configuration());
      case 76: return this.#board.events();
      case updateTable.status: return imageStatus(context, this.#board.update, stored.program);
      case protectionTable.status: return this.#board.serviceSwitch?.image();
      default: return diagnosis.image(table);
    }
  }

  #measured(): Registers {
    this.#board.settle();
    return this.#board.registers;
  }

  #passwords(): Uint8Array | undefined {
    const image = this.#board.stored.image(42);
    return image && maskedPasswords(this.#board.context, image);
  }

  #status(): Uint8Array {
    const { context, clock, registers, diagnosis, update, serviceSwitch } = this.#board;
    const standard = new Set(diagnosis.standardFlags);
    if (!clock.isSet) standard.add("CLOCK_ERROR");
    if (serviceSwitch?.problem !== undefined) standard.add("CONFIGURATION_ERROR");
    if (this.#board.memoryFailed() || update.memoryFailed) standard.add("NONVOL_MEM_FAILURE");
    if (registers.firmware.fault) standard.add("MEASUREMENT_ERROR");
    return statusTable(context, this.#board.configuration(), standard, diagnosis.manufacturerFlags);
  }
}
