import type { FieldValue } from "../field-value.ts";
import type { Definitions, TableId } from "../tdl/definitions.ts";
import type { BitRange, BitsType, Field, Member, RecordType, TableDefinition } from "../tdl/model.ts";
import { isScalarType, numericWidths } from "../tdl/scalar-types.ts";
import { valueOf, type Fields } from "./expressions.ts";
import { formsOf, type Forms } from "./forms.ts";
import { integerOf, octetsOf } from "./integers.ts";
import { isAllowed, unsaid } from "./meanings.ts";
import { bitsOf, formOf, readBits, writeBits } from "./scalars.ts";

type Tree = { [field: string]: FieldValue };

/** Octets that are not a table, or a value that is none of it; `path` is the field. */
export class NotInterpreted extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`${path || "the table"}: ${reason}`);
    this.path = path;
  }
}

/**
 * Reads and writes tables straight from their definitions, field after field, deciding each condition and count where it stands. It shares
 * no code with the layouts and their codecs, is slow, and has no bounds: tests hold the fast codecs against it.
 */
export class Interpreter {
  readonly #definitions: Definitions;
  readonly #images: ReadonlyMap<TableId, Uint8Array>;
  readonly #trees = new Map<TableId, Tree>();

  /** `images`: table 0, and the tables that give dimensions. */
  constructor(definitions: Definitions, images: ReadonlyMap<TableId, Uint8Array>) {
    this.#definitions = definitions;
    this.#images = images;
  }

  decode(table: TableId, octets: Uint8Array): FieldValue {
    const definition = this.#definitions.tables.get(table)!;
    const forms = formsOf(table === 0 ? octets : this.#images.get(0)!);
    const reading = new Reading(octets, forms, definition.openEnded ?? false);
    const tree = this.#read(this.#definitions.record(definition.type), reading, (own) => this.#fields(definition.name, own), "");
    if (reading.left > 0) throw new NotInterpreted("", `${reading.left} octets too many`);
    return tree;
  }

  encode(table: TableId, value: FieldValue): Uint8Array {
    const definition = this.#definitions.tables.get(table)!;
    const forms = table === 0 ? formsOf(this.#controls(value)) : formsOf(this.#images.get(0)!);
    return Uint8Array.from(this.#write(this.#definitions.record(definition.type), value, forms, this.#fields(definition.name, value), "", definition.openEnded));
  }

  /** The data of a procedure by its record's name. */
  decodeRecord(record: string, octets: Uint8Array): FieldValue {
    const reading = new Reading(octets, formsOf(this.#images.get(0)!), false);
    const tree = this.#read(this.#definitions.record(record), reading, () => this.#fields("", {}), "");
    if (reading.left > 0) throw new NotInterpreted("", `${reading.left} octets too many`);
    return tree;
  }

  encodeRecord(record: string, value: FieldValue): Uint8Array {
    return Uint8Array.from(this.#write(this.#definitions.record(record), value, formsOf(this.#images.get(0)!), this.#fields("", {}), ""));
  }

  #read(type: RecordType, reading: Reading, fieldsWith: (own: Tree) => Fields, path: string): Tree {
    const tree: Tree = {};
    // Table 0 counts its sets by its own earlier fields: the tree so far is what an expression sees.
    const fields = fieldsWith(tree);
    for (const field of this.#chosen(type.members, fields)) {
      if (this.#isNothing(field, fields, reading.forms)) continue;
      const place = step(path, field.name);
      if (field.count === undefined) {
        tree[field.name] = this.#readOne(field, reading, fields, place);
      } else {
        const count = this.#number(field.count, fields);
        tree[field.name] = Array.from({ length: count }, (_, index) => this.#readOne(field, reading, fields, `${place}[${index}]`));
      }
    }
    return tree;
  }

  #readOne(field: Field, reading: Reading, fields: Fields, place: string): FieldValue {
    if (isScalarType(field.type)) {
      const length = field.length === undefined ? 0 : this.#number(field.length, fields);
      if (reading.isShort && field.type === "BINARY") return formOf("BINARY", Math.min(length, reading.left), reading.forms).read(reading.take(Math.min(length, reading.left), place))!;
      const form = formOf(field.type, length, reading.forms);
      return form.read(reading.take(form.width, place))!;
    }
    const type = this.#definitions.types.get(field.type)!;
    if (type.kind === "record") return this.#read(type, reading, () => fields, place);
    const whole = integerOf(reading.take(numericWidths[type.base], place), reading.forms.order);
    const ranges = [...this.#chosen(type.members, fields)];
    const unnamed = Number(ranges.reduce((rest, { first, last }) => rest - bitsOf(whole, first, last), whole));
    return { ...Object.fromEntries(ranges.map((range) => [range.name, readBits(whole, range.first, range.last, range.type)])), ...(unnamed === 0 ? {} : { unnamed }) };
  }

  #write(type: RecordType, value: FieldValue, forms: Forms, fields: Fields, path: string, mayBeCut = false): number[] {
    const given = new Map(Object.entries(objectOf(value, path)));
    const octets: number[] = [];
    for (const field of this.#chosen(type.members, fields)) {
      if (this.#isNothing(field, fields, forms)) continue;
      const place = step(path, field.name);
      const inner = given.get(field.name);
      given.delete(field.name);
      if (field.count === undefined) {
        octets.push(...this.#writeOne(field, inner, forms, fields, place, mayBeCut));
      } else {
        const count = this.#number(field.count, fields);
        const elements = inner ?? [];
        if (!Array.isArray(elements) || elements.length > count) throw new NotInterpreted(place, `a list of at most ${count} is expected`);
        for (let index = 0; index < count; index++) {
          octets.push(...this.#writeOne(field, (elements as readonly FieldValue[])[index], forms, fields, `${place}[${index}]`));
        }
      }
    }
    const [unknown] = given.keys();
    if (unknown !== undefined) throw new NotInterpreted(step(path, unknown), "there is no such field");
    return octets;
  }

  #writeOne(field: Field, value: FieldValue | undefined, forms: Forms, fields: Fields, place: string, mayBeCut = false): number[] {
    if (isScalarType(field.type)) {
      const full = field.length === undefined ? 0 : this.#number(field.length, fields);
      const isCut = mayBeCut && field.type === "BINARY" && typeof value === "string" && value.length % 2 === 0 && value.length < 2 * full;
      const form = formOf(field.type, isCut ? value.length / 2 : full, forms);
      if (value !== undefined && !isAllowed(field, value, form)) throw new NotInterpreted(place, "the value is out of the field's bounds");
      const given = value ?? unsaid(field, field.type) ?? (field.type === "CHAR" ? "" : undefined);
      const octets = given === undefined ? Array.from({ length: form.width }, () => 0) : form.write(given);
      if (!octets) throw new NotInterpreted(place, "the field does not hold the value");
      return octets;
    }
    const type = this.#definitions.types.get(field.type)!;
    return type.kind === "record" ? this.#write(type, value ?? {}, forms, fields, place) : this.#writeBitField(type, value ?? {}, forms, fields, place);
  }

  #writeBitField(type: BitsType, value: FieldValue, forms: Forms, fields: Fields, place: string): number[] {
    const given = new Map(Object.entries(objectOf(value, place)));
    let whole = 0n;
    for (const range of this.#chosen<BitRange>(type.members, fields)) {
      const value = given.get(range.name);
      const bits = writeBits(value ?? unsaid(range, range.type) ?? 0, range.first, range.last);
      if (bits === undefined || (value !== undefined && !isAllowed(range, Number(value)))) throw new NotInterpreted(step(place, range.name), "its bits do not hold the value");
      given.delete(range.name);
      whole += bits;
    }
    const unnamed = given.get("unnamed") ?? 0;
    given.delete("unnamed");
    if (given.size > 0) throw new NotInterpreted(place, `there is no ${[...given.keys()].join(", ")}`);
    const fits = typeof unnamed === "number" && Number.isInteger(unnamed) && unnamed >= 0 && unnamed < 256 ** numericWidths[type.base];
    if (!fits || [...this.#chosen<BitRange>(type.members, fields)].some(({ first, last }) => bitsOf(BigInt(unnamed), first, last) > 0n)) throw new NotInterpreted(place, "sub-fields have those bits");
    whole += BigInt(unnamed);
    return octetsOf(whole, numericWidths[type.base], forms.order)!;
  }

  *#chosen<Item extends Field | BitRange>(members: readonly Member<Item>[], fields: Fields): Generator<Item> {
    for (const member of members) {
      if (member.kind === "if") {
        yield* this.#chosen<Item>((this.#number(member.test, fields) === 0 ? member.else : member.then) ?? [], fields);
      } else if (member.kind === "switch") {
        const on = this.#number(member.on, fields);
        yield* this.#chosen<Item>((member.cases.find(({ values }) => values.includes(on)) ?? { members: member.default ?? [] }).members, fields);
      } else {
        yield member;
      }
    }
  }

  /** Times of a meter without a clock, and records and arrays in which nothing is: such a field is not there at all. */
  #isNothing(field: Field, fields: Fields, forms: Forms): boolean {
    if (isScalarType(field.type)) return ["LTIME_DATE", "STIME_DATE", "TIME"].includes(field.type) && forms.time === 0;
    const type = this.#definitions.types.get(field.type)!;
    if (type.kind === "bits") return false;
    return [...this.#chosen(type.members, fields)].every(
      (inner) => (inner.count !== undefined && this.#number(inner.count, fields) === 0) || this.#isNothing(inner, fields, forms),
    );
  }

  #number(expression: string, fields: Fields): number {
    return valueOf(this.#definitions.expression(expression), fields);
  }

  #fields(ownName: string, own: FieldValue): Fields {
    const at = (table: string, path: string): FieldValue => {
      let value: FieldValue | undefined = table === ownName ? own : this.#tree(table);
      for (const name of path.split(/[.[\]]+/).filter((part) => part !== "")) value = (value as Tree | undefined)?.[name];
      if (value === undefined && table !== ownName) throw new NotInterpreted(`${table}.${path}`, "gives a dimension and is not there");
      return value ?? 0;
    };
    return { number: (table, path) => Number(at(table, path)), members: (table, path) => at(table, path) as readonly number[] };
  }

  /** The tree of a dimension table, or of the one that stands in where the meter lacks it. */
  #tree(name: string): Tree {
    const asked = this.#definitions.tableNamed(name)!;
    const standIn = asked.otherwise === undefined ? undefined : this.#definitions.tableNamed(asked.otherwise);
    const { number } = !this.#isThere(asked) && standIn && this.#isThere(standIn) ? standIn : asked;
    const known = this.#trees.get(number);
    if (known) return known;
    const image = this.#images.get(number);
    if (!image) throw new NotInterpreted(name, "gives dimensions and has not been read");
    const tree = this.decode(number, image) as Tree;
    this.#trees.set(number, tree);
    return tree;
  }

  #isThere({ number }: TableDefinition): boolean {
    return this.#images.has(number) || (this.#tree("GEN_CONFIG_TBL")[number < 2048 ? "STD_TBLS_USED" : "MFG_TBLS_USED"] as readonly number[]).includes(number % 2048);
  }

  /** Octets 0 to 2 of a table 0 that is yet to be written. */
  #controls(value: FieldValue): number[] {
    const tree = objectOf(value, "");
    return [1, 2, 3].map((octet) => this.#writeOne(
      { kind: "field", name: "", type: `FORMAT_CONTROL_${octet}_BFLD` }, tree[`FORMAT_CONTROL_${octet}`], formsOf([]), this.#fields("", {}), `FORMAT_CONTROL_${octet}`,
    )[0]!);
  }
}

/** Octets being used up from the front. */
class Reading {
  readonly forms: Forms;
  /** Whether the last field may find fewer octets than it asks for. */
  readonly isShort: boolean;
  #rest: number[];

  constructor(octets: Uint8Array, forms: Forms, isShort: boolean) {
    this.#rest = [...octets];
    this.forms = forms;
    this.isShort = isShort;
  }

  get left(): number {
    return this.#rest.length;
  }

  take(count: number, path: string): number[] {
    if (count > this.#rest.length) throw new NotInterpreted(path, `${count} octets expected, ${this.#rest.length} left`);
    const taken = this.#rest.slice(0, count);
    this.#rest = this.#rest.slice(count);
    return taken;
  }
}

function step(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function objectOf(value: FieldValue, path: string): Tree {
  if (typeof value !== "object" || Array.isArray(value)) throw new NotInterpreted(path, "an object of fields is expected");
  return value as Tree;
}
