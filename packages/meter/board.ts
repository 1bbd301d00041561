import type { Clock } from "@metersmith/base/clock";
import type { MeterContext, TableId } from "@metersmith/tables";
import type { ProgramMark } from "./banks/bank-record.ts";
import type { BoardMount } from "./board-mount.ts";
import { configurationTables, type Configuration } from "./configuration/configuration.ts";
import { Diagnosis } from "./diagnostics/diagnosis.ts";
import type { DiagnosticMoment } from "./diagnostics/self-diagnostics.ts";
import { isUrgent, meterEvent, type MeterEvent } from "./events/event-kind.ts";
import { EventLog } from "./events/event-log.ts";
import type { FaultInjection } from "./faults.ts";
import { regionsOf } from "./flash/flash-layout.ts";
import { taken } from "./flash/flash-failure.ts";
import { isPowerCut } from "./flash/power-cut.ts";
import { watchedMemory } from "./memory/watched-memory.ts";
import { TableMemory } from "./banks/table-memory.ts";
import type { Metrology } from "./metrology/metrology.ts";
import { Registers, type MeterTime } from "./metrology/registers.ts";
import { liveTables, type MeterModel } from "./meter-model.ts";
import { ofProfile } from "./profile/profile-state.ts";
import { ServiceSwitch } from "./protection/service-switch.ts";
import { ProcedurePace } from "./procedures/procedure-pace.ts";
import { procedureResult, type MeterList, type ProcedureBoard, type RemoteResets } from "./procedures/procedure.ts";
import { programProcedures, standardProcedures } from "./procedures/standard-procedures.ts";
import type { Provocations } from "./provocations/provocations.ts";
import { provokedClock, provokedFirmware, provokedFlash, provokedLine, provokedMemory } from "./provocations/provoked-surroundings.ts";
import { Lockout } from "./sessions/lockout.ts";
import { readPermissions, type Permissions } from "./sessions/permissions.ts";
import { BoardTables } from "./tables/board-tables.ts";
import { ClockKeeper } from "./time/clock-keeper.ts";
import { untilShift, type ClockMode } from "./time/meter-clock.ts";
import { boardUpdate, type UpdateTrust } from "./update/board-update.ts";
import { MeterUpdate } from "./update/meter-update.ts";
import type { UpdateBoard } from "./update/update-board.ts";
import type { UpdateRefusal } from "./update/update-refusal.ts";

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
  readonly update: MeterUpdate;
  readonly serviceSwitch: ServiceSwitch | undefined;
  readonly provocations: Provocations;
  readonly #registers: Registers;
  readonly #events: EventLog;
  readonly host: Clock;
  readonly #metrology: Metrology;
  readonly #time: MeterTime;
  readonly #tables: BoardTables;
  #configuration: Configuration | undefined;
  #memoryFailed = false;
  #firmwareFailed = false;

  constructor(model: MeterModel, own: ReadonlyMap<TableId, Uint8Array>, mount: BoardMount) {
    const { line, clock: host, faults, provocations, trust } = mount;
    const memory = watchedMemory(provokedMemory(mount.memory, provocations), () => void (this.#memoryFailed = true));
    this.context = model.context;
    this.host = host;
    this.faults = faults;
    this.pace = new ProcedurePace(host, model.procedureSeconds);
    const flash = provokedFlash(mount.flash, provocations);
    const { layout, modules } = model.flash;
    this.stored = new TableMemory(regionsOf(flash, layout.banks), own);
    this.clock = new ClockKeeper(memory, provokedClock(host, provocations));
    this.update = new MeterUpdate(flash, layout, this.#updated(model, trust), modules);
    this.lockout = new Lockout(memory);
    this.#metrology = model.metrology;
    this.#time = {
      // The end of the host's second: measuring goes by whole ones, and the clock was set somewhere within one.
      utcAt: (hostSeconds) => this.clock.utcAt(hostSeconds * 1000 + 999),
      reading: (utc) => this.clock.reading(this.configuration, utc),
      untilShift: (utc) => untilShift(utc, this.clock.mode, this.configuration.offset, this.configuration.calendar),
    };
    const seated = provokedFirmware(mount.firmware ?? this.update, provocations);
    this.serviceSwitch = model.protection && new ServiceSwitch({
      store: model.protection, supply: provokedLine(line, provocations), provocations, memory, matter: mount.memory, host, clock: this.clock, reading: this.#time.reading,
      stored: (table) => this.stored.image(table), log: (event, utc, detail) => this.#logAt(event, utc, 0, detail),
    });
    const terminals = this.serviceSwitch?.line ?? provokedLine(line, provocations);
    this.#registers = new Registers(model.metrology, memory, terminals, seated, this.#hostSeconds(), {
      powerLost: (utc) => this.#logAt(meterEvent.powerDown, utc),
      powerBack: (utc) => this.#logAt(meterEvent.powerUp, utc),
      firmwareFailed: () => void (this.#firmwareFailed = true),
    });
    this.#events = new EventLog(model.context, memory, this.stored.image(71));
    const accessControl = this.stored.image(44);
    this.permissions = readPermissions(accessControl ? model.context.decode(44, accessControl).tree() : {});
    this.provocations = provocations;
    this.diagnosis = new Diagnosis({
      context: model.context, memory, stored: this.stored, line: terminals, provocations, events: this.#events,
      settle: () => this.#measure(), moment: () => this.#moment(),
      powered: () => this.#registers.powered, memoryFailed: () => this.#memoryFailed,
      firmwareFault: () => this.#registers.firmware.fault, metrologyFault: () => model.metrology.check(seated.active),
      image: (table) => this.image(table), log: (event, detail) => this.log(event, 0, detail),
    }, this.#hostSeconds());
    this.#tables = new BoardTables({
      context: model.context, stored: this.stored, clock: this.clock, registers: this.#registers, diagnosis: this.diagnosis, update: this.update, serviceSwitch: this.serviceSwitch,
      configuration: () => this.configuration, settle: () => this.#measure(),
      memoryFailed: () => this.#memoryFailed, events: () => this.#eventTable(),
    });
    this.#memoryFailed ||= this.stored.damaged || this.#registers.damaged || this.serviceSwitch?.damaged === true || this.#events.damaged || this.diagnosis.damaged;
    if (this.#events.torn) this.log(meterEvent.recordTorn);
    this.log(meterEvent.powerUp);
    this.update.start();
    this.#noteUpdate();
  }

  get configuration(): Configuration {
    return (this.#configuration ??= this.#metrology.configurations.of((table) => this.stored.image(table)));
  }

  /** The whole table as it reads now; undefined where neither stored nor live. */
  image(table: TableId): Uint8Array | undefined {
    const image = this.#tables.image(table) ?? this.stored.image(table);
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
    const kept = this.#kept(() => {
      this.diagnosis.sums.expect(table, offset, bytes);
      return this.stored.write(table, offset, bytes);
    });
    if (kept) this.#written([table]);
    return kept;
  }

  /** A whole program in the other bank, which is the active one from then on; or nothing and false, as with `store`. */
  #fill(images: ReadonlyMap<TableId, Uint8Array>, program: ProgramMark["program"]): boolean {
    this.#measure();
    const kept = this.#kept(() => {
      for (const [table, image] of images) this.diagnosis.sums.expect(table, 0, image);
      return this.stored.fill(images, program);
    });
    if (kept) this.#written([...images.keys()]);
    return kept;
  }

  #kept(write: () => boolean): boolean {
    const kept = taken(write);
    this.#memoryFailed ||= !kept;
    return kept;
  }

  #written(tables: readonly TableId[]): void {
    for (const table of tables) this.diagnosis.written(table);
    this.serviceSwitch?.written(tables);
    if (!tables.some((table) => configurationTables.has(table))) return;
    this.#configuration = undefined;
    this.#registers.configurationChanged();
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
    } catch (error) {
      // Nothing is refused because it could not be noted.
      if (isPowerCut(error)) throw error;
    }
  }

  /** Measures up to now, then diagnostics, what is due of an update, summaries and reports. What ended an interval is durable on return, unless memory failed; table 3 says so. */
  tick(): void {
    this.diagnosis.tick();
    this.update.tick();
    this.#noteUpdate();
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

  #eventTable(): Uint8Array {
    this.#enterDue();
    return this.#events.image();
  }

  commandUpdate(command: (update: MeterUpdate) => UpdateRefusal | undefined): UpdateRefusal | undefined {
    this.#measure();
    const refusal = command(this.update);
    this.#noteUpdate();
    return refusal;
  }

  /** How an update of the firmware ended, diagnostics remember. */
  #noteUpdate(): void {
    const { failure } = this.update;
    if (failure !== undefined) this.diagnosis.updateEnded(failure);
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
    this.serviceSwitch?.watch();
    this.#registers.advance(this.#hostSeconds(), this.configuration, this.#time);
    this.serviceSwitch?.line.forget(this.#hostSeconds());
    if (!this.#firmwareFailed) return;
    // Firmware that begins to fail is reported at once, not when the next test is due.
    this.#firmwareFailed = false;
    this.diagnosis.checkNow();
  }

  /** What an update may do with the board. */
  #updated(model: MeterModel, trust: UpdateTrust | undefined): UpdateBoard {
    return boardUpdate({
      deviceType: model.deviceType, context: model.context, stored: this.stored, runner: model.metrology.bench.runner, trust,
      now: () => (this.clock.isSet ? Math.floor(this.clock.utc) : undefined),
      read: (table) => this.image(table),
      isWritten: (table) => this.context.writable(table) && !liveTables.has(table),
      isRun: (procedure) => this.context.hasProcedure(procedure) && programProcedures.has(procedure),
      selfTest: (module) => model.metrology.check(module)?.what,
      fillBank: (images, program) => this.#fill(images, program),
      run: (procedure, parameter) => standardProcedures.get(procedure)?.(this, parameter, 0).result === procedureResult.completed,
    });
  }

  #hostSeconds(): number {
    return Math.floor(this.host.now() / 1000);
  }
}
