import type { LiveState, ProgramReport, WrittenRange } from "@metersmith/client";
import type { FieldValue } from "@metersmith/tables";
import type { SessionDetail } from "../api/contract.ts";

type Evidence = Pick<SessionDetail, "changes" | "written" | "mismatches" | "liveState">;

/** What a programming report says, as the ledger keeps it. */
export function evidenceOf(report: ProgramReport): Evidence {
  const differences = report.outcome === "refused" ? report.refusals : report.changes;
  return {
    changes: differences.map(({ table, path, offset, before, after }) => ({ table, path, offset, before: valueText(before), after: valueText(after) })),
    written: [
      ...report.written.map((range) => writtenRange(range, "acknowledged")),
      ...(report.inDoubt ? [writtenRange(report.inDoubt, "in doubt")] : []),
    ],
    mismatches: report.mismatches.map(({ table, path, offset, expected, actual }) => ({
      table,
      path,
      offset: offset ?? 0,
      before: valueText(expected),
      after: valueText(actual),
    })),
    liveState: report.liveState ? liveFacts(report.liveState, report.mismatches) : [],
  };
}

/** Why a session did not end well and what the meter now holds of it; null where it did. */
export function reasonOf(report: ProgramReport): string | null {
  if (report.outcome === "verified") return null;
  if (report.outcome === "refused") {
    const [first, ...others] = report.refusals.map((one) => one.message);
    return `${first ?? "refused"}${others.length > 0 ? ` (and ${others.length} more)` : ""} Nothing was written.`;
  }
  const why = report.failure?.message ?? report.mismatches.map((one) => one.message).join("; ");
  return `${why} ${whatTheMeterHolds(report)}`;
}

function whatTheMeterHolds({ written, inDoubt, clock }: ProgramReport): string {
  if (written.length === 0 && !inDoubt && (clock === "not-reached" || clock === "not-needed")) return "Nothing was written: the meter is as it was.";
  const octets = written.reduce((sum, range) => sum + range.bytes.length, 0);
  const tables = [...new Set(written.map((range) => range.table))].join(", ");
  const parts = [written.length === 0 ? "No write was acknowledged" : `${octets} octets of table ${tables} were written and acknowledged`];
  if (inDoubt) {
    const last = inDoubt.offset + inDoubt.bytes.length - 1;
    parts.push(`octets ${inDoubt.offset} to ${last} of table ${inDoubt.table} are in doubt (sent, not acknowledged)`);
  }
  if (clock === "in-doubt") parts.push("whether the clock was set is in doubt");
  return `${parts.join("; ")}. Program the meter again: it compares first and finishes what was begun.`;
}

function writtenRange(range: WrittenRange, state: "acknowledged" | "in doubt"): Evidence["written"][number] {
  return { table: range.table, offset: range.offset, octets: range.bytes.length, state };
}

/**
 * The live state as compared by the client: what it found no fault with was as expected. A tier is right when it is the one that
 * the calendar read back says for the meter's time.
 */
function liveFacts(live: LiveState, mismatches: ProgramReport["mismatches"]): Evidence["liveState"] {
  const wrong = mismatches.filter(({ kind }) => kind === "live");
  const compared = (name: string, table: number, path: string, value: string, rule = value) => {
    const mismatch = wrong.find((one) => one.table === table && one.path.startsWith(path));
    return { name: `${name} (table ${table})`, value, expected: mismatch ? valueText(mismatch.expected) : rule, ok: !mismatch };
  };
  const flag = (name: string, path: string, set: boolean) => compared(name, 3, `ED_STD_STATUS1.${path}`, set ? "set" : "clear");
  const error = live.clockErrorSeconds;
  return [
    flag("unprogrammed", "UNPROGRAMMED", live.unprogrammed),
    flag("configuration error", "CONFIGURATION_ERROR", live.configurationError),
    flag("clock error", "CLOCK_ERROR", live.clockError),
    compared("clock", 52, "CLOCK_CALENDAR", `${live.clock.replace("T", " ")}${error === undefined ? "" : `, off by ${error} s`}`, "right within seconds"),
    compared("tier", 55, "STATUS (energy tier)", String(live.tier)),
    compared("season", 55, "STATUS.SEASON", String(live.season)),
    { name: "program (table 6)", value: `${live.identity.tariffId} v${live.identity.version}`, expected: null, ok: true },
    { name: "build mark (table 6)", value: live.identity.buildMark, expected: null, ok: true },
  ];
}

/** A decoded value in one line. */
export function valueText(value: FieldValue): string {
  return typeof value === "object" ? JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? part.toString() : part)) : String(value);
}
