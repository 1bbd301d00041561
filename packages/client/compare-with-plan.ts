import { changes, type BitChange, type MeterContext, type TableId } from "@metersmith/tables";
import type { ProgramPlan } from "./program-plan.ts";
import type { ProgramRefusal } from "./program-report.ts";
import { shown } from "./shown.ts";

/** What in the meter is not as the program was built for: any of it refuses the program. */
export function failedChecks(context: MeterContext, current: ReadonlyMap<TableId, Uint8Array>, plan: ProgramPlan): ProgramRefusal[] {
  return plan.checks.flatMap((check) =>
    changes(context, imageOf(current, check.table), check).map((change) => ({
      ...change,
      kind: "check" as const,
      message: `Table ${change.table}, ${change.path} (octet ${change.offset}): the meter has ${shown(change.before)}, the program was built for ${shown(change.after)}. Build it for this meter's type, or take the meter out.`,
    })),
  );
}

/** What the program would change in the meter, and which of that the policy forbids: any bit outside the allowed ones. */
export function comparison(context: MeterContext, current: ReadonlyMap<TableId, Uint8Array>, plan: ProgramPlan): { changes: BitChange[]; refusals: ProgramRefusal[] } {
  const found: BitChange[] = [];
  const refusals: ProgramRefusal[] = [];
  for (const write of plan.writes) {
    const image = imageOf(current, write.table);
    found.push(...changes(context, image, write));
    for (const change of changes(context, image, { ...write, mask: forbidden(write.mask, allowedMask(plan, write.table)) })) {
      refusals.push({
        ...change,
        kind: "policy",
        message: `Table ${change.table}, ${change.path} (octet ${change.offset}): the access policy does not let this role change it from ${shown(change.before)} to ${shown(change.after)}.`,
      });
    }
  }
  return { changes: found, refusals };
}

/** Bits that are to be written and may not be. A table without a mask, or beyond its mask's end, may not change at all. */
function forbidden(written: Uint8Array, allowed: Uint8Array | undefined): Uint8Array {
  return written.map((octet, index) => octet & ~(allowed?.[index] ?? 0));
}

function allowedMask(plan: ProgramPlan, table: TableId): Uint8Array | undefined {
  return plan.allowed.find((entry) => entry.table === table)?.mask;
}

function imageOf(current: ReadonlyMap<TableId, Uint8Array>, table: TableId): Uint8Array {
  return current.get(table) ?? new Uint8Array();
}
