import { Failure } from "@metersmith/base/errors";
import type { DeviceType } from "@metersmith/programs";
import { openingReasons, relayCurves, type Study } from "@metersmith/protection";
import type { FieldValue } from "@metersmith/tables";

/** Tables of a device type with our service switch (docs/reference/protection.md#in-the-meter). */
const [ratingTable, settingTable] = [2064, 2065];
const mostInTable = 0xffff_ffff;

export interface ProtectionTable {
  readonly table: number;
  readonly name: string;
  readonly octets: Uint8Array;
}

/**
 * The setting of a study as the table of a device type, octet by octet as it is written to a meter. @throws Failure where the type has no service switch, where the study is about
 * another switch than the type's, and for what the table cannot hold exactly.
 */
export function protectionTableOf(study: Study, type: DeviceType): ProtectionTable {
  const { definitions, context, factoryImages } = type;
  const [rating, setting] = [ratingTable, settingTable].map((number) => definitions.tables.get(number));
  const made = factoryImages.get(ratingTable);
  if (!rating || !setting || !made) throw new Failure("misuse", "device-type", `${type.id} has no service switch`);
  const asStudied = context.encode(ratingTable, ratingTree(study));
  const differs = context.layout(ratingTable).leaves.find(({ offset, width }) => asStudied.subarray(offset, offset + width).some((octet, index) => octet !== made[offset + index]));
  if (differs) throw new Failure("input", "rating", `the study is about another switch than that of ${type.id}: ${differs.path} differs`);
  return { table: settingTable, name: setting.name, octets: context.encode(settingTable, settingTree(study, type)) };
}

function ratingTree({ meter: { rating } }: Study): FieldValue {
  const { store } = rating;
  return {
    BREAKING_CURRENT: thousandths("breakingAmperes", rating.breakingAmperes), OPERATING_TIME: thousandths("operatingSeconds", rating.operatingSeconds), ZERO_CURRENT: thousandths("zeroAmperes", rating.zeroAmperes),
    LOST_VOLTAGE: thousandths("lostVolts", rating.lostVolts), BOOT_TIME: thousandths("bootSeconds", rating.bootSeconds), STORE_CAPACITY: thousandths("capacityJoules", store.capacityJoules),
    STORE_MOVEMENT: thousandths("movingJoules", store.movingJoules), STORE_CHARGING: thousandths("chargingWatts", store.chargingWatts), STORE_HOLD_UP: thousandths("holdUpWatts", store.holdUpWatts),
  };
}

function settingTree({ meter: { setting } }: Study, { definitions }: DeviceType): FieldValue {
  const code = (enumeration: string, name: string): number => {
    const row = definitions.enumerations.get(enumeration)?.values.find((value) => value.name === name);
    if (!row) throw new Failure("input", "setting", `the meter knows no ${name} (${enumeration})`);
    return row.value;
  };
  const { sectionalize, limit } = setting;
  return {
    ELEMENTS: filled(3, "overcurrent elements", setting.overcurrent.map(({ data, pickupAmperes, dial, reset }) => ({
      CURVE: code("PROTECTION_CURVE", Object.entries(relayCurves).find(([, curve]) => curve === data)?.[0] ?? data.name),
      RESET: code("PROTECTION_RESET", typeof reset === "number" ? "held" : reset), HELD: typeof reset === "number" ? thousandths("reset", reset) : 0,
      PICKUP: thousandths("pickupAmperes", pickupAmperes), DIAL: thousandths("dial", dial),
    }))),
    SECTIONALIZING: sectionalize
      ? {
          SHOTS: sectionalize.shots, ACTUATING_CURRENT: thousandths("actuatingAmperes", sectionalize.actuatingAmperes), SENSING_TIME: thousandths("sensingSeconds", sectionalize.sensingSeconds),
          WINDOW: thousandths("windowSeconds", sectionalize.windowSeconds), CONFIRMING_TIME: thousandths("confirmSeconds", sectionalize.confirmSeconds),
          DEAD_TIME: thousandths("deadTimeSeconds", sectionalize.deadTimeSeconds), RESET_TIME: thousandths("resetSeconds", sectionalize.resetSeconds),
          INRUSH_FACTOR: thousandths("inrush.factor", sectionalize.inrush.factor), INRUSH_TIME: thousandths("inrush.seconds", sectionalize.inrush.seconds),
        }
      : {},
    LOAD_LIMIT: limit
      ? {
          LIMIT: thousandths("limit.amperes", limit.amperes), EXCESS_TIME: thousandths("limit.seconds", limit.seconds), GRACE_TIME: thousandths("graceSeconds", limit.graceSeconds),
          RELEASE_TIME: thousandths("releaseSeconds", limit.releaseSeconds),
        }
      : {},
    CONDITIONS: filled(4, "conditions", setting.conditions.map(({ kind, action, threshold, release, seconds }) => ({
      CONDITION: code("PROTECTION_CONDITION", kind), ACTION: code("PROTECTION_ACTION", action), THRESHOLD: thousandths("threshold", threshold), RELEASE: thousandths("release", release),
      PERSISTENCE: thousandths("seconds", seconds),
    }))),
    RECLOSING: openingReasons.map((reason) => {
      const { by, afterSeconds, attempts } = setting.reclose[reason];
      if (attempts > 0xff) throw new Failure("input", "setting", `reclose.${reason}: the table holds 255 attempts at most, not ${attempts}`);
      return { BY: code("CLOSES_AGAIN", by), AFTER: thousandths(`reclose.${reason}`, afterSeconds), ATTEMPTS: attempts };
    }),
    SETTLED_TIME: thousandths("settledSeconds", setting.settledSeconds),
  };
}

/** Rows, and empty ones behind them. */
function filled(places: number, what: string, rows: readonly FieldValue[]): FieldValue[] {
  if (rows.length > places) throw new Failure("input", "setting", `the table holds ${places} ${what}, not ${rows.length}`);
  return [...rows, ...Array.from({ length: places - rows.length }, () => ({}))];
}

function thousandths(field: string, value: number): number {
  const whole = Math.round(value * 1000);
  if (Math.abs(whole / 1000 - value) > 1e-9 * Math.max(1, value) || whole > mostInTable) throw new Failure("input", "setting", `${field}: the table holds thousandths up to 4,294,967.295, not ${value}`);
  return whole;
}
