import type { Definitions } from "./definitions.ts";
import { tablesRead } from "./expression.ts";
import type { TypeDefinition } from "./model.ts";

/** Names of the tables that a record type reads in its expressions, through all the types that it is made of. */
export function tablesBehind(definitions: Definitions, type: string): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<string>();
  const read = (text: string | undefined): void => {
    if (text !== undefined) for (const name of tablesRead(definitions.expression(text))) names.add(name);
  };
  const visitMembers = (members: TypeDefinition["members"]): void => {
    for (const member of members) {
      if (member.kind === "if") {
        read(member.test);
        visitMembers(member.then);
        visitMembers(member.else ?? []);
      } else if (member.kind === "switch") {
        read(member.on);
        for (const choice of member.cases) visitMembers(choice.members);
        visitMembers(member.default ?? []);
      } else if (member.kind === "field") {
        read(member.length);
        read(member.count);
        visitType(member.type);
      }
    }
  };
  const visitType = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const definition = definitions.types.get(name);
    if (definition) visitMembers(definition.members);
  };
  visitType(type);
  return names;
}
