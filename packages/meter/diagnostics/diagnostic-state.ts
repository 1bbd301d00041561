import type { MeterMemory } from "../memory/meter-memory.ts";
import { TwinValue } from "../memory/twin-value.ts";
import type { CivilSeconds } from "../time/civil-date.ts";
import type { Finding } from "./diagnostic.ts";

/** As table DIAGNOSTICS_STATUS_TBL has it. */
export const checkState = { neverRun: 0, passed: 1, failed: 2, notApplicable: 3 } as const;

export interface CheckResult {
  readonly state: (typeof checkState)[keyof typeof checkState];
  readonly value: number;
  readonly limit: number;
  readonly detail: number;
  /** When this state began, by the meter's clock. */
  readonly at: CivilSeconds;
}

interface Runs {
  /** When it last ran, seconds of the running hardware and by the meter's clock; 0 before the first. */
  readonly now: number;
  readonly at: CivilSeconds;
}

export interface DiagnosticState {
  readonly selfTest: Runs;
  readonly metrologyCheck: Runs;
  /** Numbers of diagnostics whose standard flag, and whose manufacturer's flag, is held until it is cleared. */
  readonly standardHeld: readonly number[];
  readonly manufacturerHeld: readonly number[];
  readonly results: ReadonlyMap<number, CheckResult>;
}

const neverRun: CheckResult = { state: checkState.neverRun, value: 0, limit: 0, detail: 0, at: 0 };

export function resultOf({ results }: DiagnosticState, number: number): CheckResult {
  return results.get(number) ?? neverRun;
}

export function resultFrom(finding: Finding | undefined, at: CivilSeconds): CheckResult {
  if (!finding) return { ...neverRun, state: checkState.notApplicable, at };
  const { failed, value, limit, detail = 0 } = finding;
  return { state: failed ? checkState.failed : checkState.passed, value, limit, detail, at };
}

const blank: DiagnosticState = { selfTest: { now: 0, at: 0 }, metrologyCheck: { now: 0, at: 0 }, standardHeld: [], manufacturerHeld: [], results: new Map() };

/** Numbers only, so that the record of ten thousand meters stays small: runs, flags held, then a row for each diagnostic. */
type Rows = readonly (readonly number[])[];

/** The state in one twin record. */
export class DiagnosticRecord {
  readonly #record: TwinValue<Rows>;
  #state: DiagnosticState;

  constructor(memory: MeterMemory) {
    this.#record = new TwinValue<Rows>(memory, "diagnostics", [], (stored) => (areRows(stored) ? stored : undefined));
    this.#state = stateFrom(this.#record.value) ?? blank;
  }

  get damaged(): boolean {
    return this.#record.damaged;
  }

  get state(): DiagnosticState {
    return this.#state;
  }

  /** What memory does not take holds until the power is lost; the next write takes it along. */
  write(state: DiagnosticState): void {
    this.#state = state;
    try {
      this.#record.write(rowsOf(state));
    } catch {
      // Table 3 says that memory failed.
    }
  }
}

function rowsOf({ selfTest, metrologyCheck, standardHeld, manufacturerHeld, results }: DiagnosticState): Rows {
  const runs = [selfTest.now, selfTest.at, metrologyCheck.now, metrologyCheck.at];
  return [runs, standardHeld, manufacturerHeld, ...[...results].map(([number, { state, value, limit, detail, at }]) => [number, state, value, limit, detail, at])];
}

function stateFrom([runs, standardHeld, manufacturerHeld, ...rows]: Rows): DiagnosticState | undefined {
  if (runs?.length !== 4 || !standardHeld || !manufacturerHeld) return undefined;
  const [selfTestNow = 0, selfTestAt = 0, metrologyNow = 0, metrologyAt = 0] = runs;
  const results = new Map<number, CheckResult>();
  for (const [number = 0, state = 0, value = 0, limit = 0, detail = 0, at = 0] of rows) {
    const known = Object.values(checkState).find((one) => one === state);
    if (known !== undefined) results.set(number, { state: known, value, limit, detail, at });
  }
  return { selfTest: { now: selfTestNow, at: selfTestAt }, metrologyCheck: { now: metrologyNow, at: metrologyAt }, standardHeld, manufacturerHeld, results };
}

function areRows(stored: unknown): stored is Rows {
  return Array.isArray(stored) && stored.every((row) => Array.isArray(row) && row.every((value) => typeof value === "number" && Number.isFinite(value)));
}
