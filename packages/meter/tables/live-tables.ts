import type { FieldValue, MeterContext } from "@metersmith/tables";
import type { Configuration } from "../configuration/configuration.ts";
import type { StandardFlag } from "../diagnostics/diagnostic.ts";
import { civilText, dayOf, weekdayOf } from "../time/civil-date.ts";
import type { ClockKeeper } from "../time/clock-keeper.ts";
import { tiersAt } from "../time/time-of-use.ts";

/** SPECIAL_SCHD_ACTIVE on an ordinary day. */
const noSpecial = 15;

/** Table 1: as made, but the version of the firmware, which is the one that runs. */
export function identityTable(context: MeterContext, made: Uint8Array | undefined, firmware: { readonly version: number; readonly revision: number } | undefined): Uint8Array | undefined {
  if (!made || !firmware) return made;
  const image = made.slice();
  const { layout } = context.decode(1, image);
  for (const [field, value] of [["FW_VERSION", firmware.version], ["FW_REVISION", firmware.revision]] as const) {
    const leaf = layout.find(field);
    leaf?.codec.write(image, leaf.offset, value);
  }
  return image;
}

/** Table 3. What the configuration is follows from it at any time; of the other flags, see the diagnostics. */
export function statusTable(context: MeterContext, { status }: Configuration, standard: ReadonlySet<StandardFlag>, manufacturer: readonly number[]): Uint8Array {
  const bits = 8 * (context.layout(3).find("ED_MFG_STATUS")?.width ?? 0);
  return context.encode(3, {
    ED_MODE: { METERING_FLAG: true },
    ED_STD_STATUS1: {
      UNPROGRAMMED_FLAG: status.unprogrammed,
      CONFIGURATION_ERROR_FLAG: status.problems.length > 0,
      ...Object.fromEntries([...standard].map((flag) => [`${flag}_FLAG`, true])),
    },
    ...(bits === 0 ? {} : { ED_MFG_STATUS: manufacturer.filter((bit) => bit < bits) }),
  });
}

/** Table 52: the clock. */
export function clockTable(context: MeterContext, configuration: Configuration, clock: ClockKeeper): Uint8Array {
  return context.encode(52, clockFace(configuration, clock));
}

/** Table 55: the clock, and what the calendar has in force. */
export function clockStateTable(context: MeterContext, configuration: Configuration, clock: ClockKeeper, separateRegisters: boolean): Uint8Array {
  const { seconds } = clock.reading(configuration);
  const inForce = configuration.tiers.dayAt(seconds);
  const { summationTier, demandTier } = tiersAt(inForce, seconds);
  return context.encode(55, {
    ...clockFace(configuration, clock),
    STATUS: {
      ...(separateRegisters ? { CURR_SUMM_TIER: summationTier, CURR_DEMAND_TIER: demandTier } : { CURR_TIER: summationTier }),
      SPECIAL_SCHD_ACTIVE: inForce.special ?? noSpecial,
      SEASON: inForce.season,
    },
  });
}

function clockFace(configuration: Configuration, clock: ClockKeeper): { readonly [field: string]: FieldValue } {
  const { seconds, daylight } = clock.reading(configuration);
  return {
    CLOCK_CALENDAR: civilText(seconds),
    TIME_DATE_QUAL: {
      DAY_OF_WEEK: weekdayOf(dayOf(seconds)),
      DST_FLAG: daylight,
      GMT_FLAG: clock.mode === "utc",
      TM_ZN_APPLIED_FLAG: clock.mode !== "utc",
      DST_APPLIED_FLAG: daylight,
      DST_SUPPORTED_FLAG: clock.mode === "prevailing",
    },
  };
}
