import type { FieldValue } from "@metersmith/tables";
import { ProgramsError } from "../errors.ts";
import type { Parameters } from "../parameters/schema.ts";
import { numberAt, textAt, type Primitive, type ReadParameters } from "./primitive.ts";
import type { RuleOf } from "./rules.ts";

/** `value`: one field from one parameter. Read back where it is part of the program's identity. */
export const value: Primitive<RuleOf<"value">> = {
  tables: (rule) => [rule.table],
  write(rule, { parameters }, draft) {
    draft.set(rule.table, rule.field, parameterAt(parameters, rule.parameter), rule.parameter);
  },
  read(rule, { tables }): ReadParameters {
    const table = tables.get(rule.table);
    if (!table || rule.parameter !== "program.code") return {};
    return { program: { code: textAt(table, rule.field) } };
  },
};

/** `constant`: ours to write, nothing to read. */
export const constant: Primitive<RuleOf<"constant">> = {
  tables: (rule) => [rule.table],
  write(rule, _, draft) {
    draft.set(rule.table, rule.field, rule.value, "(fixed by the mapping)");
  },
  read: () => ({}),
};

export const versionOctets: Primitive<RuleOf<"version-octets">> = {
  tables: (rule) => [rule.table],
  write(rule, { parameters: { program } }, draft) {
    draft.set(rule.table, rule.high, program.version >> 8, "program.version");
    draft.set(rule.table, rule.low, program.version & 0xff, "program.version");
  },
  read(rule, { tables }): ReadParameters {
    const table = tables.get(rule.table);
    return table ? { program: { version: numberAt(table, rule.high) * 256 + numberAt(table, rule.low) } } : {};
  },
};

/** `build-mark`: drafted blank, because the digest is taken of the build without it; `markBuild` fills it in. */
export const buildMark: Primitive<RuleOf<"build-mark">> = {
  tables: (rule) => [rule.table],
  write(rule, _, draft) {
    draft.set(rule.table, rule.field, "", "(digest of the build)");
  },
  read(rule, { tables }): ReadParameters {
    const table = tables.get(rule.table);
    return table ? { program: { buildMark: textAt(table, rule.field) } } : {};
  },
};

function parameterAt(parameters: Parameters, path: string): FieldValue {
  let found: unknown = parameters;
  for (const key of path.split(".")) {
    found = typeof found === "object" && found !== null && Object.hasOwn(found, key) ? (found as Record<string, unknown>)[key] : undefined;
  }
  if (typeof found === "string" || typeof found === "number" || typeof found === "boolean") return found;
  throw new ProgramsError("mapping-impossible", `mapping.json: the parameter ${path} is no single value`, { context: { file: "mapping.json", field: path } });
}
