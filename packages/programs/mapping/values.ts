import { ProgramsError } from "../errors.ts";
import { nested, valueAt } from "../parameters/path.ts";
import { numberAt, textAt, type Primitive, type ReadPart } from "./primitive.ts";
import { readColumn, writeColumn } from "./rows.ts";
import type { RuleOf } from "./rules.ts";

/** `value`: one single value. Where its group is absent, the field stays as the meter has it. */
export const value: Primitive<RuleOf<"value">> = {
  tables: (rule) => [rule.table],
  carries: (rule) => [rule.parameter],
  write(rule, input, draft) {
    const wanted = valueAt(input.parameters, rule.parameter);
    if (wanted === undefined) {
      const given = valueAt(input.parameters, rule.parameter.split(".", 1)[0] ?? "") !== undefined;
      if (given && rule.absent !== undefined) draft.set(rule.table, rule.field, rule.absent, `(no ${rule.parameter})`);
      return;
    }
    if (typeof wanted !== "string" && typeof wanted !== "number" && typeof wanted !== "boolean") throw new ProgramsError("mapping-impossible", `mapping.json: the parameter ${rule.parameter} is no single value`, { context: { file: "mapping.json", field: rule.parameter } });
    writeColumn(rule, wanted, { table: rule.table, prefix: "", path: rule.parameter }, input, draft);
  },
  read(rule, { tables }): ReadPart {
    const table = tables.get(rule.table);
    if (!table) return {};
    const found = readColumn(rule, table, "");
    return found === rule.absent ? {} : nested(rule.parameter, found);
  },
};

/** `constant`: ours to write, nothing to read. */
export const constant: Primitive<RuleOf<"constant">> = {
  tables: (rule) => [rule.table],
  carries: () => [],
  write(rule, _, draft) {
    draft.set(rule.table, rule.field, rule.value, "(fixed by the mapping)");
  },
  read: () => ({}),
};

export const versionOctets: Primitive<RuleOf<"version-octets">> = {
  tables: (rule) => [rule.table],
  carries: () => ["program.version"],
  write(rule, { parameters: { program } }, draft) {
    draft.set(rule.table, rule.high, program.version >> 8, "program.version");
    draft.set(rule.table, rule.low, program.version & 0xff, "program.version");
  },
  read(rule, { tables }): ReadPart {
    const table = tables.get(rule.table);
    return table ? { program: { version: numberAt(table, rule.high) * 256 + numberAt(table, rule.low) } } : {};
  },
};

/** `build-mark`: drafted blank, because the digest is taken of the build without it; `markBuild` fills it in. */
export const buildMark: Primitive<RuleOf<"build-mark">> = {
  tables: (rule) => [rule.table],
  carries: () => [],
  write(rule, _, draft) {
    draft.set(rule.table, rule.field, "", "(digest of the build)");
  },
  read(rule, { tables }): ReadPart {
    const table = tables.get(rule.table);
    return table ? { program: { buildMark: textAt(table, rule.field) } } : {};
  },
};
