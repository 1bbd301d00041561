import type { Clock } from "@metersmith/base/clock";
import type { MeterContext, TableId } from "@metersmith/tables";
import { configurationTables, readConfiguration, type Configuration } from "./configuration/configuration.ts";
import { Diagnosis } from "./diagnostics/diagnosis.ts";
import type { DiagnosticMoment } from "./diagnostics/self-diagnostics.ts";
import { isUrgent, meterEvent, type MeterEvent } from "./events/event-kind.ts";
import { EventLog } from "./events/event-log.ts";
import type { FaultInjection } from "./faults.ts";
import type { Line } from "./line/line.ts";
import type { MeterMemory } from "./memory/meter-memory.ts";
import { TableMemory } from "./memory/table-memory.ts";
import { Registers } from "./metrology/registers.ts";
import type { MeterModel } from "./meter-model.ts";
import { clearProfile, LoadProfile, profileMark } from "./profile/load-profile.ts";
import { ProcedurePace } from "./procedures/procedure-pace.ts";
import type { MeterList, ProcedureBoard } from "./procedures/procedure.ts";
import type { Provocations } from "./provocations/provocations.ts";
import { provokedClock, provokedLine, provokedMemory } from "./provocations/provoked-surroundings.ts";
import { Lockout } from "./sessions/lockout.ts";
import { readPermissions, type Permissions } from "./sessions/permissions.ts";
import { clockStateTable, clockTable, statusTable } from "./tables/live-tables.ts";
import { maskedPasswords } from "./tables/password-table.ts";
import { ClockKeeper } from "./time/clock-keeper.ts";
import type { ClockMode } from "./time/meter-clock.ts";
import { timeOfUseAt } from "./time/time-of-use.ts";
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
  readonly #separateRegisters: boolean;
  #configuration: Configuration | undefined;
  #memoryFailed = false;

  constructor(model: MeterModel, own: ReadonlyMap<TableId, Uint8Array>, line: Line, nonVolatile: MeterMemory, host: Clock, faults: FaultInjection, provocations: Provocations) {
    const memory = this.#watched(provokedMemory(nonVolatile, provocations));
    this.context = model.context;
    this.#host = host;
    this.faults = faults;
    this.pace = new ProcedurePace(host, model.procedureSeconds);
    this.stored = new TableMemory(memory, own);
    this.clock = new ClockKeeper(memory, provokedClock(host, provocations));
    this.lockout = new Lockout(memory);
    const profile = LoadProfile.of(model.context, memory, (table) => this.stored.image(table));
    this.#registers = new Registers(model.context, memory, provokedLine(line, provocations), profile, this.#hostSeconds());
    this.#events = new EventLog(model.context, memory, this.stored.image(71));
    const accessControl = this.stored.image(44);
    this.permissions = readPermissions(accessControl ? model.context.decode(44, accessControl).tree() : {});
    const time = this.stored.image(51);
    this.#separateRegisters = time !== undefined && numberIn(model.context.decode(51, time).tree(), "TIME_FUNC_FLAG2", "SEPARATE_SUM_DEMANDS") === 1;
    this.provocations = provocations;
    this.diagnosis = new Diagnosis({
      context: model.context, memory, stored: this.stored, line: provokedLine(line, provocations), provocations, events: this.#events,
      moment: () => this.#moment(),
      memoryFailed: () => this.#memoryFailed,
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
    return (this.#configuration ??= readConfiguration(this.context, this.stored));
  }

  /** The whole table as it reads now; undefined where neither stored nor live. */
  image(table: TableId): Uint8Array | undefined {
    const image = this.#live(table) ?? this.stored.image(table);
    return image && this.faults.asRead(table, this.provocations.asRead(table, image));
  }

  /** Once in a while, a minute or so: diagnostics, summaries, reports. */
  tick(): void {
    this.diagnosis.tick();
    this.#enterDue();
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
      this.#registers.markProfile(profileMark.configurationChanged);
    }
    return true;
  }

  /** Notes an event under the time that the clock shows. An event that memory does not take is lost, and table 3 says so. */
  log(event: MeterEvent, user = 0, detail = 0): void {
    const { now, at: time } = this.#moment();
    try {
      const entry = this.#events.add(event, { time, now, user, detail });
      if (isUrgent(event)) this.diagnosis.reports.note(event, { time, now, detail }, entry);
    } catch {
      // Nothing is refused because it could not be noted.
    }
  }

  setClock(utc: number, mode: ClockMode, user: number): void {
    // What was drawn until now was drawn under the old time.
    this.#measure();
    const moved = utc - this.clock.utc;
    this.log(meterEvent.timeChangedFrom, user);
    this.clock.set(utc, mode);
    this.log(meterEvent.timeChangedTo, user);
    this.diagnosis.clockSet(moved);
    if (moved !== 0) this.#registers.markProfile((state) => profileMark.clockMoved(state, moved));
  }

  clearRegisters(): void {
    this.#registers.clear(this.#hostSeconds());
  }

  resetDemand(user: number): void {
    this.#measure();
    const { seconds } = this.clock.reading(this.configuration);
    this.#registers.resetDemand(seconds, timeOfUseAt(this.configuration.calendar, seconds).season);
    this.log(meterEvent.demandReset, user);
  }

  /** Entries that have not been marked as read. */
  unread(list: MeterList): number {
    if (list === "events") return this.#events.unread;
    this.#measure();
    return this.#registers.profile?.unread ?? 0;
  }

  /** The oldest unread entries become read; `count` is at most `unread`. */
  markRead(list: MeterList, count: number, user: number): void {
    if (list === "events") this.#events.markRead(count);
    else this.#registers.changeProfile((state) => Object.assign(state, { unread: state.unread - count, overflow: false }));
    this.log(list === "events" ? meterEvent.logUpdated : meterEvent.listUpdated, user);
  }

  clearList(list: MeterList, user: number): void {
    this.#measure();
    if (list === "events") this.#events.clear();
    else this.#registers.changeProfile(clearProfile);
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
    if (table === 3) return this.#status();
    if (table === 52) return clockTable(this.context, this.configuration, this.clock);
    if (table === 55) return clockStateTable(this.context, this.configuration, this.clock, this.#separateRegisters);
    if (table === 23) {
      this.#measure();
      return this.#registers.image(this.configuration);
    }
    if (table === 25) return this.#registers.previousImage(this.configuration);
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
    this.#registers.advance(this.#hostSeconds(), this.configuration, {
      // The end of the host's second: measuring goes by whole ones, and the clock was set somewhere within one.
      utcAt: (hostSeconds) => this.clock.utcAt(hostSeconds * 1000 + 999),
      reading: (utc) => this.clock.reading(this.configuration, utc),
    });
  }

  #hostSeconds(): number {
    return Math.floor(this.#host.now() / 1000);
  }
}
