import type { Clock } from "@metersmith/base/clock";
import type { MeterContext, TableId } from "@metersmith/tables";
import { configurationTables, readConfiguration, type Configuration } from "./configuration/configuration.ts";
import type { FaultInjection } from "./faults.ts";
import type { MeterMemory } from "./memory/meter-memory.ts";
import { TableMemory } from "./memory/table-memory.ts";
import { syntheticHousehold } from "./metrology/household-load.ts";
import { Registers } from "./metrology/registers.ts";
import type { MeterModel } from "./meter-model.ts";
import type { ProcedureBoard } from "./procedures/procedure.ts";
import { Lockout } from "./sessions/lockout.ts";
import { readPermissions, type Permissions } from "./sessions/permissions.ts";
import { clockStateTable, clockTable, statusTable } from "./tables/live-tables.ts";
import { maskedPasswords } from "./tables/password-table.ts";
import { ClockKeeper } from "./time/clock-keeper.ts";
import { numberIn } from "./tree-access.ts";

/** The meter behind all its connections: what is stored, what runs, what reads. */
export class Board implements ProcedureBoard {
  readonly context: MeterContext;
  readonly stored: TableMemory;
  readonly clock: ClockKeeper;
  readonly lockout: Lockout;
  readonly permissions: Permissions;
  readonly faults: FaultInjection;
  readonly #registers: Registers;
  readonly #host: Clock;
  readonly #separateRegisters: boolean;
  #configuration: Configuration | undefined;
  #memoryFailed: boolean;

  constructor(model: MeterModel, own: ReadonlyMap<TableId, Uint8Array>, serial: string, memory: MeterMemory, host: Clock, faults: FaultInjection) {
    this.context = model.context;
    this.#host = host;
    this.faults = faults;
    this.stored = new TableMemory(memory, own);
    this.clock = new ClockKeeper(memory, host);
    this.lockout = new Lockout(memory);
    this.#registers = new Registers(model.context, memory, syntheticHousehold(serial, model.loadScale), this.#hostSeconds());
    const accessControl = this.stored.image(44);
    this.permissions = readPermissions(accessControl ? model.context.decode(44, accessControl).tree() : {});
    const time = this.stored.image(51);
    this.#separateRegisters = time !== undefined && numberIn(model.context.decode(51, time).tree(), "TIME_FUNC_FLAG2", "SEPARATE_SUM_DEMANDS") === 1;
    this.#memoryFailed = this.stored.damaged.length > 0 || this.#registers.damaged;
  }

  get now(): number {
    return this.#host.now();
  }

  get configuration(): Configuration {
    return (this.#configuration ??= readConfiguration(this.context, this.stored));
  }

  /** The whole table as it reads now; undefined where neither stored nor live. */
  image(table: TableId): Uint8Array | undefined {
    const image = this.#live(table) ?? this.stored.image(table);
    return image && this.faults.asRead(table, image);
  }

  /** Durable on return. False where memory failed: then nothing changed, and table 3 says so from now on. */
  store(table: TableId, offset: number, bytes: Uint8Array): boolean {
    // What was drawn until now was drawn under the old configuration.
    this.#measure();
    try {
      this.stored.write(table, offset, bytes);
    } catch {
      this.#memoryFailed = true;
      return false;
    }
    if (configurationTables.has(table)) this.#configuration = undefined;
    return true;
  }

  clearRegisters(): void {
    this.#registers.clear(this.#hostSeconds());
  }

  #live(table: TableId): Uint8Array | undefined {
    if (table === 3) return statusTable(this.context, this.configuration, this.clock.isSet, this.#memoryFailed);
    if (table === 52) return clockTable(this.context, this.configuration, this.clock);
    if (table === 55) return clockStateTable(this.context, this.configuration, this.clock, this.#separateRegisters);
    if (table === 23) {
      this.#measure();
      return this.#registers.image(this.configuration);
    }
    const stored = table === 42 ? this.stored.image(42) : undefined;
    return stored && maskedPasswords(this.context, stored);
  }

  #measure(): void {
    this.#registers.advance(this.#hostSeconds(), this.configuration, (host) => this.clock.reading(this.configuration, this.clock.utcAt(host * 1000)).seconds);
  }

  #hostSeconds(): number {
    return Math.floor(this.#host.now() / 1000);
  }
}
