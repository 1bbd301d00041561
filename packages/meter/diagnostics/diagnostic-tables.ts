import type { FieldValue, MeterContext, TableId } from "@metersmith/tables";
import type { PendingSummary } from "../events/pending-summaries.ts";
import type { Report } from "../reports/report-queue.ts";
import { civilText, type CivilSeconds } from "../time/civil-date.ts";
import { diagnostics } from "./diagnostic-list.ts";
import { checkState } from "./diagnostic-state.ts";
import { failureClasses } from "./failure-class.ts";
import type { MeterFacts } from "./meter-facts.ts";
import type { SelfDiagnostics } from "./self-diagnostics.ts";

/** Manufacturer tables of the diagnostics (ours): 2048 + n. Each device type describes them in its fragment. */
export const diagnosticTable = { control: 2056, status: 2057, summaries: 2058, reports: 2059 } as const satisfies Record<string, TableId>;

const time = (field: string, at: CivilSeconds): { readonly [field: string]: FieldValue } => (at === 0 ? {} : { [field]: civilText(at) });
const event = (code: number, manufacturer: boolean): FieldValue => ({ TBL_PROC_NBR: code, STD_VS_MFG: manufacturer });
const day = 86_400;

/** Results of all diagnostics, each in the row of its number, and what a forecast of the battery's end needs. */
export function statusImage(context: MeterContext, self: SelfDiagnostics, facts: MeterFacts, battery: number, now: number): Uint8Array {
  const { selfTest, metrologyCheck } = self.state;
  const { installedAt, carriedOver } = facts.value;
  return context.encode(diagnosticTable.status, {
    ...time("SELF_TEST_TIME", selfTest.at), ...time("METROLOGY_CHECK_TIME", metrologyCheck.at),
    BATTERY_MILLIVOLTS: battery, CARRY_OVER_MINUTES: Math.floor(carriedOver / 60), DAYS_INSTALLED: installedAt === 0 ? 0 : Math.max(0, Math.floor((now - installedAt) / day)),
    RESULTS: diagnostics.map(({ number, class: kind }) => {
      const { state, value, limit, detail, at } = self.result(number);
      return { DIAGNOSTIC: number, CLASS: failureClasses[kind].number, STATE: state, DETAIL: detail, VALUE: value, LIMIT: limit, ...(state === checkState.neverRun ? {} : time("SINCE", at)) };
    }),
  });
}

/** Events that are counted and wait for their entry in table 76. */
export function summariesImage(context: MeterContext, summaries: readonly PendingSummary[]): Uint8Array {
  const { summaries: table } = diagnosticTable;
  return context.encode(table, {
    NBR_SUMMARIES: Math.min(summaries.length, places(context, table, "SUMMARIES")),
    SUMMARIES: summaries.slice(0, places(context, table, "SUMMARIES")).map(({ entry }) => ({
      EVENT_CODE: event(entry.code, entry.manufacturer), DIAGNOSTIC: entry.diagnostic, CLASS: entry.class, DETAIL: entry.detail, COUNT: entry.count, USER_ID: entry.user,
      ...time("FIRST", entry.first), ...time("LAST", entry.time),
    })),
  });
}

/** Reports that wait for their acknowledgement, in the order in which they are to go. Where there are more than places, the first. */
export function reportsImage(context: MeterContext, reports: readonly Report[]): Uint8Array {
  const { reports: table } = diagnosticTable;
  return context.encode(table, {
    NBR_REPORTS: reports.length,
    REPORTS: reports.slice(0, places(context, table, "REPORTS")).map((report) => ({
      REPORT_ID: report.id, CLASS: failureClasses[report.class].number, DIAGNOSTIC: report.diagnostic, EVENT_CODE: event(report.code, report.manufacturer),
      DETAIL: report.detail, COUNT: report.count, ENTRY_SEQ_NBR: report.entry, ...time("FIRST", report.first), ...time("LAST", report.last),
    })),
  });
}

function places(context: MeterContext, table: TableId, list: string): number {
  const shape = context.layout(table).part(list)?.shape;
  return shape?.kind === "array" ? shape.count : 0;
}
