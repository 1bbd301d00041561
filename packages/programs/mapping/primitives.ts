import { Expression, ExpressionError, type ExpressionValue } from "@metersmith/base/expression";
import type { TableId } from "@metersmith/tables";
import { calendar } from "./calendar.ts";
import { clock } from "./clock.ts";
import { demandInterval } from "./demand-interval.ts";
import { displays } from "./displays.ts";
import type { FieldDraft } from "./field-draft.ts";
import { loadProfile } from "./load-profile.ts";
import { members } from "./members.ts";
import type { Dimensions, Primitive, ReadInput, ReadPart, WriteInput } from "./primitive.ts";
import { registers } from "./registers.ts";
import { record, rows } from "./rows.ts";
import type { MappingRule } from "./rules.ts";
import { buildMark, constant, value, versionOctets } from "./values.ts";

/** A rule with the primitive that it uses. */
export interface BoundPrimitive {
  /** The condition under which the rule is for given parameters; undefined: for all. */
  readonly when: Expression | undefined;
  tables(): TableId[];
  carries(dimension: Dimensions): readonly string[];
  write(input: WriteInput, draft: FieldDraft): void;
  read(input: ReadInput): ReadPart;
}

export function primitiveFor(rule: MappingRule): BoundPrimitive {
  switch (rule.use) {
    case "value": return bound(value, rule);
    case "constant": return bound(constant, rule);
    case "version-octets": return bound(versionOctets, rule);
    case "build-mark": return bound(buildMark, rule);
    case "record": return bound(record, rule);
    case "rows": return bound(rows, rule);
    case "members": return bound(members, rule);
    case "load-profile": return bound(loadProfile, rule);
    case "displays": return bound(displays, rule);
    case "registers": return bound(registers, rule);
    case "demand-interval": return bound(demandInterval, rule);
    case "clock": return bound(clock, rule);
    case "calendar": return bound(calendar, rule);
  }
}

function bound<Rule extends MappingRule>(primitive: Primitive<Rule>, rule: Rule): BoundPrimitive {
  const when = rule.when === undefined ? undefined : new Expression(rule.when);
  return {
    when,
    tables: () => primitive.tables(rule),
    carries: (dimension) => primitive.carries(rule, dimension),
    write: (input, draft) => {
      if (when === undefined || holds(when, input.parameters)) primitive.write(rule, input, draft);
    },
    read: (input) => (when === undefined || holds(when, input.sofar) ? primitive.read(rule, input) : {}),
  };
}

/** What says nothing of the condition does not meet it. */
function holds(when: Expression, parameters: object): boolean {
  try {
    return when.holds({ p: parameters as ExpressionValue });
  } catch (error) {
    if (error instanceof ExpressionError && error.code === "no-value") return false;
    throw error;
  }
}
