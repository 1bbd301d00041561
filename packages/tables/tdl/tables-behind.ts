import type { Definitions } from "./definitions.ts";
import { tablesRead } from "./expression.ts";
import type { TypeDefinition } from "./model.ts";

/** Names of the tables that a record type reads in its expressions, through all the types that it is made of. `known` keeps what was found, type by type. */
export function tablesBehind(definitions: Definitions, type: string, known: Map<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = known.get(type);
  if (found) return found;
  const names = new Set<string>();
  const read = (text: string | undefined): void => {
    if (text !== undefined) for (const name of tablesRead(definitions.expression(text))) names.add(name);
  };
  const visit = (members: TypeDefinition["members"]): void => {
    for (const member of members) {
      if (member.kind === "if") {
        read(member.test);
        visit(member.then);
        visit(member.else ?? []);
      } else if (member.kind === "switch") {
        read(member.on);
        for (const choice of member.cases) visit(choice.members);
        visit(member.default ?? []);
      } else if (member.kind === "field") {
        read(member.length);
        read(member.count);
        for (const name of tablesBehind(definitions, member.type, known)) names.add(name);
      }
    }
  };
  visit(definitions.types.get(type)?.members ?? []);
  known.set(type, names);
  return names;
}
