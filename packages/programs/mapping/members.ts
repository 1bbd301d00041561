import { nested, valueAt } from "../parameters/path.ts";
import { unreadable, type Primitive } from "./primitive.ts";
import type { RuleOf } from "./rules.ts";

/** `members`: names ↔ members of one set or several. All sets that the catalog names are set as a whole. */
export const members: Primitive<RuleOf<"members">> = {
  tables: (rule) => [rule.table],
  carries: (rule) => [rule.parameter],
  write({ parameter, table, members: catalog }, input, draft) {
    const names = valueAt(input.parameters, parameter);
    if (!Array.isArray(names)) return;
    for (const name of names) if (!catalog.some((one) => one.name === name)) input.refuse(parameter, `this type knows no ${String(name)}; it knows ${catalog.map((one) => one.name).join(", ")}`);
    for (const field of new Set(catalog.map((one) => one.field))) {
      const chosen = catalog.filter((one) => one.field === field && names.includes(one.name)).map(({ member }) => member);
      draft.set(table, field, [...new Set(chosen)].sort((a, b) => a - b), input.reason(parameter));
    }
  },
  read({ parameter, table: number, members: catalog }, { tables }) {
    const table = tables.get(number);
    if (!table) return {};
    const known = (field: string, member: number): boolean => catalog.some((one) => one.field === field && one.member === member);
    const sets = new Map([...new Set(catalog.map((one) => one.field))].map((field) => [field, new Set(membersOf(table.get(field)))]));
    for (const [field, set] of sets) {
      const stranger = [...set].find((member) => !known(field, member));
      if (stranger !== undefined) throw unreadable(number, field, stranger, `members that ${parameter} has names for`);
    }
    return nested(parameter, [...new Set(catalog.filter(({ field, member }) => sets.get(field)?.has(member)).map(({ name }) => name))]);
  },
};

function membersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "number") : [];
}
