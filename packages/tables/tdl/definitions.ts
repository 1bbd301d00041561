import { digestOfValue, type Digest } from "@metersmith/base/digest";
import { Origins } from "../fragments/origins.ts";
import { hasPart } from "../fragments/parts.ts";
import { LayoutCache } from "../layout/layout-cache.ts";
import { broken } from "./broken-definition.ts";
import { refuseDimensionChains } from "./dimension-chains.ts";
import { readTdlDocument } from "./document-reader.ts";
import { parseExpression, type Expression } from "./expression.ts";
import type { Enumeration, ProcedureDefinition, RecordType, TableDefinition, TdlDocument, TypeDefinition, Undescribed } from "./model.ts";
import { isNumericType, isScalarType, isSizedType } from "./scalar-types.ts";
import { tablesBehind } from "./tables-behind.ts";

const deepestTypes = 32;

/** Wire number of a table: bits 0-10 the number, 2048 + n for manufacturer table n. */
export type TableId = number;

/** A whole TDL, checked: every name it uses is there, no type contains itself, no tables take dimensions from each other in a circle, every expression reads. Immutable. */
export class Definitions {
  readonly document: TdlDocument;
  readonly tables: ReadonlyMap<TableId, TableDefinition>;
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly enumerations: ReadonlyMap<string, Enumeration>;
  readonly procedures: ReadonlyMap<number, ProcedureDefinition>;
  /** Which fragments went into these definitions, and which parts are theirs. */
  readonly origins: Origins;
  /** Layouts compiled from these definitions: meters with the same dimensions share them. */
  readonly layouts = new LayoutCache();
  readonly #tablesByName: ReadonlyMap<string, TableDefinition>;
  readonly #expressions = new Map<string, Expression>();
  readonly #behind = new Map<string, ReadonlySet<string>>();
  #digest: Digest | undefined;

  constructor(document: TdlDocument, origins: Origins = Origins.base) {
    this.document = document;
    this.origins = origins;
    this.types = indexed(document.types, (type) => type.name, "type");
    this.enumerations = indexed(document.enumerations, (enumeration) => enumeration.name, "enumeration");
    this.tables = indexed(document.tables, (table) => table.number, "table number");
    this.#tablesByName = indexed(document.tables, (table) => table.name, "table");
    this.procedures = indexed(document.procedures, (procedure) => procedure.number, "procedure number");
    this.#check();
  }

  /** SHA-256 of the canonical document: equal definitions have equal digests. */
  get digest(): Digest {
    return (this.#digest ??= digestOfValue(this.document));
  }

  tableNamed(name: string): TableDefinition | undefined {
    return this.#tablesByName.get(name);
  }

  /** The procedure of that name. */
  procedureNamed(name: string): ProcedureDefinition | undefined {
    return this.document.procedures.find((procedure) => procedure.name === name);
  }

  /** The table or procedure that the standard names and no open source describes. */
  undescribed(kind: Undescribed["kind"], number: number): Undescribed | undefined {
    return this.document.undescribed?.find((entry) => entry.kind === kind && number >= entry.number && number <= (entry.last ?? entry.number));
  }

  /**
   * Who made a part of these definitions: `base`, or a fragment's name; undefined where there is no such part. Parts are named as in fragments:
   * `types/CALENDAR_RCD/RECURR_DATES`, `tables/CALENDAR_TBL/access`, `enumerations/DAY_OF_WEEK/3`.
   */
  originOf(part: string): string | undefined {
    return hasPart(this.document, part) ? this.origins.of(part.replace(/#\d+/, "")) : undefined;
  }

  /** The name that an enumeration gives a number. */
  label(enumeration: string, value: number): string | undefined {
    return this.enumerations.get(enumeration)?.values.find((entry) => entry.value === value)?.name;
  }

  /** The record type of a table or procedure. */
  record(name: string): RecordType {
    const type = this.types.get(name);
    if (type?.kind !== "record") throw broken(name, `there is no record type ${name}`, `types/${name}`);
    return type;
  }

  /** Names of the tables that a type reads for its dimensions and conditions; found once. */
  tablesBehind(type: string): ReadonlySet<string> {
    return tablesBehind(this, type, this.#behind);
  }

  /** Expressions are parsed once. */
  expression(text: string): Expression {
    const known = this.#expressions.get(text);
    if (known) return known;
    const parsed = parseExpression(text);
    this.#expressions.set(text, parsed);
    return parsed;
  }

  #check(): void {
    for (const table of this.tables.values()) {
      this.record(table.type);
      if (table.otherwise !== undefined && !this.#tablesByName.has(table.otherwise)) {
        throw broken(table.name, `falls back on ${table.otherwise}, which is not defined`, `tables/${table.otherwise}`);
      }
    }
    for (const procedure of this.procedures.values()) {
      if (procedure.parameters !== undefined) this.record(procedure.parameters);
      if (procedure.response !== undefined) this.record(procedure.response);
    }
    for (const type of this.types.values()) {
      if (isScalarType(type.name)) throw broken(type.name, "has the name of a built-in type");
      this.#checkMembers(type.name, type.members);
    }
    this.#refuseCycles();
    refuseDimensionChains(this);
  }

  #checkMembers(place: string, members: TypeDefinition["members"]): void {
    for (const member of members) {
      if (member.kind === "if") {
        this.#checkExpression(place, member.test);
        this.#checkMembers(place, member.then);
        this.#checkMembers(place, member.else ?? []);
      } else if (member.kind === "switch") {
        this.#checkExpression(place, member.on);
        for (const choice of member.cases) this.#checkMembers(place, choice.members);
        this.#checkMembers(place, member.default ?? []);
      } else {
        const field = `${place}.${member.name}`;
        if (member.enumeration !== undefined && !this.enumerations.has(member.enumeration)) {
          throw broken(field, `names the enumeration ${member.enumeration}, which is not defined`, `enumerations/${member.enumeration}`);
        }
        if (member.least !== undefined && member.most !== undefined && member.least > member.most) throw broken(field, `allows nothing: ${member.least} to ${member.most}`);
        const initial = Number(member.default ?? Number.NaN);
        if ((member.least !== undefined && initial < member.least) || (member.most !== undefined && initial > member.most)) throw broken(field, `has the default ${member.default}, which its least and most do not allow`);
        if (member.kind === "bit-range") continue;
        if (!isScalarType(member.type) && !this.types.has(member.type)) throw broken(field, `has the type ${member.type}, which is not defined`, `types/${member.type}`);
        if (member.default !== undefined && !isScalarType(member.type)) throw broken(field, `has a default, which belongs to the members of ${member.type}`);
        if ((member.least ?? member.most) !== undefined && !isNumericType(member.type)) throw broken(field, `has a least or most, and ${member.type} is no number`);
        if (isSizedType(member.type) !== (member.length !== undefined)) {
          throw broken(field, isSizedType(member.type) ? `needs a length: ${member.type} has none of its own` : `has a length, which ${member.type} does not take`);
        }
        if (member.length !== undefined) this.#checkExpression(field, member.length);
        if (member.count !== undefined) this.#checkExpression(field, member.count);
      }
    }
  }

  #checkExpression(place: string, text: string): void {
    const names = (expression: Expression): void => {
      if (expression.kind === "field" || expression.kind === "member") {
        if (!this.#tablesByName.has(expression.table)) throw broken(place, `reads table ${expression.table}, which is not defined`, `tables/${expression.table}`);
      }
      if (expression.kind === "member") names(expression.member);
      if (expression.kind === "not") names(expression.of);
      if (expression.kind === "binary") {
        names(expression.left);
        names(expression.right);
      }
    };
    names(this.expression(text));
  }

  #refuseCycles(): void {
    const done = new Set<string>();
    const open = new Set<string>();
    const visit = (name: string): void => {
      if (done.has(name)) return;
      if (open.has(name)) throw broken(name, `contains itself: ${[...open, name].join(" → ")}`);
      if (open.size >= deepestTypes) throw broken(name, `is nested deeper than ${deepestTypes} types`);
      open.add(name);
      const type = this.types.get(name);
      if (type?.kind === "record") for (const inner of fieldTypes(type.members)) visit(inner);
      open.delete(name);
      done.add(name);
    };
    for (const name of this.types.keys()) visit(name);
  }
}

/** Definitions from untrusted canonical JSON. Throws `bad-definition` naming the place. */
export function readDefinitions(json: unknown): Definitions {
  return new Definitions(readTdlDocument(json));
}

function fieldTypes(members: RecordType["members"]): string[] {
  return members.flatMap((member) => {
    if (member.kind === "field") return [member.type];
    if (member.kind === "if") return fieldTypes([...member.then, ...(member.else ?? [])]);
    return fieldTypes([...member.cases.flatMap((choice) => choice.members), ...(member.default ?? [])]);
  });
}

function indexed<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key, what: string): ReadonlyMap<Key, Item> {
  const map = new Map<Key, Item>();
  for (const item of items) {
    const key = keyOf(item);
    if (map.has(key)) throw broken(String(key), `is defined twice as a ${what}`);
    map.set(key, item);
  }
  return map;
}
