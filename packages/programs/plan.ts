import type { EpochMillis } from "@metersmith/base/clock";
import type { Digest } from "@metersmith/base/digest";
import type { DecodedTable, MaskedImage, TableId } from "@metersmith/tables";
import type { Build } from "./build/build.ts";
import { tierAt } from "./calendar/tier-at.ts";
import { wallClock } from "./calendar/meter-clock.ts";
import type { DeviceType } from "./device-type/device-type.ts";
import { ProgramsError } from "./errors.ts";
import { policyFor, type TableMask } from "./policy/policy.ts";
import { parametersFromTables } from "./reverse/from-tables.ts";

/** What a meter's clock state (table 55) must show at an instant. */
export interface ExpectedState {
  readonly tier: number;
  readonly demandTier?: number;
  readonly season: number;
  readonly specialSchedule: number | null;
}

/** A build for one role, in the form that `@metersmith/client` carries out (its `ProgramPlan`). */
export interface BuildPlan {
  readonly deviceType: string;
  /** `id` is the program's code. */
  readonly program: { readonly id: string; readonly version: number; readonly digest: Digest };
  readonly checks: readonly MaskedImage[];
  readonly writes: readonly MaskedImage[];
  readonly allowed: readonly TableMask[];
  readonly setClock: boolean;
  readonly clock: { readonly mode: "prevailing" | "standard" | "utc"; readonly zone: string; readonly offsetMinutes: number; readonly dst: boolean };
  /** From the calendar that the meter gave back and the clock that the program asks for. Throws `tables-unreadable`. */
  expect(readBack: ReadonlyMap<TableId, DecodedTable>, at: EpochMillis): ExpectedState;
}

export function programPlan(build: Build, type: DeviceType, role: string): BuildPlan {
  if (build.deviceType.digest !== type.digest) {
    throw new ProgramsError("device-type-invalid", `the program was built for ${build.deviceType.id} ${build.deviceType.version} (${build.deviceType.digest}); this is ${type.id} ${type.version} (${type.digest}): build it again`, { kind: "misuse" });
  }
  const { allowed, setClock } = policyFor(type, role);
  const { mode, zone, offsetMinutes, daylight } = build.clock;
  return {
    deviceType: type.id,
    program: { id: build.program.code, version: build.program.version, digest: build.digest },
    checks: build.checks,
    writes: build.writes,
    allowed,
    setClock,
    clock: { mode, zone, offsetMinutes, dst: daylight !== null },
    expect: (readBack, at) => expectedState(type, readBack, wallClock(build.clock, at)),
  };
}

/** Tier and season by the calendar in a meter's own tables, for what its clock shows (`2026-11-21T07:05:09`). */
export function expectedState(type: DeviceType, tables: ReadonlyMap<TableId, DecodedTable>, local: string): ExpectedState {
  const { calendar } = parametersFromTables(type, tables);
  if (!calendar) throw new ProgramsError("tables-unreadable", "table 54 was not read, so the tier cannot be told", { kind: "misuse", context: { table: 54 } });
  const { tier, demandTier, season, special } = tierAt(calendar, local);
  const separate = type.dimension(51, "TIME_FUNC_FLAG2.SEPARATE_SUM_DEMANDS") === 1;
  return { tier, season, specialSchedule: special, ...(separate ? { demandTier } : {}) };
}
