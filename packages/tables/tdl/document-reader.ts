import { TablesError } from "../tables-error.ts";
import type {
  BitRange, BitsType, Enumeration, Field, Member, ProcedureDefinition, RecordType, TableDefinition, TdlDocument, TypeDefinition,
} from "./model.ts";

/** Names of tables, fields and types: the standard's spelling. Capitals also keep names apart from what objects inherit. */
const nameForm = /^[A-Z][A-Z0-9_]{0,63}$/;
const longestText = 400;
const deepestNesting = 12;
const mostEntries = 20_000;

type Json = { readonly [key: string]: unknown };

/** Reads untrusted canonical JSON into the model: shapes, names and bounds. References between definitions are checked by `Definitions`. */
export function readTdlDocument(json: unknown): TdlDocument {
  return new DocumentReader().document(json);
}

class DocumentReader {
  #entries = 0;

  document(json: unknown): TdlDocument {
    const root = this.#object(json, "document", ["format", "types", "enumerations", "tables", "procedures"]);
    if (root["format"] !== "metersmith-tdl-1") throw wrong("document.format", '"metersmith-tdl-1"', root["format"]);
    return {
      format: "metersmith-tdl-1",
      types: this.#list(root["types"], "types", (item, at) => this.#type(item, at)),
      enumerations: this.#list(root["enumerations"], "enumerations", (item, at) => this.#enumeration(item, at)),
      tables: this.#list(root["tables"], "tables", (item, at) => this.#table(item, at)),
      procedures: this.#list(root["procedures"], "procedures", (item, at) => this.#procedure(item, at)),
    };
  }

  #type(item: unknown, at: string): TypeDefinition {
    const o = this.#object(item, at, ["kind", "name", "base", "members", "source", "unverified"]);
    const name = readName(o["name"], `${at}.name`);
    if (o["kind"] === "record") {
      const members = this.#members(o["members"], name, 0, (field, place) => this.#field(field, place));
      return { kind: "record", name, members, ...provenance(o, at) } satisfies RecordType;
    }
    if (o["kind"] !== "bits") throw wrong(`${at}.kind`, '"record" or "bits"', o["kind"]);
    const base = o["base"];
    if (base !== "UINT8" && base !== "UINT16" && base !== "UINT24" && base !== "UINT32") {
      throw wrong(`${at}.base`, "UINT8, UINT16, UINT24 or UINT32", base);
    }
    const members = this.#members(o["members"], name, 0, (range, place) => this.#bitRange(range, place, Number(base.slice(4))));
    return { kind: "bits", name, base, members, ...provenance(o, at) } satisfies BitsType;
  }

  #members<Item>(list: unknown, at: string, depth: number, leaf: (item: Json, at: string) => Item): Member<Item>[] {
    if (depth > deepestNesting) throw wrong(at, `at most ${deepestNesting} levels of if and switch`, depth);
    return this.#list(list, at, (item, place): Member<Item> => {
      const kind = typeof item === "object" && item !== null ? (item as Json)["kind"] : undefined;
      if (kind === "if") {
        const o = this.#object(item, place, ["kind", "test", "then", "else"]);
        const test = readText(o["test"], `${place}.test`);
        const then = this.#members(o["then"], `${place}.then`, depth + 1, leaf);
        return o["else"] === undefined
          ? { kind, test, then }
          : { kind, test, then, else: this.#members(o["else"], `${place}.else`, depth + 1, leaf) };
      }
      if (kind === "switch") {
        const o = this.#object(item, place, ["kind", "on", "cases", "default"]);
        const on = readText(o["on"], `${place}.on`);
        const cases = this.#list(o["cases"], `${place}.cases`, (entry, where) => {
          const c = this.#object(entry, where, ["values", "members"]);
          return {
            values: this.#list(c["values"], `${where}.values`, (value, spot) => readInteger(value, spot, 0, 0xffffffff)),
            members: this.#members(c["members"], `${where}.members`, depth + 1, leaf),
          };
        });
        return o["default"] === undefined
          ? { kind, on, cases }
          : { kind, on, cases, default: this.#members(o["default"], `${place}.default`, depth + 1, leaf) };
      }
      return leaf(item as Json, place);
    });
  }

  #field(item: unknown, at: string): Field {
    const o = this.#object(item, at, ["kind", "name", "type", "length", "count", "enumeration", "unit", "source", "unverified"]);
    if (o["kind"] !== "field") throw wrong(`${at}.kind`, '"field", "if" or "switch"', o["kind"]);
    return {
      kind: "field",
      name: readName(o["name"], `${at}.name`),
      type: readName(o["type"], `${at}.type`),
      ...optionalText(o, "length", at), ...optionalText(o, "count", at), ...optionalText(o, "enumeration", at), ...optionalText(o, "unit", at),
      ...provenance(o, at),
    };
  }

  #bitRange(item: unknown, at: string, bits: number): BitRange {
    const o = this.#object(item, at, ["kind", "name", "first", "last", "type", "enumeration", "unit", "source", "unverified"]);
    if (o["kind"] !== "bit-range") throw wrong(`${at}.kind`, '"bit-range", "if" or "switch"', o["kind"]);
    const first = readInteger(o["first"], `${at}.first`, 0, bits - 1);
    const last = readInteger(o["last"], `${at}.last`, first, bits - 1);
    const type = o["type"];
    if (type !== "BOOL" && type !== "UINT") throw wrong(`${at}.type`, "BOOL or UINT", type);
    if (type === "BOOL" && first !== last) throw wrong(at, "one bit for BOOL", `bits ${first}-${last}`);
    return {
      kind: "bit-range", name: readName(o["name"], `${at}.name`), first, last, type,
      ...optionalText(o, "enumeration", at), ...optionalText(o, "unit", at), ...provenance(o, at),
    };
  }

  #enumeration(item: unknown, at: string): Enumeration {
    const o = this.#object(item, at, ["name", "values", "source", "unverified"]);
    const values = this.#list(o["values"], `${at}.values`, (entry, where) => {
      const v = this.#object(entry, where, ["value", "name", "source", "unverified"]);
      return { value: readInteger(v["value"], `${where}.value`, 0, 0xffffffff), name: readText(v["name"], `${where}.name`), ...provenance(v, where) };
    });
    return { name: readName(o["name"], `${at}.name`), values, ...provenance(o, at) };
  }

  #table(item: unknown, at: string): TableDefinition {
    const o = this.#object(item, at, ["number", "name", "type", "otherwise", "openEnded", "source", "unverified"]);
    if (o["openEnded"] !== undefined && typeof o["openEnded"] !== "boolean") throw wrong(`${at}.openEnded`, "true or false", o["openEnded"]);
    return {
      number: readInteger(o["number"], `${at}.number`, 0, 4095),
      name: readName(o["name"], `${at}.name`),
      type: readName(o["type"], `${at}.type`),
      ...optionalText(o, "otherwise", at),
      ...(o["openEnded"] === true ? { openEnded: true } : {}),
      ...provenance(o, at),
    };
  }

  #procedure(item: unknown, at: string): ProcedureDefinition {
    const o = this.#object(item, at, ["number", "name", "parameters", "response", "source", "unverified"]);
    return {
      number: readInteger(o["number"], `${at}.number`, 0, 4095),
      name: readName(o["name"], `${at}.name`),
      ...optionalText(o, "parameters", at), ...optionalText(o, "response", at), ...provenance(o, at),
    };
  }

  #list<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): T[] {
    if (!Array.isArray(value)) throw wrong(at, "a list", value);
    this.#entries += value.length;
    if (this.#entries > mostEntries) throw wrong(at, `at most ${mostEntries} entries in all`, this.#entries);
    return value.map((item, index) => read(item, `${at}[${index}]`));
  }

  #object(value: unknown, at: string, known: readonly string[]): Json {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(at, "an object", value);
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) throw wrong(`${at}.${key.slice(0, 40)}`, `one of ${known.join(", ")}`, key);
    }
    return value as Json;
  }
}

function provenance(o: Json, at: string): { source?: string; unverified?: string } {
  return { ...optionalText(o, "source", at), ...optionalText(o, "unverified", at) };
}

function optionalText<Key extends string>(o: Json, key: Key, at: string): { [K in Key]?: string } {
  return o[key] === undefined ? {} : ({ [key]: readText(o[key], `${at}.${key}`) } as { [K in Key]: string });
}

function readText(value: unknown, at: string): string {
  if (typeof value !== "string" || value.length === 0 || value.length > longestText) throw wrong(at, `text of 1 to ${longestText} characters`, value);
  return value;
}

function readName(value: unknown, at: string): string {
  if (typeof value !== "string" || !nameForm.test(value)) throw wrong(at, "a name of capitals, digits and _", value);
  return value;
}

function readInteger(value: unknown, at: string, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) throw wrong(at, `a whole number from ${least} to ${most}`, value);
  return value;
}

function wrong(field: string, expected: string, actual: unknown): TablesError {
  const found = actual === undefined ? "nothing" : typeof actual === "object" ? (actual === null ? "null" : Array.isArray(actual) ? "a list" : "an object") : String(actual).slice(0, 60);
  return new TablesError("input", "bad-definition", `Table definitions: ${field}: expected ${expected}, found ${found}.`, { field, expected, actual: found });
}
