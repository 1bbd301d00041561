import { Expression } from "@metersmith/base/expression";
import { z } from "zod";
import { scopeOf } from "./business-rules.ts";
import rows from "./defaults.json" with { type: "json" };

/** One row of the table of defaults: the value of what a group leaves open. A group that is absent stays so. */
const rowSchema = z.strictObject({
  /** `diagnostics.selfTestHours`. */
  path: z.string().regex(/^[a-zA-Z]+(?:\.[a-zA-Z-]+)+$/),
  value: z.json(),
  when: z.string().max(2000).optional(),
  why: z.string().min(1).max(200),
});

export const defaultRows = z.array(rowSchema).parse(rows).map(({ when, ...row }) => ({ ...row, when: when === undefined ? undefined : new Expression(when) }));

type Json = z.infer<ReturnType<typeof z.json>>;

/** Fills what groups leave open, in the table's order, into a copy. What is no record of parameters is left for its schema to refuse. */
export function withDefaults(json: unknown): unknown {
  if (!isRecord(json)) return json;
  const filled: { [key: string]: unknown } = structuredClone(json);
  for (const { path, value, when } of defaultRows) {
    const [group = "", ...rest] = path.split(".");
    if (isRecord(filled[group]) && (when === undefined || holds(when, filled))) fill(filled[group], rest, value);
  }
  return filled;
}

/** A condition on what is still missing or wrong does not hold; the schema says what is wrong. */
function holds(when: Expression, filled: object): boolean {
  try {
    return when.holds(scopeOf(filled));
  } catch {
    return false;
  }
}

function fill(record: { [key: string]: unknown }, [key = "", ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) {
    if (!Object.hasOwn(record, key)) record[key] = structuredClone(value);
    return;
  }
  if (!Object.hasOwn(record, key)) record[key] = {};
  const next = record[key];
  if (isRecord(next)) fill(next, rest, value);
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
