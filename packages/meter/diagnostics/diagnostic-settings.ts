import type { FieldValue } from "@metersmith/tables";
import { listIn, member, numberIn } from "../tree-access.ts";

/** Table DIAGNOSTICS_CONTROL_TBL (ours), its values held within what they may be. */
export interface DiagnosticSettings {
  readonly selfTestSeconds: number;
  /** A day to a month, whatever the table says (I2NFR6). */
  readonly metrologyCheckSeconds: number;
  /** 0: the time source is not watched. */
  readonly timeSyncSeconds: number;
  readonly driftSeconds: number;
  readonly lowBatteryMillivolts: number;
  /** Failed attempts in a row that make a link a failed one. */
  readonly linkFailures: number;
  readonly reportRetrySeconds: number;
  readonly serviceVolts: number;
  /** Deviation of the voltage that still belongs to this service, percent. */
  readonly voltageTolerance: number;
  /** Phases that the form of the meter uses, bit by bit. */
  readonly servicePhases: number;
  /** Whether the phases have to be in the order A-B-C. */
  readonly rotates: boolean;
}

const [hour, day] = [3600, 86_400];
const held = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** As a model without the table has it. */
const byDefault: DiagnosticSettings = {
  selfTestSeconds: day, metrologyCheckSeconds: day, timeSyncSeconds: 35 * day, driftSeconds: 60, lowBatteryMillivolts: 3000, linkFailures: 3, reportRetrySeconds: 60,
  serviceVolts: 240, voltageTolerance: 20, servicePhases: 1, rotates: false,
};

export function readDiagnosticSettings(table: FieldValue | undefined): DiagnosticSettings {
  if (member(table, "SELF_TEST_HOURS") === undefined) return byDefault;
  return {
    selfTestSeconds: held(numberIn(table, "SELF_TEST_HOURS"), 1, 31 * 24) * hour,
    metrologyCheckSeconds: held(numberIn(table, "METROLOGY_CHECK_HOURS"), 24, 31 * 24) * hour,
    timeSyncSeconds: numberIn(table, "TIME_SYNC_DAYS") * day,
    driftSeconds: numberIn(table, "DRIFT_SECONDS"),
    lowBatteryMillivolts: numberIn(table, "LOW_BATTERY_MILLIVOLTS"),
    linkFailures: held(numberIn(table, "LINK_FAILURES"), 1, 255),
    reportRetrySeconds: held(numberIn(table, "REPORT_RETRY_SECONDS"), 10, 600),
    serviceVolts: numberIn(table, "SERVICE_VOLTS"),
    voltageTolerance: numberIn(table, "VOLTAGE_TOLERANCE"),
    servicePhases: listIn(table, "SERVICE_PHASES").reduce<number>((bits, phase) => bits | (1 << numberIn(phase)), 0),
    rotates: numberIn(table, "ROTATION") === 1,
  };
}
