import { broken } from "../tdl/broken-definition.ts";
import { DefinitionReader } from "../tdl/document-reader.ts";
import type { BitRange, Enumeration, Field, Member, ProcedureDefinition, TableDefinition, TdlDocument, TypeDefinition, Undescribed } from "../tdl/model.ts";
import type { DefinitionList } from "./target.ts";

/** Members and values that one fragment may have read again: each operation reads the whole type or enumeration that it works in. */
const mostReadAgain = 500_000;

export type NamedDefinition = TypeDefinition | Enumeration | TableDefinition | ProcedureDefinition;
export type PlainMember = Field | BitRange;

/** Definitions while a fragment works on them. What is put in is read again as a whole: a draft holds only what has the form of definitions. */
export class Draft {
  readonly #lists: Record<DefinitionList, Map<string, NamedDefinition>>;
  readonly #undescribed: readonly Undescribed[];
  #readAgain = 0;

  constructor(document: TdlDocument) {
    const named = (definitions: readonly NamedDefinition[]): Map<string, NamedDefinition> => new Map(definitions.map((definition) => [definition.name, definition]));
    this.#lists = { types: named(document.types), enumerations: named(document.enumerations), tables: named(document.tables), procedures: named(document.procedures) };
    this.#undescribed = document.undescribed ?? [];
  }

  get(list: DefinitionList, name: string): NamedDefinition | undefined {
    return this.#lists[list].get(name);
  }

  names(list: DefinitionList): readonly string[] {
    return [...this.#lists[list].keys()];
  }

  /** The other table or procedure of that number. */
  ofNumber(list: DefinitionList, number: number, except: string): string | undefined {
    for (const definition of this.#lists[list].values()) if ("number" in definition && definition.number === number && definition.name !== except) return definition.name;
    return undefined;
  }

  /** Throws `bad-definition` where the JSON is no definition of that list, and where a fragment has worked too often in too large ones. */
  put(list: DefinitionList, json: unknown): NamedDefinition {
    const definition = readNamed(list, json);
    this.#readAgain += "members" in definition ? plainMembers(definition.members).length : "values" in definition ? definition.values.length : 1;
    if (this.#readAgain > mostReadAgain) throw broken(definition.name, `is too large for so many operations in one fragment: they would read more than ${mostReadAgain} members and values`);
    this.#lists[list].set(definition.name, definition);
    return definition;
  }

  delete(list: DefinitionList, name: string): void {
    this.#lists[list].delete(name);
  }

  /** In an order that does not depend on the order of changes: names ascending, numbers ascending. */
  document(): TdlDocument {
    const { types, enumerations, tables, procedures } = this.#lists;
    const all = (list: DefinitionList, definitions: Map<string, NamedDefinition>): NamedDefinition[] =>
      [...definitions.values()].sort((a, b) => ("number" in a && "number" in b ? a.number - b.number : a.name < b.name ? -1 : 1));
    return new DefinitionReader().document({
      format: "metersmith-tdl-1",
      types: all("types", types), enumerations: all("enumerations", enumerations), tables: all("tables", tables), procedures: all("procedures", procedures),
      ...(this.#undescribed.length === 0 ? {} : { undescribed: this.#undescribed }),
    });
  }
}

export function readNamed(list: DefinitionList, json: unknown): NamedDefinition {
  const reader = new DefinitionReader();
  switch (list) {
    case "types": return reader.type(json, list);
    case "enumerations": return reader.enumeration(json, list);
    case "tables": return reader.table(json, list);
    case "procedures": return reader.procedure(json, list);
  }
}

/** The members of a type by name, in the order of the document, through all conditions. */
export function plainMembers(members: readonly Member<PlainMember>[]): readonly PlainMember[] {
  return members.flatMap((member) => {
    if (member.kind === "if") return plainMembers([...member.then, ...(member.else ?? [])]);
    if (member.kind === "switch") return plainMembers([...member.cases.flatMap((choice) => choice.members), ...(member.default ?? [])]);
    return [member];
  });
}

/** The same members with each plain one replaced by what `edit` gives for it: nothing, itself, another, or several. */
export function editedMembers(members: readonly Member<PlainMember>[], edit: (member: PlainMember) => readonly unknown[]): unknown[] {
  return members.flatMap((member): readonly unknown[] => {
    if (member.kind === "if") {
      return [{ ...member, then: editedMembers(member.then, edit), ...(member.else === undefined ? {} : { else: editedMembers(member.else, edit) }) }];
    }
    if (member.kind === "switch") {
      const cases = member.cases.map((choice) => ({ ...choice, members: editedMembers(choice.members, edit) }));
      return [{ ...member, cases, ...(member.default === undefined ? {} : { default: editedMembers(member.default, edit) }) }];
    }
    return edit(member);
  });
}
