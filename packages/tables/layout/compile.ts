import type { Codec } from "../codec/codec.ts";
import type { DataFormats } from "../codec/data-formats.ts";
import { bitRange, bitsUnder, signedInteger, unsignedInteger } from "../codec/integer.ts";
import { float, numberItem } from "../codec/number-item.ts";
import { plainOctets, set } from "../codec/octets.ts";
import { text } from "../codec/text.ts";
import { date, dateTime, timeOfDay } from "../codec/time.ts";
import type { Definitions } from "../tdl/definitions.ts";
import { evaluate, type Scope } from "../tdl/expression.ts";
import type { BitRange, BitsType, Field, Meaning, Member, RecordType } from "../tdl/model.ts";
import { isScalarType, numericWidths, type NumericType, type ScalarType } from "../tdl/scalar-types.ts";
import { TablesError } from "../tables-error.ts";
import { defaultValue } from "./default-value.ts";
import type { MemberShape, RecordShape, ScalarShape, Shape } from "./shape.ts";

/** Largest table: what partial reads of 65,535 elements of 16 octets reach; ours. */
export const largestTable = 65_535 * 16;
export const mostLeaves = 1_000_000;
const mostParts = 4_000_000;

/** A member already placed, for expressions that read an earlier field of the same record (table 0 does). */
export interface Placed {
  readonly path: string;
  readonly member: MemberShape;
}

export interface CompileInput {
  readonly definitions: Definitions;
  readonly formats: DataFormats;
  /** Fields of other tables. */
  readonly scope: Scope;
  /** The name of the table being compiled, and how its own earlier fields are read. */
  readonly own?: { readonly table: string; number(placed: Placed): number };
  /** Octets for the last field of an open-ended table. */
  readonly room?: number;
}

/** Turns a record type into its shape. Throws `bad-dimension`, `too-large`, `dimension-missing` before anything of that size is allocated. */
export function compile(record: RecordType, place: string, input: CompileInput): RecordShape {
  return new Compiler(input).root(record, place);
}

class Compiler {
  readonly #input: CompileInput;
  readonly #records = new Map<string, Shape>();
  #placed: MemberShape[] = [];

  constructor(input: CompileInput) {
    this.#input = input;
  }

  root(record: RecordType, place: string): RecordShape {
    const { own, room } = this.#input;
    const fields = this.#record(record, place, own ? this.#withOwn(own) : this.#input.scope, (placed) => (this.#placed = placed));
    return room === undefined ? fields : cutShort(fields, room);
  }

  #withOwn(own: NonNullable<CompileInput["own"]>): Scope {
    const { scope } = this.#input;
    return {
      number: (table, path) => {
        if (table !== own.table) return scope.number(table, path);
        const [first, ...rest] = path.split(".");
        let member = this.#placed.find((candidate) => candidate.name === first);
        let offset = member?.offset ?? 0;
        for (const name of rest) {
          member = member?.shape.kind === "record" ? member.shape.byName.get(name) : undefined;
          offset += member?.offset ?? 0;
        }
        if (!member) throw new TablesError("input", "bad-definition", `${own.table}.${path} is read before it is placed, or is not there.`, { field: path });
        return own.number({ path, member: { ...member, offset } });
      },
      member: (table, path, index) => scope.member(table, path, index),
    };
  }

  #record(type: RecordType, place: string, scope: Scope, watch?: (placed: MemberShape[]) => void): RecordShape {
    const members: MemberShape[] = [];
    watch?.(members);
    const names = new Set<string>();
    let size = 0;
    let leaves = 0;
    let parts = 1;
    for (const [field, position] of this.#chosen(type.members, scope)) {
      const fieldPlace = `${place}.${field.name}`;
      if (names.has(field.name)) throw new TablesError("input", "bad-definition", `${fieldPlace} is there twice.`, { field: fieldPlace });
      names.add(field.name);
      const shape = this.#field(field, fieldPlace, scope);
      if (!shape) continue;
      members.push({ name: field.name, shape, offset: size, firstLeaf: leaves, position, ...accessOf(field) });
      size += shape.size;
      leaves += shape.leaves;
      parts += shape.parts;
      bounded(fieldPlace, size, leaves, parts);
    }
    return recordShape(type.name, members, { size, leaves, parts, isBitField: false });
  }

  /** Undefined where this meter has no such field: times under TM_FORMAT 0, records of nothing. A SET of no octets is there, and empty. */
  #field(field: Field, place: string, scope: Scope): Shape | undefined {
    const count = field.count === undefined ? undefined : this.#dimension(field.count, place, scope, mostLeaves);
    const element = this.#element(field, place, scope);
    if (!element) return undefined;
    if (count === undefined) return element;
    const extent = { size: count * element.size, leaves: count * element.leaves, parts: 1 + count * element.parts };
    bounded(place, extent.size, extent.leaves, extent.parts);
    return { kind: "array", count, element, ...extent };
  }

  #element(field: Field, place: string, scope: Scope): Shape | undefined {
    if (isScalarType(field.type)) {
      const length = field.length === undefined ? 0 : this.#dimension(field.length, place, scope, largestTable);
      const codec = scalarCodec(field.type, length, this.#input.formats);
      return codec && scalarShape(codec, field, place);
    }
    const known = this.#records.get(field.type);
    const shape = known ?? this.#named(field.type, place, scope);
    this.#records.set(field.type, shape);
    return shape.leaves === 0 && shape.size === 0 ? undefined : shape;
  }

  #named(name: string, place: string, scope: Scope): RecordShape {
    const type = this.#input.definitions.types.get(name);
    if (!type) throw new TablesError("input", "bad-definition", `${place}: type ${name} is not defined.`, { field: place });
    return type.kind === "record" ? this.#record(type, place, scope) : this.#bits(type, place, scope);
  }

  #bits(type: BitsType, place: string, scope: Scope): RecordShape {
    const width = numericWidths[type.base];
    const members: MemberShape[] = [];
    let taken = 0n;
    for (const [range, position] of this.#chosen<BitRange>(type.members, scope)) {
      const mask = ((1n << BigInt(range.last - range.first + 1)) - 1n) << BigInt(range.first);
      if ((taken & mask) !== 0n) throw new TablesError("input", "bad-definition", `${place}.${range.name}: its bits are taken already.`, { field: place });
      taken |= mask;
      const codec = bitRange(width, range.first, range.last, range.type === "BOOL", this.#input.formats);
      const shape = scalarShape(codec, range, `${place}.${range.name}`);
      members.push({ name: range.name, shape, offset: 0, firstLeaf: members.length, position, ...accessOf(range) });
    }
    const rest = ((1n << BigInt(8 * width)) - 1n) & ~taken;
    const unnamed: ScalarShape | undefined = rest === 0n ? undefined : { kind: "scalar", codec: bitsUnder(width, Number(rest), this.#input.formats), size: width, leaves: 0, parts: 1 };
    return recordShape(type.name, members, { size: width, leaves: members.length, parts: 2 + members.length, isBitField: true, ...(unnamed && { unnamed }) });
  }

  /** The members that this meter has, each with its number among all that the type has. */
  *#chosen<Item extends Field | BitRange>(members: readonly Member<Item>[], scope: Scope, first = 0): Generator<[member: Item, position: number]> {
    let position = first;
    for (const member of members) {
      if (member.kind === "if") {
        const otherwise = position + countMembers(member.then);
        if (this.#truth(member.test, scope)) yield* this.#chosen(member.then, scope, position);
        else yield* this.#chosen(member.else ?? [], scope, otherwise);
      } else if (member.kind === "switch") {
        const on = evaluate(this.#input.definitions.expression(member.on), scope);
        const at = member.cases.findIndex((choice) => choice.values.includes(on));
        const before = member.cases.slice(0, at === -1 ? member.cases.length : at).reduce((sum, choice) => sum + countMembers(choice.members), position);
        yield* this.#chosen(member.cases[at]?.members ?? member.default ?? [], scope, before);
      } else {
        yield [member, position];
      }
      position += countMembers([member]);
    }
  }

  #truth(test: string, scope: Scope): boolean {
    return evaluate(this.#input.definitions.expression(test), scope) !== 0;
  }

  #dimension(expression: string, place: string, scope: Scope, most: number): number {
    const value = evaluate(this.#input.definitions.expression(expression), scope);
    if (!Number.isInteger(value) || value < 0) {
      throw new TablesError("peer-data", "bad-dimension", `${place}: ${expression} gives ${value}, expected a whole number.`, { field: place, actual: value });
    }
    if (value > most) throw tooLarge(place, `${expression} gives ${value}, at most ${most} is taken`);
    return value;
  }
}

function recordShape(type: string, members: readonly MemberShape[], of: Pick<RecordShape, "size" | "leaves" | "parts" | "isBitField" | "unnamed">): RecordShape {
  return { kind: "record", type, members, byName: new Map(members.map((member) => [member.name, member])), ...of };
}

function scalarShape(codec: Codec, of: Meaning, place: string): ScalarShape {
  const initial = defaultValue(codec, of, place);
  return {
    kind: "scalar", codec, size: codec.width, leaves: 1, parts: 1,
    ...(initial === undefined ? {} : { initial }),
    ...(of.least === undefined ? {} : { least: of.least }),
    ...(of.most === undefined ? {} : { most: of.most }),
    ...(of.enumeration === undefined ? {} : { enumeration: of.enumeration }),
    ...(of.unit === undefined ? {} : { unit: of.unit }),
  };
}

function accessOf(of: Meaning): Pick<Meaning, "access"> {
  return of.access === undefined ? {} : { access: of.access };
}

/** How many members a list would have if every condition held and every case were there. */
function countMembers(members: readonly Member<unknown>[]): number {
  let count = 0;
  for (const member of members as readonly Member<Field>[]) {
    if (member.kind === "if") count += countMembers(member.then) + countMembers(member.else ?? []);
    else if (member.kind === "switch") count += member.cases.reduce((sum, choice) => sum + countMembers(choice.members), countMembers(member.default ?? []));
    else count++;
  }
  return count;
}

/** The same record with its last field, octets without inner form, cut to what fits in `room` octets. */
function cutShort(record: RecordShape, room: number): RecordShape {
  const last = record.members.at(-1);
  if (!last || room >= record.size || last.shape.kind !== "scalar" || last.shape.codec.kind !== "binary" || room < last.offset) return record;
  const shape: Shape = { kind: "scalar", codec: plainOctets("binary", room - last.offset), size: room - last.offset, leaves: 1, parts: 1 };
  return recordShape(record.type, [...record.members.slice(0, -1), { ...last, shape }], { size: room, leaves: record.leaves, parts: record.parts, isBitField: false });
}

function scalarCodec(type: ScalarType, length: number, formats: DataFormats): Codec | undefined {
  switch (type) {
    case "CHAR": return text(length, formats);
    case "BINARY": return plainOctets("binary", length);
    case "BCD": return plainOctets("bcd", length);
    case "SET": return set(length);
    case "NI_FMAT1": return numberItem(formats.ni1, formats);
    case "NI_FMAT2": return numberItem(formats.ni2, formats);
    case "LTIME_DATE": return dateTime(true, formats);
    case "STIME_DATE": return dateTime(false, formats);
    case "TIME": return timeOfDay(formats);
    case "DATE": return date(formats);
    case "FLOAT32": return float(4, formats);
    case "FLOAT64": return float(8, formats);
    default: return integerCodec(type, formats);
  }
}

function integerCodec(type: NumericType, formats: DataFormats): Codec {
  const width = numericWidths[type];
  return type.startsWith("U") ? unsignedInteger(width, formats) : signedInteger(width, formats);
}

function bounded(place: string, size: number, leaves: number, parts: number): void {
  if (size > largestTable) throw tooLarge(place, `the table would have more than ${largestTable} octets`);
  if (leaves > mostLeaves) throw tooLarge(place, `the table would have more than ${mostLeaves} fields`);
  if (parts > mostParts) throw tooLarge(place, `the table would have more than ${mostParts} records, arrays and fields`);
}

function tooLarge(place: string, reason: string): TablesError {
  return new TablesError("peer-data", "too-large", `${place}: ${reason}. Check the dimensions that the meter reports.`, { field: place });
}
