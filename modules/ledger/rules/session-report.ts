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
    liveState: report.liveState ? liveFacts(report.liveState) : [],
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

function liveFacts(live: LiveState): Evidence["liveState"] {
  const flag = (name: string, set: boolean) => ({ name, value: set ? "set" : "clear", expected: "clear", ok: !set });
  return [
    flag("unprogrammed (table 3)", live.unprogrammed),
    flag("configuration error (table 3)", live.configurationError),
    flag("clock error (table 3)", live.clockError),
    { name: "clock (table 52)", value: live.clock.replace("T", " "), expected: null, ok: true },
    ...(live.clockErrorSeconds === undefined ? [] : [{ name: "clock error", value: `${live.clockErrorSeconds} s`, expected: null, ok: true }]),
    { name: "tier (table 55)", value: String(live.tier), expected: null, ok: true },
    { name: "season (table 55)", value: String(live.season), expected: null, ok: true },
    { name: "program (table 6)", value: `${live.identity.tariffId} v${live.identity.version}`, expected: null, ok: true },
    { name: "build mark (table 6)", value: live.identity.buildMark, expected: null, ok: true },
  ];
}

/** A decoded value in one line. */
export function valueText(value: FieldValue): string {
  return typeof value === "object" ? JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? part.toString() : part)) : String(value);
}
