import type { FieldValue, TableId } from "@metersmith/tables";
import { ProgramsError } from "../errors.ts";

/** A value for one field and the parameter (or the decision) that it comes from. */
export interface DraftedField {
  readonly table: TableId;
  /** `TIER_SWITCHES[3].TIER_SWITCH.SWITCH_HOUR`. */
  readonly path: string;
  readonly value: FieldValue;
  readonly parameter: string;
}

/** The fields that a build sets, collected from the rules. Setting one field twice is a contradiction in the mapping. */
export class FieldDraft {
  readonly #tables = new Map<TableId, Map<string, DraftedField>>();

  set(table: TableId, path: string, value: FieldValue, parameter: string): void {
    const fields = this.#tables.get(table) ?? new Map<string, DraftedField>();
    const before = fields.get(path);
    if (before) {
      throw new ProgramsError("mapping-impossible", `mapping.json: table ${table}, ${path} is set twice, for ${before.parameter} and for ${parameter}`, {
        context: { file: "mapping.json", table, field: path },
      });
    }
    fields.set(path, { table, path, value, parameter });
    this.#tables.set(table, fields);
  }

  get tables(): TableId[] {
    return [...this.#tables.keys()];
  }

  fields(table: TableId): DraftedField[] {
    return [...(this.#tables.get(table)?.values() ?? [])];
  }

  /** The table's drafted fields as a tree; what is not drafted is absent, and encodes as zero or blank. */
  tree(table: TableId): FieldValue {
    const root: Tree = {};
    for (const { path, value } of this.fields(table)) plant(root, path, value);
    return root as FieldValue;
  }
}

type Tree = { [key: string]: unknown };

function plant(root: Tree, path: string, value: FieldValue): void {
  const steps = path.split(/\.|\[/).map((step) => (step.endsWith("]") ? Number(step.slice(0, -1)) : step));
  let at = root as Tree | unknown[];
  steps.forEach((step, index) => {
    const node = at as Record<string | number, unknown>;
    if (index === steps.length - 1) {
      node[step] = value;
      return;
    }
    node[step] ??= typeof steps[index + 1] === "number" ? [] : {};
    at = node[step] as Tree;
  });
}
