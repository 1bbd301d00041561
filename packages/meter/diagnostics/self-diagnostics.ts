import { meterEvent, type MeterEvent } from "../events/event-kind.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import type { CivilSeconds } from "../time/civil-date.ts";
import type { Diagnostic, StandardFlag } from "./diagnostic.ts";
import { diagnostics } from "./diagnostic-list.ts";
import type { DiagnosticPorts } from "./diagnostic-ports.ts";
import { checkState, DiagnosticRecord, resultFrom, resultOf, type CheckResult, type DiagnosticState } from "./diagnostic-state.ts";
import { failureClasses } from "./failure-class.ts";

/** When diagnostics run: seconds of the running hardware, and what the clock shows. */
export interface DiagnosticMoment {
  readonly now: number;
  readonly at: CivilSeconds;
}

export interface DiagnosticRun {
  /** How many had something to check. */
  readonly run: number;
  /** Numbers of those that failed. */
  readonly failed: readonly number[];
}

/** Safety and service first (I2FR16), then by number. */
const byImportance = [...diagnostics].sort((a, b) => failureClasses[a.class].number - failureClasses[b.class].number || a.number - b.number);

/**
 * The self-diagnostics: all of them at installation (the first tick of a new meter) and on demand, those of the moment at each tick, the others on schedule. A failure is an event
 * when it begins; when it ends that is one too. Flags of table 3 stay until a procedure clears them, where the diagnostic does not say otherwise.
 */
export class SelfDiagnostics {
  readonly #ports: DiagnosticPorts;
  readonly #log: (event: MeterEvent, detail: number) => void;
  readonly #record: DiagnosticRecord;

  constructor(memory: MeterMemory, ports: DiagnosticPorts, log: (event: MeterEvent, detail: number) => void) {
    this.#ports = ports;
    this.#log = log;
    this.#record = new DiagnosticRecord(memory);
  }

  get damaged(): boolean {
    return this.#record.damaged;
  }

  get state(): DiagnosticState {
    return this.#record.state;
  }

  result(number: number): CheckResult {
    return resultOf(this.state, number);
  }

  /** What is due. */
  tick(moment: DiagnosticMoment): DiagnosticRun {
    const { selfTest, metrologyCheck } = this.state;
    const { settings } = this.#ports;
    const selfTestDue = isDue(selfTest.now, settings.selfTestSeconds, moment.now);
    const metrologyDue = isDue(metrologyCheck.now, settings.metrologyCheckSeconds, moment.now);
    return this.#run(moment, (when) => when === "always" || (when === "self-test" ? selfTestDue : metrologyDue));
  }

  /** Those of the moment, now. */
  checkNow(moment: DiagnosticMoment): DiagnosticRun {
    return this.#run(moment, (when) => when === "always");
  }

  /** All of them, now. */
  runAll(moment: DiagnosticMoment): DiagnosticRun {
    return this.#run(moment, () => true);
  }

  /** Flags of ED_STD_STATUS1: those held, and those that follow what is so. */
  get standardFlags(): ReadonlySet<StandardFlag> {
    const flags = new Set<StandardFlag>();
    for (const { number, flag, followsNow } of diagnostics) {
      const set = followsNow ? this.result(number).state === checkState.failed : this.state.standardHeld.includes(number);
      if (flag && set) flags.add(flag);
    }
    return flags;
  }

  /** Bits of ED_MFG_STATUS. */
  get manufacturerFlags(): readonly number[] {
    return this.state.manufacturerHeld.map((number) => number - 1);
  }

  /** Procedure 7. What still fails shows again when it is next found. */
  clearStandardFlags(): void {
    this.#record.write({ ...this.state, standardHeld: [] });
  }

  /** Procedure 8, the same for the manufacturer's flags. */
  clearManufacturerFlags(): void {
    this.#record.write({ ...this.state, manufacturerHeld: [] });
  }

  #run(moment: DiagnosticMoment, isWanted: (when: Diagnostic["when"]) => boolean): DiagnosticRun {
    const before = this.state;
    // Nearly every run changes nothing, and a street has ten thousand meters: copied where needed.
    let results: Map<number, CheckResult> | undefined;
    const failed: Diagnostic[] = [];
    const passedAgain: Diagnostic[] = [];
    let run = 0;
    let changed = false;
    for (const one of byImportance) {
      if (!isWanted(one.when)) continue;
      const found = resultFrom(one.check(this.#ports), moment.at);
      const known = resultOf(before, one.number);
      if (found.state !== checkState.notApplicable) run += 1;
      if (found.state === checkState.failed) failed.push(one);
      if (found.state !== checkState.failed && known.state === checkState.failed) passedAgain.push(one);
      const began = found.state !== known.state;
      changed ||= began;
      if (began || one.when !== "always" || found.state === checkState.failed) (results ??= new Map(before.results)).set(one.number, began ? found : { ...found, at: known.at });
    }
    if (!results) return { run, failed: [] };
    const scheduled = { selfTest: isWanted("self-test"), metrologyCheck: isWanted("metrology-check") };
    const held = (numbers: readonly number[]): readonly number[] => [...new Set([...numbers, ...failed.map(({ number }) => number)])].sort((a, b) => a - b);
    const next: DiagnosticState = {
      selfTest: scheduled.selfTest ? moment : before.selfTest,
      metrologyCheck: scheduled.metrologyCheck ? moment : before.metrologyCheck,
      standardHeld: held(before.standardHeld), manufacturerHeld: held(before.manufacturerHeld), results,
    };
    // Noted before it is kept as known: a power cut between the two has it noted again, not lost.
    for (const one of failed) if (resultOf(before, one.number).state !== checkState.failed) this.#log(one.event, resultOf(next, one.number).detail);
    for (const { number } of passedAgain) this.#log(meterEvent.passedAgain, number);
    if (scheduled.metrologyCheck) this.#log(meterEvent.metrologyChecked, failed.some(({ when }) => when === "metrology-check") ? 1 : 0);
    const flagged = next.standardHeld.length + next.manufacturerHeld.length > before.standardHeld.length + before.manufacturerHeld.length;
    if (changed || flagged || scheduled.selfTest || scheduled.metrologyCheck) this.#record.write(next);
    return { run, failed: failed.map(({ number }) => number) };
  }
}

/** A host whose clock went back does not put a test off. */
function isDue(last: number, every: number, now: number): boolean {
  return last === 0 || now - last >= every || now < last;
}
