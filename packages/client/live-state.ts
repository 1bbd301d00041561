import type { EpochMillis } from "@metersmith/base/clock";
import type { DecodedTable, FieldValue } from "@metersmith/tables";
import { clockFace, secondsBetween } from "./planned-clock.ts";
import type { LiveExpectation, ProgramPlan } from "./program-plan.ts";
import type { LiveState, ProgramMismatch } from "./program-report.ts";
import { shown } from "./shown.ts";

/** The tables that tell how the meter runs, as read at one time. */
export interface LiveTables {
  readonly at: EpochMillis;
  /** Table 3. */
  readonly status: DecodedTable;
  /** Table 6. */
  readonly identity: DecodedTable;
  /** Table 52. */
  readonly clock: DecodedTable;
  /** Table 55. */
  readonly clockState: DecodedTable;
}

/** SPECIAL_SCHD_ACTIVE on an ordinary day. Source: facts ST55. */
const noSpecial = 15;

/** The bits of table 3 that a programmed meter does not show. */
const faultFlags = ["UNPROGRAMMED_FLAG", "CONFIGURATION_ERROR_FLAG", "CLOCK_ERROR_FLAG"] as const;

export function readLiveState({ at, status, identity, clock, clockState }: LiveTables, plan: ProgramPlan): LiveState {
  const separate = clockState.layout.find("STATUS.CURR_SUMM_TIER") !== undefined;
  const reading = String(clock.get("CLOCK_CALENDAR"));
  const error = secondsBetween(clockFace(plan.clock, at).reading, reading);
  const special = Number(clockState.get("STATUS.SPECIAL_SCHD_ACTIVE"));
  const flag = (name: string): boolean => status.get(`ED_STD_STATUS1.${name}`) === true;
  return {
    at,
    clock: reading,
    ...(Number.isNaN(error) ? {} : { clockErrorSeconds: error }),
    unprogrammed: flag("UNPROGRAMMED_FLAG"),
    configurationError: flag("CONFIGURATION_ERROR_FLAG"),
    clockError: flag("CLOCK_ERROR_FLAG"),
    tier: Number(clockState.get(separate ? "STATUS.CURR_SUMM_TIER" : "STATUS.CURR_TIER")),
    ...(separate ? { demandTier: Number(clockState.get("STATUS.CURR_DEMAND_TIER")) } : {}),
    season: Number(clockState.get("STATUS.SEASON")),
    specialSchedule: special === noSpecial ? null : special,
    identity: {
      tariffId: identity.text("TARIFF_ID"),
      version: Number(identity.get("EX1_SW_VERSION")) * 256 + Number(identity.get("EX1_SW_REVISION")),
      programmer: identity.text("PROGRAMMER_NAME"),
      buildMark: identity.text("MISC_ID"),
    },
  };
}

/**
 * What of the running meter is not as the plan says. `expectations`: what may be in force, one for each instant within the clock's
 * tolerance; the meter must agree with one of them as a whole.
 */
export function liveMismatches(state: LiveState, tables: LiveTables, plan: ProgramPlan, expectations: readonly LiveExpectation[], toleranceSeconds: number): ProgramMismatch[] {
  const found: ProgramMismatch[] = [];
  const differs = (table: number, path: string, expected: FieldValue, actual: FieldValue, what: string): void => {
    found.push({ kind: "live", table, path, expected, actual, message: `Table ${table}, ${path}: ${what}: expected ${shown(expected)}, the meter shows ${shown(actual)}.` });
  };
  for (const name of faultFlags) {
    const actual = tables.status.get(`ED_STD_STATUS1.${name}`);
    if (actual !== false) differs(3, `ED_STD_STATUS1.${name}`, false, actual, "the meter itself reports a fault");
  }
  const face = clockFace(plan.clock, state.at);
  if (state.clockErrorSeconds === undefined || Math.abs(state.clockErrorSeconds) > toleranceSeconds) {
    differs(52, "CLOCK_CALENDAR", face.reading, state.clock, `the clock is off by more than ${toleranceSeconds} s`);
  }
  for (const [name, expected] of Object.entries(face.qualifiers)) {
    const actual = tables.clock.get(`TIME_DATE_QUAL.${name}`);
    if (name !== "DAY_OF_WEEK" && actual !== expected) differs(52, `TIME_DATE_QUAL.${name}`, expected, actual, `the clock does not run in ${plan.clock.mode} time`);
  }
  const [expected] = expectations;
  if (expected && !expectations.some((one) => fieldsOf(one).every(([field, value]) => state[field] === value))) {
    for (const [field, value] of fieldsOf(expected)) {
      const actual = state[field] ?? null;
      if (actual !== value) differs(55, statusPath[field], shown(value), shown(actual), "what is in force now is not what the calendar read back says");
    }
  }
  return found;
}

const statusPath = { tier: "STATUS (energy tier)", demandTier: "STATUS (demand tier)", season: "STATUS.SEASON", specialSchedule: "STATUS.SPECIAL_SCHD_ACTIVE" } as const;
const expectedFields = ["tier", "demandTier", "season", "specialSchedule"] as const;

/** The members of an expectation that are to be compared. */
function fieldsOf(expectation: LiveExpectation): (readonly [field: (typeof expectedFields)[number], value: number | null])[] {
  return expectedFields.flatMap((field) => {
    const value = expectation[field];
    return value === undefined ? [] : [[field, value] as const];
  });
}
