import { openingReasons } from "@metersmith/protection";
import type { FieldValue, MeterContext } from "@metersmith/tables";
import { listIn, member, numberIn } from "../tree-access.ts";
import { protectionTable } from "./protection-tables.ts";

/** Tables hold thousandths: milliamperes, millivolts, milliseconds, thousandths of a degree. */
const thousandth = 0.001;

/** A number in the unit that it is a thousandth of; rounded, so that 0.1 is 0.1. */
function units(value: FieldValue | undefined, field: string): number {
  return Number((numberIn(value, field) * thousandth).toFixed(3));
}

/** SWITCH_RATING_TBL as a study has a meter's rating. */
export function ratingIn(table: FieldValue): object {
  return {
    breakingAmperes: units(table, "BREAKING_CURRENT"), operatingSeconds: units(table, "OPERATING_TIME"), zeroAmperes: units(table, "ZERO_CURRENT"),
    lostVolts: units(table, "LOST_VOLTAGE"), bootSeconds: units(table, "BOOT_TIME"),
    store: {
      capacityJoules: units(table, "STORE_CAPACITY"), movingJoules: units(table, "STORE_MOVEMENT"), chargingWatts: units(table, "STORE_CHARGING"), holdUpWatts: units(table, "STORE_HOLD_UP"),
    },
  };
}

/** PROTECTION_SETTING_TBL as a study has a meter's setting. What is zero is not set; names are those of the enumerations, and a number that has none stays a numeral, which no study takes. */
export function settingIn(context: MeterContext, table: FieldValue): object {
  const name = (enumeration: string, row: FieldValue | undefined, field: string): string => context.definitions.label(enumeration, numberIn(row, field)) ?? String(numberIn(row, field));
  const [sectionalizing, limit] = [member(table, "SECTIONALIZING"), member(table, "LOAD_LIMIT")];
  return {
    overcurrent: listIn(table, "ELEMENTS").filter((row) => numberIn(row, "CURVE") !== 0).map((row) => {
      const reset = name("PROTECTION_RESET", row, "RESET");
      return { curve: name("PROTECTION_CURVE", row, "CURVE"), pickupAmperes: units(row, "PICKUP"), dial: units(row, "DIAL"), reset: reset === "held" ? units(row, "HELD") : reset };
    }),
    ...(numberIn(sectionalizing, "SHOTS") === 0 ? {} : { sectionalize: sectionalizeIn(sectionalizing) }),
    ...(numberIn(limit, "LIMIT") === 0 ? {} : { limit: { amperes: units(limit, "LIMIT"), seconds: units(limit, "EXCESS_TIME"), graceSeconds: units(limit, "GRACE_TIME"), releaseSeconds: units(limit, "RELEASE_TIME") } }),
    conditions: listIn(table, "CONDITIONS").filter((row) => numberIn(row, "CONDITION") !== 0).map((row) => ({
      kind: name("PROTECTION_CONDITION", row, "CONDITION"), threshold: units(row, "THRESHOLD"), release: units(row, "RELEASE"), seconds: units(row, "PERSISTENCE"), action: name("PROTECTION_ACTION", row, "ACTION"),
    })),
    reclose: Object.fromEntries(openingReasons.map((reason, index) => {
      const row = listIn(table, "RECLOSING")[index];
      return [reason, { by: name("CLOSES_AGAIN", row, "BY"), afterSeconds: units(row, "AFTER"), attempts: numberIn(row, "ATTEMPTS") }];
    })),
    settledSeconds: units(table, "SETTLED_TIME"),
  };
}

function sectionalizeIn(row: FieldValue | undefined): object {
  return {
    actuatingAmperes: units(row, "ACTUATING_CURRENT"), sensingSeconds: units(row, "SENSING_TIME"), windowSeconds: units(row, "WINDOW"), shots: numberIn(row, "SHOTS"),
    confirmSeconds: units(row, "CONFIRMING_TIME"), deadTimeSeconds: units(row, "DEAD_TIME"), resetSeconds: units(row, "RESET_TIME"),
    inrush: { factor: units(row, "INRUSH_FACTOR"), seconds: units(row, "INRUSH_TIME") },
  };
}

export function treeOf(context: MeterContext, table: (typeof protectionTable)["rating" | "setting"], image: Uint8Array): FieldValue {
  return context.decode(table, image).tree();
}
