import type { Clock, EpochMillis } from "@metersmith/base/clock";
import { isFailure } from "@metersmith/base/errors";
import { changes, merge, type BitChange, type DecodedTable, type TableId } from "@metersmith/tables";
import { ClientError } from "./client-error.ts";
import { comparison, failedChecks } from "./compare-with-plan.ts";
import { liveMismatches, readLiveState } from "./live-state.ts";
import type { MeterClient } from "./meter-client.ts";
import type { ProgramOptions } from "./program-options.ts";
import type { ProgramPlan } from "./program-plan.ts";
import type { LiveState, ProgramFailure, ProgramMismatch, ProgramRefusal, ProgramReport, ProgramStep, ReportStep, WrittenRange } from "./program-report.ts";
import { clockFault, setMeterClock } from "./set-meter-clock.ts";
import { shown } from "./shown.ts";

/** The clock is verified where it is not off by more than this, seconds. Wider than what makes it be set, so that a slow link does not undo the setting. Ours. */
const clockTolerance = 5;

/** One programming of one meter: what was found and done so far, whatever ends it. */
export class ProgramRun {
  readonly #meter: MeterClient;
  readonly #plan: ProgramPlan;
  readonly #clock: Clock;
  readonly #options: ProgramOptions;
  readonly #startedAt: EpochMillis;
  readonly #steps: ReportStep[] = [];
  readonly #written: WrittenRange[] = [];
  readonly #current = new Map<TableId, Uint8Array>();
  readonly #readBack = new Map<TableId, Uint8Array>();
  readonly #mismatches: ProgramMismatch[] = [];
  #changes: readonly BitChange[] = [];
  #refusals: readonly ProgramRefusal[] = [];
  #inDoubt: WrittenRange | undefined;
  #clockState: ProgramReport["clock"] = "not-reached";
  #liveState: LiveState | undefined;
  #failure: ProgramFailure | undefined;

  constructor(meter: MeterClient, plan: ProgramPlan, clock: Clock, options: ProgramOptions) {
    this.#meter = meter;
    this.#plan = plan;
    this.#clock = clock;
    this.#options = options;
    this.#startedAt = clock.now();
  }

  async toItsEnd(): Promise<void> {
    const goesOn =
      (await this.#step("identify-tables", 1, () => this.#identifyTables())) &&
      (await this.#step("check", this.#plan.checks.length, (done) => this.#check(done))) &&
      this.#refusals.length === 0 &&
      (await this.#step("compare", this.#plan.writes.length, (done) => this.#compare(done))) &&
      this.#refusals.length === 0 &&
      (await this.#step("write", this.#plan.writes.length, (done) => this.#write(done))) &&
      (await this.#step("clock", 1, () => this.#setClock()));
    if (!goesOn) return;
    await this.#step("read-back", this.#tables().length, (done) => this.#readAllBack(done));
    if (!this.#failure) await this.#step("live-state", 4, (done) => this.#lookAtLiveState(done));
  }

  report(): ProgramReport {
    const failed = this.#failure !== undefined || this.#mismatches.length > 0;
    return {
      outcome: this.#refusals.length > 0 ? "refused" : failed ? "failed" : "verified",
      steps: this.#steps,
      changes: this.#changes,
      written: this.#written,
      ...(this.#inDoubt ? { inDoubt: this.#inDoubt } : {}),
      clock: this.#clockState,
      refusals: this.#refusals,
      mismatches: this.#mismatches,
      ...(this.#liveState ? { liveState: this.#liveState } : {}),
      readBack: this.#readBack,
      ...(this.#failure ? { failure: this.#failure } : {}),
      startedAt: this.#startedAt,
      endedAt: this.#clock.now(),
    };
  }

  /** Runs one stage; false where it failed. `work` tells what it found in one line. */
  async #step(step: ProgramStep, total: number, work: (done: (count: number) => void) => Promise<string>): Promise<boolean> {
    const startedAt = this.#clock.now();
    const progress = (done: number): void => this.#options.onProgress?.({ step, done, total });
    let detail: string;
    try {
      this.#options.signal?.throwIfAborted();
      progress(0);
      detail = await work(progress);
      progress(total);
    } catch (error) {
      this.#failure = this.#failureOf(step, error);
      detail = this.#failure.message;
    }
    this.#steps.push({ step, startedAt, endedAt: this.#clock.now(), detail });
    return this.#failure === undefined;
  }

  async #identifyTables(): Promise<string> {
    const context = await this.#meter.context(this.#waiting);
    const absent = this.#tables().filter((table) => !context.has(table));
    if (absent.length > 0) {
      throw new ClientError("peer-data", "bad-plan", `The meter has no table ${absent.join(", ")}, which the program checks or writes. It is not a ${this.#plan.deviceType}.`, { table: absent[0] });
    }
    return `tables identified, negotiated ${this.#meter.negotiated?.packetSize ?? 64} bytes a packet`;
  }

  async #check(done: (count: number) => void): Promise<string> {
    await this.#readCurrent(this.#plan.checks.map(({ table }) => table), done);
    this.#refusals = failedChecks(await this.#meter.context(), this.#current, this.#plan);
    const found = this.#refusals.length;
    return found === 0 ? `${this.#plan.checks.length} tables are as the program expects` : `${found} fields are not as the program expects`;
  }

  async #compare(done: (count: number) => void): Promise<string> {
    await this.#readCurrent(this.#plan.writes.map(({ table }) => table), done);
    const compared = comparison(await this.#meter.context(), this.#current, this.#plan);
    this.#changes = compared.changes;
    this.#refusals = compared.refusals;
    return `${compared.changes.length} fields differ, ${compared.refusals.length} of them may not be changed`;
  }

  async #readCurrent(tables: readonly TableId[], done: (count: number) => void): Promise<void> {
    for (const [index, table] of tables.entries()) {
      if (!this.#current.has(table)) this.#current.set(table, await this.#meter.readImage(table, this.#waiting));
      done(index + 1);
    }
  }

  async #write(done: (count: number) => void): Promise<string> {
    const { signal } = this.#options;
    for (const [index, wanted] of this.#plan.writes.entries()) {
      const before = this.#current.get(wanted.table) ?? new Uint8Array();
      const target = merge(before, wanted);
      await this.#meter.writeChanges(wanted.table, before, target, {
        ...(signal ? { signal } : {}),
        onSending: (range) => void (this.#inDoubt = range),
        onWritten: (range) => {
          this.#inDoubt = undefined;
          this.#written.push(range);
        },
      });
      // A later image of the same table builds on what is there now.
      this.#current.set(wanted.table, target);
      done(index + 1);
    }
    const octets = this.#written.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return `${octets} octets written in ${this.#written.length} pieces`;
  }

  async #setClock(): Promise<string> {
    if (!this.#plan.setClock) {
      this.#clockState = "not-needed";
      return "the program leaves the clock alone";
    }
    const fault = await clockFault(this.#meter, this.#plan.clock, this.#clock, this.#waiting);
    if (fault === undefined) {
      this.#clockState = "not-needed";
      return "the clock is right";
    }
    this.#clockState = "in-doubt";
    await setMeterClock(this.#meter, this.#plan.clock, this.#clock, this.#waiting);
    this.#clockState = "done";
    return `the clock was set: ${fault}`;
  }

  async #readAllBack(done: (count: number) => void): Promise<string> {
    const context = await this.#meter.context();
    for (const [index, table] of this.#tables().entries()) {
      this.#readBack.set(table, await this.#meter.readImage(table, this.#waiting));
      done(index + 1);
    }
    for (const wanted of [...this.#plan.checks, ...this.#plan.writes]) {
      for (const { table, path, offset, before, after } of changes(context, this.#readBack.get(wanted.table) ?? new Uint8Array(), wanted)) {
        this.#mismatches.push({ kind: "read-back", table, path, offset, expected: after, actual: before, message: `Table ${table}, ${path} (octet ${offset}) reads back as ${shown(before)}; ${shown(after)} was expected.` });
      }
    }
    return `${this.#readBack.size} tables read back, ${this.#mismatches.length} fields differ`;
  }

  async #lookAtLiveState(done: (count: number) => void): Promise<string> {
    const read = async (table: TableId, count: number): Promise<DecodedTable> => {
      const decoded = await this.#meter.readTable(table, this.#waiting);
      done(count);
      return decoded;
    };
    const [status, identity, clock] = [await read(3, 1), await read(6, 2), await read(52, 3)];
    const at = this.#clock.now();
    const clockState = await read(55, 4);
    const tables = { at, status, identity, clock, clockState };
    this.#liveState = readLiveState(tables, this.#plan);
    const context = await this.#meter.context();
    const readBack = new Map([...this.#readBack].map(([table, bytes]) => [table, context.decode(table, bytes)]));
    const instants = [0, -clockTolerance, clockTolerance].map((seconds) => at + seconds * 1000);
    const found = liveMismatches(this.#liveState, tables, this.#plan, instants.map((instant) => this.#plan.expect(readBack, instant)), clockTolerance);
    this.#mismatches.push(...found);
    return found.length === 0 ? `tier ${this.#liveState.tier}, season ${this.#liveState.season}, clock ${this.#liveState.clock}` : `${found.length} findings`;
  }

  /** Every table that the plan checks or writes, once. */
  #tables(): TableId[] {
    return [...new Set([...this.#plan.checks, ...this.#plan.writes].map(({ table }) => table))];
  }

  get #waiting(): { signal?: AbortSignal } {
    return this.#options.signal ? { signal: this.#options.signal } : {};
  }

  /** Anything that is not a failure of link, meter, definitions or plan is a bug of ours, and goes on up. */
  #failureOf(step: ProgramStep, error: unknown): ProgramFailure {
    // A refused write is not in doubt: the meter said no.
    if (isFailure(error) && error.kind === "peer-refused") this.#inDoubt = undefined;
    const { signal } = this.#options;
    if (signal?.aborted && error === signal.reason) {
      const { code, kind, message, context } = new ClientError("misuse", "cancelled", `Programming was cancelled ${this.#written.length === 0 ? "before anything was written" : "after a part was written; run it again to finish"}.`, { field: step });
      return { step, code, kind, message, context };
    }
    if (!isFailure(error)) throw error;
    return { step, code: error.code, kind: error.kind, message: `${error.message}${this.#whatIsThere()}`, context: error.context };
  }

  #whatIsThere(): string {
    const range = ({ table, offset, bytes }: WrittenRange): string => `table ${table} ${bytes.length === 1 ? `octet ${offset}` : `octets ${offset}–${offset + bytes.length - 1}`}`;
    const doubt = this.#inDoubt ? ` In doubt: ${range(this.#inDoubt)}.` : "";
    if (this.#written.length === 0) return doubt === "" ? " Nothing was written." : doubt;
    return ` Written and acknowledged: ${this.#written.map(range).join(", ")}.${doubt} Run it again to finish.`;
  }
}
