import { optional, readChoice, readInteger, readName, readObject, readText, wrong, type Json } from "./json-shape.ts";
import type {
  Access, BitRange, BitsType, Enumeration, Field, Member, ProcedureDefinition, Provenance, RecordType, TableDefinition, TdlDocument, TypeDefinition, Undescribed,
} from "./model.ts";

const deepestNesting = 12;
const mostEntries = 20_000;
const bases = ["UINT8", "UINT16", "UINT24", "UINT32"] as const;
const accesses = ["read", "write", "read-write"] as const;
const provenanceKeys = ["source", "unverified"] as const;

/** Reads untrusted canonical JSON into the model: shapes, names and bounds. References between definitions are checked by `Definitions`. */
export function readTdlDocument(json: unknown): TdlDocument {
  return new DefinitionReader().document(json);
}

/** Reads definitions one by one; a reader counts what it has read, so that one document stays within its bounds. */
export class DefinitionReader {
  #entries = 0;

  document(json: unknown): TdlDocument {
    const root = readObject(json, "document", ["format", "types", "enumerations", "tables", "procedures", "undescribed"]);
    readChoice(root["format"], "document.format", ["metersmith-tdl-1"]);
    return {
      format: "metersmith-tdl-1",
      types: this.list(root["types"], "types", (item, at) => this.type(item, at)),
      enumerations: this.list(root["enumerations"], "enumerations", (item, at) => this.enumeration(item, at)),
      tables: this.list(root["tables"], "tables", (item, at) => this.table(item, at)),
      procedures: this.list(root["procedures"], "procedures", (item, at) => this.procedure(item, at)),
      ...optional(root, "undescribed", "document", (items) => this.list(items, "undescribed", (item, at) => this.#undescribed(item, at))),
    };
  }

  type(item: unknown, at: string): TypeDefinition {
    const o = readObject(item, at, ["kind", "name", "base", "members", ...provenanceKeys]);
    const name = readName(o["name"], `${at}.name`);
    const kind = readChoice(o["kind"], `${at}.kind`, ["record", "bits"]);
    if (kind === "record") return { kind, name, members: this.#members(o["members"], name, 0, (field, place) => this.#field(field, place)), ...provenance(o, at) } satisfies RecordType;
    const base = readChoice(o["base"], `${at}.base`, bases);
    const members = this.#members(o["members"], name, 0, (range, place) => this.#bitRange(range, place, Number(base.slice(4))));
    return { kind, name, base, members, ...provenance(o, at) } satisfies BitsType;
  }

  /** One member of a record type, or of a bit field of that base. */
  member(item: unknown, at: string, of: "record" | BitsType["base"]): Member<Field> | Member<BitRange> {
    const [member] =
      of === "record"
        ? this.#members([item], at, 0, (field, place) => this.#field(field, place))
        : this.#members([item], at, 0, (range, place) => this.#bitRange(range, place, Number(of.slice(4))));
    if (member === undefined) throw wrong(at, "a member", item);
    return member;
  }

  enumeration(item: unknown, at: string): Enumeration {
    const o = readObject(item, at, ["name", "values", ...provenanceKeys]);
    const values = this.list(o["values"], `${at}.values`, (entry, where) => this.enumerationValue(entry, where));
    const seen = new Set<number>();
    for (const { value } of values) {
      if (seen.has(value)) throw wrong(`${at}.values`, "each value once", `${value} twice`);
      seen.add(value);
    }
    return { name: readName(o["name"], `${at}.name`), values, ...provenance(o, at) };
  }

  enumerationValue(item: unknown, at: string): Enumeration["values"][number] {
    const o = readObject(item, at, ["value", "name", ...provenanceKeys]);
    return { value: readInteger(o["value"], `${at}.value`, 0, 0xffffffff), name: readText(o["name"], `${at}.name`), ...provenance(o, at) };
  }

  table(item: unknown, at: string): TableDefinition {
    const o = readObject(item, at, ["number", "name", "type", "otherwise", "openEnded", "access", ...provenanceKeys]);
    if (o["openEnded"] !== undefined && typeof o["openEnded"] !== "boolean") throw wrong(`${at}.openEnded`, "true or false", o["openEnded"]);
    return {
      number: readInteger(o["number"], `${at}.number`, 0, 4095),
      name: readName(o["name"], `${at}.name`),
      type: readName(o["type"], `${at}.type`),
      ...optional(o, "otherwise", at, readName),
      ...(o["openEnded"] === true ? { openEnded: true } : {}),
      ...optional(o, "access", at, readAccess),
      ...provenance(o, at),
    };
  }

  procedure(item: unknown, at: string): ProcedureDefinition {
    const o = readObject(item, at, ["number", "name", "parameters", "response", ...provenanceKeys]);
    return {
      number: readInteger(o["number"], `${at}.number`, 0, 4095),
      name: readName(o["name"], `${at}.name`),
      ...optional(o, "parameters", at, readName), ...optional(o, "response", at, readName), ...provenance(o, at),
    };
  }

  list<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): T[] {
    if (!Array.isArray(value)) throw wrong(at, "a list", value);
    this.#entries += value.length;
    if (this.#entries > mostEntries) throw wrong(at, `at most ${mostEntries} entries in all`, this.#entries);
    return value.map((item, index) => read(item, `${at}[${index}]`));
  }

  #members<Item>(list: unknown, at: string, depth: number, leaf: (item: unknown, at: string) => Item): Member<Item>[] {
    if (depth > deepestNesting) throw wrong(at, `at most ${deepestNesting} levels of if and switch`, depth);
    const inner = (members: unknown, where: string): Member<Item>[] => this.#members(members, where, depth + 1, leaf);
    return this.list(list, at, (item, place): Member<Item> => {
      const kind = typeof item === "object" && item !== null ? (item as Json)["kind"] : undefined;
      if (kind === "if") {
        const o = readObject(item, place, ["kind", "test", "then", "else"]);
        return { kind, test: readText(o["test"], `${place}.test`), then: inner(o["then"], `${place}.then`), ...optional(o, "else", place, inner) };
      }
      if (kind === "switch") {
        const o = readObject(item, place, ["kind", "on", "cases", "default"]);
        const cases = this.list(o["cases"], `${place}.cases`, (entry, where) => {
          const c = readObject(entry, where, ["values", "members"]);
          return {
            values: this.list(c["values"], `${where}.values`, (value, spot) => readInteger(value, spot, 0, 0xffffffff)),
            members: inner(c["members"], `${where}.members`),
          };
        });
        return { kind, on: readText(o["on"], `${place}.on`), cases, ...optional(o, "default", place, inner) };
      }
      return leaf(item, place);
    });
  }

  #field(item: unknown, at: string): Field {
    const o = readObject(item, at, ["kind", "name", "type", "length", "count", ...meaningKeys, ...provenanceKeys]);
    if (o["kind"] !== "field") throw wrong(`${at}.kind`, '"field", "if" or "switch"', o["kind"]);
    return {
      kind: "field",
      name: readName(o["name"], `${at}.name`),
      type: readName(o["type"], `${at}.type`),
      ...optional(o, "length", at, readText), ...optional(o, "count", at, readText), ...meaning(o, at), ...provenance(o, at),
    };
  }

  #bitRange(item: unknown, at: string, bits: number): BitRange {
    const o = readObject(item, at, ["kind", "name", "first", "last", "type", ...meaningKeys, ...provenanceKeys]);
    if (o["kind"] !== "bit-range") throw wrong(`${at}.kind`, '"bit-range", "if" or "switch"', o["kind"]);
    const first = readInteger(o["first"], `${at}.first`, 0, bits - 1);
    const last = readInteger(o["last"], `${at}.last`, first, bits - 1);
    const type = readChoice(o["type"], `${at}.type`, ["BOOL", "UINT"]);
    if (type === "BOOL" && first !== last) throw wrong(at, "one bit for BOOL", `bits ${first}-${last}`);
    return { kind: "bit-range", name: readName(o["name"], `${at}.name`), first, last, type, ...meaning(o, at), ...provenance(o, at) };
  }

  #undescribed(item: unknown, at: string): Undescribed {
    const o = readObject(item, at, ["kind", "number", "last", "name", ...provenanceKeys]);
    const number = readInteger(o["number"], `${at}.number`, 0, 4095);
    return {
      kind: readChoice(o["kind"], `${at}.kind`, ["table", "procedure"]),
      number,
      ...optional(o, "last", at, (value, where) => readInteger(value, where, number, 4095)),
      name: readName(o["name"], `${at}.name`),
      ...provenance(o, at),
    };
  }
}

const meaningKeys = ["enumeration", "unit", "default", "least", "most", "access"] as const;

function meaning(o: Json, at: string): Pick<Field, (typeof meaningKeys)[number]> {
  return {
    ...optional(o, "enumeration", at, readName), ...optional(o, "unit", at, readText), ...optional(o, "default", at, readText),
    ...optional(o, "least", at, readBound), ...optional(o, "most", at, readBound), ...optional(o, "access", at, readAccess),
  };
}

function provenance(o: Json, at: string): Provenance {
  return { ...optional(o, "source", at, readText), ...optional(o, "unverified", at, readText) };
}

export function readAccess(value: unknown, at: string): Access {
  return readChoice(value, at, accesses);
}

export function readBound(value: unknown, at: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(at, "a number", value);
  return value;
}
