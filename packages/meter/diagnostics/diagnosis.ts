import type { MeterContext, TableId } from "@metersmith/tables";
import type { EventLog } from "../events/event-log.ts";
import type { MeterEvent } from "../events/event-kind.ts";
import type { FirmwareFault } from "../firmware/firmware-runner.ts";
import type { HealthFault } from "../firmware/health-check.ts";
import type { Line } from "../line/line.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { ProgramSums } from "../memory/program-sums.ts";
import type { TableMemory } from "../banks/table-memory.ts";
import type { Provocations } from "../provocations/provocations.ts";
import { provokedTable } from "../provocations/provoked-surroundings.ts";
import { ReportQueue } from "../reports/report-queue.ts";
import { batteryMillivolts, diagnosticPorts, type DiagnosedBoard } from "./board-ports.ts";
import type { StandardFlag } from "./diagnostic.ts";
import { diagnosticTable, reportsImage, statusImage, summariesImage } from "./diagnostic-tables.ts";
import { MeterFacts } from "./meter-facts.ts";
import { SelfDiagnostics, type DiagnosticMoment, type DiagnosticRun } from "./self-diagnostics.ts";

/** What the board lends to its diagnosis. */
export interface DiagnosedParts {
  readonly context: MeterContext;
  readonly memory: MeterMemory;
  readonly stored: TableMemory;
  readonly line: Line;
  readonly provocations: Provocations;
  readonly events: EventLog;
  /** Measures up to now, so that what diagnostics read is what is so. */
  settle(): void;
  moment(): DiagnosticMoment;
  /** Whether the line has power. */
  powered(): boolean;
  memoryFailed(): boolean;
  firmwareFault(): FirmwareFault | undefined;
  /** What the metrology health check makes of the firmware that is active. */
  metrologyFault(): HealthFault | undefined;
  image(table: TableId): Uint8Array | undefined;
  log(event: MeterEvent, detail: number): void;
}

/** All of a board that looks after itself: self-diagnostics, what they need to remember, and the reports that go out. */
export class Diagnosis {
  readonly reports: ReportQueue;
  readonly sums: ProgramSums;
  readonly #facts: MeterFacts;
  readonly #self: SelfDiagnostics;
  readonly #parts: DiagnosedParts;
  readonly #board: DiagnosedBoard;
  readonly #ports: ReturnType<typeof diagnosticPorts>;
  /** A record of its own was found damaged. */
  readonly damaged: boolean;

  constructor(parts: DiagnosedParts, now: number) {
    const { context, memory, stored, line, provocations } = parts;
    this.#parts = parts;
    this.reports = new ReportQueue(memory);
    this.sums = new ProgramSums(memory, stored, (table, image) => provokedTable(table, image, provocations));
    this.#facts = new MeterFacts(memory, now);
    this.#board = {
      context, line, provocations, facts: this.#facts, sums: this.sums,
      now: () => parts.moment().now,
      image: (table) => parts.image(table),
      memoryFailed: () => parts.memoryFailed(),
      firmwareFault: () => parts.firmwareFault(),
      metrologyFault: () => parts.metrologyFault(),
    };
    this.#ports = diagnosticPorts(this.#board);
    this.#self = new SelfDiagnostics(memory, this.#ports, (event, detail) => parts.log(event, detail));
    this.damaged = [this.reports, this.sums, this.#facts, this.#self].some(({ damaged }) => damaged);
  }

  get standardFlags(): ReadonlySet<StandardFlag> {
    return this.#self.standardFlags;
  }

  get manufacturerFlags(): readonly number[] {
    return this.#self.manufacturerFlags;
  }

  /**
   * Once in a while, a minute or so: what is due of the diagnostics is done, and what waits is reported again. Nothing while the line is dead: an outage is told as
   * one, and is no wrong socket.
   */
  tick(): DiagnosticRun {
    this.#parts.settle();
    if (!this.#parts.powered()) return { run: 0, failed: [] };
    const moment = this.#parts.moment();
    this.#facts.stayAlive(moment.now);
    if (this.#facts.value.installedAt === 0) this.#facts.change({ installedAt: moment.now });
    const run = this.#self.tick(moment);
    this.reports.remind(moment.now, this.#ports.settings.reportRetrySeconds);
    return run;
  }

  /** Those of the moment, now. */
  checkNow(): void {
    this.#self.checkNow(this.#parts.moment());
  }

  /** Procedure 11. */
  diagnose(): DiagnosticRun {
    this.#parts.settle();
    return this.#self.runAll(this.#parts.moment());
  }

  /** Procedures 7 and 8. */
  clear(whose: "standard" | "manufacturer"): void {
    if (whose === "standard") this.#self.clearStandardFlags();
    else this.#self.clearManufacturerFlags();
  }

  /** The clock was set, which moved it by so many seconds. */
  clockSet(correction: number): void {
    this.#facts.change({ syncedAt: this.#parts.moment().now, syncs: this.#facts.value.syncs + 1, correction });
  }

  /** The communications card has tried to reach somebody. */
  linkTried(link: "head-end" | "home-device", reached: boolean, device: number): void {
    const { headEndFailures, homeDeviceFailures } = this.#facts.value;
    const after = (failures: number): number => (reached ? 0 : Math.min(failures + 1, 0xffff));
    this.#facts.change(link === "head-end" ? { headEndFailures: after(headEndFailures) } : { homeDeviceFailures: after(homeDeviceFailures), homeDevice: device });
  }

  /** How the last update of the firmware ended: a reason, 0 for well. */
  updateEnded(reason: number): void {
    this.#facts.change({ updateFailed: reason });
  }

  /** A table was written. */
  written(table: TableId): void {
    if (table === diagnosticTable.control) this.#ports.forgetSettings();
  }

  /** A manufacturer's table of the diagnostics; undefined for any other. */
  image(table: TableId): Uint8Array | undefined {
    const { context, events } = this.#parts;
    if (table === diagnosticTable.status) return statusImage(context, this.#self, this.#facts, batteryMillivolts(this.#board), this.#parts.moment().now);
    if (table === diagnosticTable.summaries) return summariesImage(context, events.summaries);
    if (table === diagnosticTable.reports) return reportsImage(context, this.reports.pending);
    return undefined;
  }
}
