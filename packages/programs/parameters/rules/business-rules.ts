import { Expression, type ExpressionValue } from "@metersmith/base/expression";
import { z } from "zod";
import type { Finding } from "../../finding.ts";
import { quantities } from "../quantity.ts";
import type { Parameters } from "../schema.ts";
import rows from "./business-rules.json" with { type: "json" };

/** One rule of the business, as data: what must hold, when, and what is said where it does not. */
const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]{0,60}$/),
  severity: z.enum(["error", "warning"]),
  /** Path in the parameters that the finding is shown at. */
  field: z.string().min(1).max(100),
  when: z.string().max(2000).optional(),
  must: z.string().max(2000),
  /** For people; `{p.demand.intervalMinutes}` is the value of that expression. */
  says: z.string().min(1).max(400),
});

type RuleRow = z.output<typeof ruleSchema>;

interface Rule extends Omit<RuleRow, "when" | "must" | "says"> {
  readonly when: Expression | undefined;
  readonly must: Expression;
  /** Text and expressions in turn. */
  readonly says: readonly (string | Expression)[];
}

const rules: readonly Rule[] = z.array(ruleSchema).parse(rows).map(({ when, must, says, ...rest }) => ({
  ...rest,
  when: when === undefined ? undefined : new Expression(when),
  must: new Expression(must),
  says: says.split(/\{([^}]*)\}/).map((part, at) => (at % 2 === 0 ? part : new Expression(part))),
}));

/** The rules that the parameters break. `p` is the parameters, `quantities` what each quantity is. */
export function businessFindings(parameters: Parameters): Finding[] {
  const scope = scopeOf(parameters);
  return rules.flatMap(({ id, severity, field, when, must, says }) => {
    if (when && !when.holds(scope)) return [];
    if (must.holds(scope)) return [];
    return [{ severity, field, message: `${says.map((part) => (typeof part === "string" ? part : shown(part.value(scope)))).join("")} (rule ${id})` }];
  });
}

/** What conditions on parameters are about. */
export function scopeOf(parameters: object): { readonly [name: string]: ExpressionValue } {
  return { p: parameters as ExpressionValue, quantities };
}

function shown(value: ExpressionValue): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : Array.isArray(value) ? value.map((one) => shown(one as ExpressionValue)).join(", ") : JSON.stringify(value);
}
