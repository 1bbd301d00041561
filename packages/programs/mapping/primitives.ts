import type { TableId } from "@metersmith/tables";
import { calendar } from "./calendar.ts";
import { clock } from "./clock.ts";
import { demandInterval } from "./demand-interval.ts";
import type { FieldDraft } from "./field-draft.ts";
import type { Primitive, ReadInput, ReadParameters, WriteInput } from "./primitive.ts";
import { registers } from "./registers.ts";
import type { MappingRule } from "./rules.ts";
import { buildMark, constant, value, versionOctets } from "./values.ts";

/** A rule with the primitive that it uses. */
export interface BoundPrimitive {
  tables(): TableId[];
  write(input: WriteInput, draft: FieldDraft): void;
  read(input: ReadInput): ReadParameters;
}

export function primitiveFor(rule: MappingRule): BoundPrimitive {
  switch (rule.use) {
    case "value": return bound(value, rule);
    case "constant": return bound(constant, rule);
    case "version-octets": return bound(versionOctets, rule);
    case "build-mark": return bound(buildMark, rule);
    case "registers": return bound(registers, rule);
    case "demand-interval": return bound(demandInterval, rule);
    case "clock": return bound(clock, rule);
    case "calendar": return bound(calendar, rule);
  }
}


function bound<Rule>(primitive: Primitive<Rule>, rule: Rule): BoundPrimitive {
  return {
    tables: () => primitive.tables(rule),
    write: (input, draft) => primitive.write(rule, input, draft),
    read: (input) => primitive.read(rule, input),
  };
}
