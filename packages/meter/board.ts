import type { Clock } from "@metersmith/base/clock";
import type { MeterContext, TableId } from "@metersmith/tables";
import { configurationTables, type Configuration } from "./configuration/configuration.ts";
import { Diagnosis } from "./diagnostics/diagnosis.ts";
import type { DiagnosticMoment } from "./diagnostics/self-diagnostics.ts";
import { isUrgent, meterEvent, type MeterEvent } from "./events/event-kind.ts";
import { EventLog } from "./events/event-log.ts";
import type { FaultInjection } from "./faults.ts";
import type { FirmwareSource } from "./firmware/firmware-source.ts";
import type { Line } from "./line/line.ts";
import type { MeterMemory } from "./memory/meter-memory.ts";
import { TableMemory } from "./memory/table-memory.ts";
import type { Metrology } from "./metrology/metrology.ts";
import { Registers, type MeterTime } from "./metrology/registers.ts";
import type { MeterModel } from "./meter-model.ts";
import { ofProfile } from "./profile/profile-state.ts";
import { ProcedurePace } from "./procedures/procedure-pace.ts";
import type { MeterList, ProcedureBoard, RemoteResets } from "./procedures/procedure.ts";
import type { Provocations } from "./provocations/provocations.ts";
import { provokedClock, provokedFirmware, provokedLine, provokedMemory } from "./provocations/provoked-surroundings.ts";
import { Lockout } from "./sessions/lockout.ts";
import { readPermissions, type Permissions } from "./sessions/permissions.ts";
import { clockStateTable, clockTable, identityTable, statusTable } from "./tables/live-tables.ts";
import { maskedPasswords } from "./tables/password-table.ts";
import { ClockKeeper } from "./time/clock-keeper.ts";
import { untilShift, type ClockMode } from "./time/meter-clock.ts";
import { numberIn } from "./tree-access.ts";

/** The meter behind all its connections: what is stored, what runs, what reads. */
export class Board implements ProcedureBoard {
  readonly context: MeterContext;
  readonly stored: TableMemory;
  readonly clock: ClockKeeper;
  readonly lockout: Lockout;
  readonly permissions: Permissions;
  readonly faults: FaultInjection;
  readonly pace: ProcedurePace;
  readonly diagnosis: Diagnosis;
  readonly provocations: Provocations;
  readonly #registers: Registers;
  readonly #events: EventLog;
  readonly #host: Clock;
  readonly #metrology: Metrology;
  readonly #time: MeterTime;
  readonly #separateRegisters: boolean;
  #configuration: Configuration | undefined;
  #memoryFailed = false;
  #firmwareFailed = false;

  constructor(model: MeterModel, own: ReadonlyMap<TableId, Uint8Array>, line: Line, firmware: FirmwareSource, nonVolatile: MeterMemory, host: Clock, faults: FaultInjection, provocations: Provocations) {
    const memory = this.#watched(provokedMemory(nonVolatile, provocations));
    this.context = model.context;
    this.#host = host;
    this.faults = faults;
    this.pace = new ProcedurePace(host, model.procedureSeconds);
    this.stored = new TableMemory(memory, own);
    this.clock = new ClockKeeper(memory, provokedClock(host, provocations));
    this.lockout = new Lockout(memory);
    this.#metrology = model.metrology;
    this.#time = {
      // The end of the host's second: measuring goes by whole ones, and the clock was set somewhere within one.
      utcAt: (hostSeconds) => this.clock.utcAt(hostSeconds * 1000 + 999),
      reading: (utc) => this.clock.reading(this.configuration, utc),
      untilShift: (utc) => untilShift(utc, this.clock.mode, this.configuration.offset, this.configuration.calendar),
    };
    const seated = provokedFirmware(firmware, provocations);
    this.#registers = new Registers(model.metrology, memory, provokedLine(line, provocations), seated, this.#hostSeconds(), {
      powerLost: (utc) => this.#logAt(meterEvent.powerDown, utc),
      powerBack: (utc) => this.#logAt(meterEvent.powerUp, utc),
      firmwareFailed: () => void (this.#firmwareFailed = true),
    });
    this.#events = new EventLog(model.context, memory, this.stored.image(71));
    const accessControl = this.stored.image(44);
    this.permissions = readPermissions(accessControl ? model.context.decode(44, accessControl).tree() : {});
    const time = this.stored.image(51);
    this.#separateRegisters = time !== undefined && numberIn(model.context.decode(51, time).tree(), "TIME_FUNC_FLAG2", "SEPARATE_SUM_DEMANDS") === 1;
    this.provocations = provocations;
    this.diagnosis = new Diagnosis({
      context: model.context, memory, stored: this.stored, line: provokedLine(line, provocations), provocations, events: this.#events,
      settle: () => this.#measure(),
      moment: () => this.#moment(),
      powered: () => this.#registers.powered,
      memoryFailed: () => this.#memoryFailed,
      firmwareFault: () => this.#registers.firmware.fault,
      metrologyFault: () => model.metrology.check(seated.active),
      image: (table) => this.image(table),
      log: (event, detail) => this.log(event, 0, detail),
    }, this.#hostSeconds());
    this.#memoryFailed ||= this.stored.damaged.length > 0 || this.#registers.damaged || this.#events.damaged || this.diagnosis.damaged;
    if (this.#events.torn) this.log(meterEvent.recordTorn);
    this.log(meterEvent.powerUp);
  }

  get now(): number {
    return this.#host.now();
  }

  get configuration(): Configuration {
    return (this.#configuration ??= this.#metrology.configurations.of((table) => this.stored.image(table)));
  }

  /** The whole table as it reads now; undefined where neither stored nor live. */
  image(table: TableId): Uint8Array | undefined {
    const image = this.#live(table) ?? this.stored.image(table);
    return image && this.faults.asRead(table, this.provocations.asRead(table, image));
  }

  /** Procedures 7 and 8. Flags that follow from what is so stay as they are. */
  clearStatus(whose: "standard" | "manufacturer"): void {
    if (whose === "standard") this.#memoryFailed = false;
    this.diagnosis.clear(whose);
  }

  /** Durable on return. False where memory failed: then nothing changed, and table 3 says so from now on. */
  store(table: TableId, offset: number, bytes: Uint8Array): boolean {
    // What was drawn until now was drawn under the old configuration.
    this.#measure();
    try {
      this.diagnosis.sums.expect(table, offset, bytes);
      this.stored.write(table, offset, bytes);
    } catch {
      return false;
    }
    this.diagnosis.written(table);
    if (configurationTables.has(table)) {
      this.#configuration = undefined;
      this.#registers.configurationChanged();
    }
    return true;
  }

  /** Notes an event under the time that the clock shows. An event that memory does not take is lost, and table 3 says so. */
  log(event: MeterEvent, user = 0, detail = 0): void {
    this.#logAt(event, this.clock.utc, user, detail);
  }

  #logAt(event: MeterEvent, utc: number, user = 0, detail = 0): void {
    const [time, now] = [this.clock.reading(this.configuration, utc).seconds, this.#hostSeconds()];
    try {
      const entry = this.#events.add(event, { time, now, user, detail });
      if (isUrgent(event)) this.diagnosis.reports.note(event, { time, now, detail }, entry);
    } catch {
      // Nothing is refused because it could not be noted.
    }
  }

  /** Measures up to now, then diagnostics, summaries and reports. What ended an interval is durable on return, unless memory failed; table 3 says so. */
  tick(): void {
    this.diagnosis.tick();
    this.#enterDue();
  }

  /** The line has power; the firmware that runs and what is wrong with it. */
  get metering(): { readonly powered: boolean; readonly firmware: Registers["firmware"] } {
    return this.#registers;
  }

  setClock(utc: number, mode: ClockMode, user: number): void {
    // What was drawn until now was drawn under the old time.
    this.#measure();
    const moved = utc - this.clock.utc;
    this.log(meterEvent.timeChangedFrom, user);
    this.clock.set(utc, mode);
    this.log(meterEvent.timeChangedTo, user);
    this.#registers.clockMoved(moved);
    this.diagnosis.clockSet(moved);
  }

  clearRegisters(): void {
    this.#registers.clear(this.#hostSeconds());
  }

  reset({ demand, selfRead }: RemoteResets, user: number): boolean {
    this.#measure();
    if (demand && !this.#registers.mayResetDemand(this.#hostSeconds())) return false;
    const { seconds } = this.clock.reading(this.configuration);
    const { season } = this.configuration.tiers.dayAt(seconds);
    if (selfRead) this.#registers.selfRead(seconds, season);
    if (!demand) return true;
    this.#registers.resetDemand(seconds, season, this.configuration);
    this.log(meterEvent.demandReset, user);
    return true;
  }

  /** Entries that have not been marked as read. */
  unread(list: MeterList): number {
    if (list === "events") return this.#events.unread;
    this.#measure();
    return list === "self-reads" ? this.#registers.selfReadsUnread : (this.#registers.profile?.get(ofProfile.unread) ?? 0);
  }

  /** The oldest unread entries become read; `count` is at most `unread`. */
  markRead(list: MeterList, count: number, user: number): void {
    if (list === "events") this.#events.markRead(count);
    else this.#registers.markRead(list, count);
    this.log(list === "events" ? meterEvent.logUpdated : meterEvent.listUpdated, user);
  }

  clearList(list: MeterList, user: number): void {
    this.#measure();
    if (list === "events") this.#events.clear();
    else this.#registers.clearList(list);
    this.log(list === "events" ? meterEvent.logCleared : meterEvent.listReset, user);
  }

  /** The memory; what it fails to write, table 3 reports from then on. */
  #watched(memory: MeterMemory): MeterMemory {
    return {
      read: (key) => memory.read(key),
      write: (key, bytes) => {
        try {
          memory.write(key, bytes);
        } catch (error) {
          this.#memoryFailed = true;
          throw error;
        }
      },
    };
  }

  #live(table: TableId): Uint8Array | undefined {
    if (table === 1) return identityTable(this.context, this.stored.image(1), this.#registers.firmware.version);
    if (table === 3) return this.#status();
    if (table === 52) return clockTable(this.context, this.configuration, this.clock);
    if (table === 55) return clockStateTable(this.context, this.configuration, this.clock, this.#separateRegisters);
    if (table === 23) {
      this.#measure();
      return this.#registers.image(this.configuration);
    }
    if (table === 24 || table === 25) {
      this.#measure();
      return this.#registers.previousImage(table, this.configuration);
    }
    if (table === 26) {
      this.#measure();
      return this.#registers.selfReadImage(this.configuration);
    }
    if (table === 63 || table === 64) {
      this.#measure();
      return this.#registers.profileImage(table, this.configuration);
    }
    if (table === 76) return this.#eventTable();
    const stored = table === 42 ? this.stored.image(42) : undefined;
    return stored ? maskedPasswords(this.context, stored) : this.diagnosis.image(table);
  }

  #status(): Uint8Array {
    const standard = new Set(this.diagnosis.standardFlags);
    if (!this.clock.isSet) standard.add("CLOCK_ERROR");
    if (this.#memoryFailed) standard.add("NONVOL_MEM_FAILURE");
    if (this.#registers.firmware.fault) standard.add("MEASUREMENT_ERROR");
    return statusTable(this.context, this.configuration, standard, this.diagnosis.manufacturerFlags);
  }

  #eventTable(): Uint8Array {
    this.#enterDue();
    return this.#events.image();
  }

  #enterDue(): void {
    try {
      this.#events.enterDue(this.#hostSeconds());
    } catch {
      // Memory failed, which table 3 says: what is there can be read.
    }
  }

  #moment(): DiagnosticMoment {
    return { now: this.#hostSeconds(), at: this.clock.reading(this.configuration).seconds };
  }

  #measure(): void {
    this.#registers.advance(this.#hostSeconds(), this.configuration, this.#time);
    if (!this.#firmwareFailed) return;
    // Firmware that begins to fail is reported at once, not when the next test is due.
    this.#firmwareFailed = false;
    this.diagnosis.checkNow();
  }

  #hostSeconds(): number {
    return Math.floor(this.#host.now() / 1000);
  }
}
