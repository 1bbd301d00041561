import { toHex } from "@metersmith/base/bytes";
import type { AccessMethods } from "./addressing/table-writes.ts";
import { dataFormats, type DataFormats } from "./codec/data-formats.ts";
import { isMember } from "./codec/octets.ts";
import { DecodedTable } from "./decoded-table.ts";
import { encodeGeneral } from "./encode-general.ts";
import { encodeTree } from "./encode-tree.ts";
import type { FieldValue } from "./field-value.ts";
import { compile, type CompileInput } from "./layout/compile.ts";
import { Layout } from "./layout/layout.ts";
import type { Definitions, TableId } from "./tdl/definitions.ts";
import { roomIn } from "./layout/open-end.ts";
import type { Scope } from "./tdl/expression.ts";
import type { TableDefinition } from "./tdl/model.ts";
import { noSuchDimension, tableNumber, wrongLength } from "./table-complaints.ts";
import { TablesError } from "./tables-error.ts";

const manufacturerBit = 2048;

/**
 * What a meter's own dimension tables say about its tables. Table 0 says which tables there are and how values lie in octets; the limiting
 * and actual tables (11, 21, 51 …) how many of each. Immutable.
 */
export class MeterContext {
  readonly definitions: Definitions;
  /** Data order and formats by table 0. */
  readonly formats: DataFormats;
  readonly #images: ReadonlyMap<TableId, Uint8Array>;
  readonly #layouts = new Map<string, Layout>();
  readonly #general: DecodedTable;

  private constructor(definitions: Definitions, images: ReadonlyMap<TableId, Uint8Array>) {
    const general = images.get(0);
    if (!general) throw new TablesError("misuse", "dimension-missing", "Table 0 is needed before any other table can be read.", { table: 0 });
    if (general.length < 3) {
      throw new TablesError("peer-data", "table-length", `Table 0 has ${general.length} octets; at least 19 are needed.`, { table: 0, expected: 19, actual: general.length });
    }
    this.definitions = definitions;
    const [first = 0, second = 0, third = 0] = general;
    this.formats = dataFormats(first, second, third);
    this.#images = images;
    this.#general = this.decode(0, general);
  }

  /**
   * From images read from a meter: table 0, and the dimension tables of the tables that will be used (`dimensionTables`). Images are
   * copied. Throws `table-length` where table 0 contradicts itself.
   */
  static of(definitions: Definitions, images: ReadonlyMap<TableId, Uint8Array>): MeterContext {
    return new MeterContext(definitions, new Map([...images].map(([table, bytes]) => [table, bytes.slice()])));
  }

  /**
   * From value trees instead of images, as a factory has them: encodes table 0 first, then the others in ascending order, each under the
   * dimensions of those before it.
   */
  static fromValues(
    definitions: Definitions,
    values: ReadonlyMap<TableId, FieldValue>,
  ): { context: MeterContext; images: Map<TableId, Uint8Array> } {
    const images = new Map<TableId, Uint8Array>();
    images.set(0, encodeGeneral(definitions, values.get(0) ?? {}));
    let context = MeterContext.of(definitions, images);
    for (const table of [...values.keys()].filter((number) => number !== 0).sort((a, b) => a - b)) {
      const bytes = context.encode(table, values.get(table) ?? {});
      images.set(table, bytes);
      context = context.with(table, bytes);
    }
    return { context, images };
  }

  /** The same with one more image, or with another image of a table. */
  with(table: TableId, bytes: Uint8Array): MeterContext {
    return new MeterContext(this.definitions, new Map(this.#images).set(table, bytes.slice()));
  }

  /** Which parts of tables the meter lets be read and written alone (DATA_ACCESS_METHOD of table 0). */
  get accessMethods(): AccessMethods {
    const method = ((this.#general.bytes[1] ?? 0) >> 3) & 3;
    return { offset: (method & 1) !== 0, index: (method & 2) !== 0 };
  }

  /** Whether table 0 lists the table as used. */
  has(table: TableId): boolean {
    return this.#lists(table, "TBLS_USED");
  }

  /** Whether table 0 lists the table as writable. */
  writable(table: TableId): boolean {
    return this.#lists(table, "TBLS_WRITE");
  }

  /** Whether table 0 lists the procedure (2048 + n for manufacturer procedure n). */
  hasProcedure(procedure: number): boolean {
    return this.#lists(procedure, "PROC_USED");
  }

  /**
   * Which other tables the layout of this one depends on, in the order in which they can be read: table 0 first, then the actual
   * tables, or the dimension tables where the meter lacks the actual ones.
   */
  dimensionTables(table: TableId): TableId[] {
    const behind = this.#tablesBehind(this.#definition(table).type);
    behind.delete(table);
    return table === 0 ? [] : [...behind];
  }

  /** Where every field of the table lies in this meter; compiled once for all meters of the same dimensions. */
  layout(table: TableId): Layout {
    return this.#layoutFor(table, undefined);
  }

  /** Throws `table-length` unless the image is as long as the table (tables 7 and 8 may be shorter). The bytes are not copied. */
  decode(table: TableId, bytes: Uint8Array): DecodedTable {
    const whole = this.layout(table);
    if (bytes.length === whole.size || !whole.openEnded || bytes.length > whole.size) return new DecodedTable(whole, bytes);
    const short = this.#layoutFor(table, bytes.length);
    if (short.size !== bytes.length) throw wrongLength(whole, bytes.length);
    return new DecodedTable(short, bytes);
  }

  /**
   * The whole table from a tree; what the tree leaves out has its default, or is zero, text is blank. The tree of a decoded table gives its octets again, whatever
   * they are, but for numbers that the definitions do not allow to be written. Of an open-ended table, fewer octets in the last field make the table shorter.
   */
  encode(table: TableId, value: FieldValue): Uint8Array<ArrayBuffer> {
    const whole = this.layout(table);
    const room = whole.openEnded ? roomIn(whole, value) : undefined;
    return encodeTree(room === undefined ? whole : this.#layoutFor(table, room), value);
  }

  /** Octets of a procedure's parameters, as they follow PROC and SEQ_NBR in table 7. */
  encodeParameters(procedure: number, value: FieldValue): Uint8Array<ArrayBuffer> {
    const definition = this.#procedure(procedure);
    return encodeTree(this.#recordLayout(procedure, definition.parameters, `${definition.name} parameters`), value);
  }

  /** A procedure's response data, as it follows RESULT_CODE in table 8. The layout's `table` is the procedure's number. */
  decodeResponse(procedure: number, bytes: Uint8Array): DecodedTable {
    const definition = this.#procedure(procedure);
    return new DecodedTable(this.#recordLayout(procedure, definition.response, `${definition.name} response`), bytes);
  }

  /** A procedure's parameters, as a meter reads them from table 7. */
  decodeParameters(procedure: number, bytes: Uint8Array): DecodedTable {
    const definition = this.#procedure(procedure);
    return new DecodedTable(this.#recordLayout(procedure, definition.parameters, `${definition.name} parameters`), bytes);
  }

  /** A procedure's response, as a meter puts it into table 8. */
  encodeResponse(procedure: number, value: FieldValue): Uint8Array<ArrayBuffer> {
    const definition = this.#procedure(procedure);
    return encodeTree(this.#recordLayout(procedure, definition.response, `${definition.name} response`), value);
  }

  #tablesBehind(type: string): Set<TableId> {
    const needed = new Set<TableId>([0]);
    const visited = new Set<string>();
    const visit = (record: string): void => {
      if (visited.has(record)) return;
      visited.add(record);
      for (const name of this.definitions.tablesBehind(record)) {
        const table = this.#present(name);
        visit(table.type);
        needed.add(table.number);
      }
    };
    visit(type);
    return needed;
  }

  #layoutFor(table: TableId, room: number | undefined): Layout {
    const own = `${table}/${room ?? ""}`;
    const known = this.#layouts.get(own);
    if (known) return known;
    const definition = this.#definition(table);
    const make = (): Layout => {
      const record = this.definitions.record(definition.type);
      const shape = compile(record, definition.name, this.#input(table, definition, room));
      const { access, openEnded = false } = definition;
      return new Layout(table, definition.name, shape, { littleEndian: this.formats.littleEndian, openEnded, ...(access === undefined ? {} : { access }) });
    };
    const layout = this.definitions.layouts.get(`${own} ${this.#fingerprint(definition.type)}`, make);
    this.#layouts.set(own, layout);
    return layout;
  }

  /** What the layout depends on, as text: equal fingerprints have equal layouts. */
  #fingerprint(type: string): string {
    return [...this.#tablesBehind(type)].map((table) => `${table}:${toHex(this.#image(table))}`).join(" ");
  }

  #input(table: TableId, definition: TableDefinition, room: number | undefined): CompileInput {
    const image = this.#images.get(table);
    return {
      definitions: this.definitions,
      formats: this.formats,
      scope: this.#scope,
      ...(room === undefined ? {} : { room }),
      ...(table === 0 && image
        ? {
            own: {
              table: definition.name,
              number: ({ path, member }) => {
                if (member.shape.kind !== "scalar" || member.offset + member.shape.size > image.length) {
                  throw new TablesError("peer-data", "table-length", `Table ${table} ends before ${path}, on which its layout depends.`, { table, field: path, offset: member.offset, actual: image.length });
                }
                return member.shape.codec.number(image, member.offset);
              },
            },
          }
        : {}),
    };
  }

  readonly #scope: Scope = {
    number: (name, path) => {
      const decoded = this.#dimension(name);
      const leaf = decoded.layout.find(path);
      const value = leaf ? leaf.codec.number(decoded.bytes, leaf.offset) : Number.NaN;
      if (Number.isNaN(value)) throw noSuchDimension(name, path, decoded.table, "a number", leaf?.kind);
      return value;
    },
    member: (name, path, member) => {
      const decoded = this.#dimension(name);
      const leaf = decoded.layout.find(path);
      if (leaf?.kind !== "set") throw noSuchDimension(name, path, decoded.table, "a set", leaf?.kind);
      return isMember(decoded.bytes, leaf.offset, leaf.width, member);
    },
  };

  #dimension(name: string): DecodedTable {
    const { number } = this.#present(name);
    return this.decode(number, this.#image(number));
  }

  #image(table: TableId): Uint8Array {
    const image = this.#images.get(table);
    if (image) return image;
    const name = this.definitions.tables.get(table)?.name ?? "";
    throw new TablesError("misuse", "dimension-missing", `Table ${tableNumber(table)} (${name}) gives dimensions and has not been read.`, { table });
  }

  /** The actual table, or the one that stands in for it where the meter lacks it. */
  #present(name: string): TableDefinition {
    const definition = this.definitions.tableNamed(name);
    if (!definition) throw new TablesError("input", "bad-definition", `Table ${name} is not defined.`, { field: name });
    if (definition.otherwise === undefined || this.#images.has(definition.number) || this.has(definition.number)) return definition;
    const other = this.definitions.tableNamed(definition.otherwise);
    return other && (this.#images.has(other.number) || this.has(other.number)) ? other : definition;
  }

  #lists(number: number, suffix: "TBLS_USED" | "TBLS_WRITE" | "PROC_USED"): boolean {
    const { layout, bytes } = this.#general;
    const leaf = layout.find(`${number >= manufacturerBit ? "MFG" : "STD"}_${suffix}`);
    return leaf !== undefined && isMember(bytes, leaf.offset, leaf.width, number % manufacturerBit);
  }

  #definition(table: TableId): TableDefinition {
    const definition = this.definitions.tables.get(table);
    if (definition) return definition;
    const named = this.definitions.undescribed("table", table);
    const reason = named ? `is known by its name only (${named.name}): no open source gives its layout` : "is not defined for this device type";
    throw new TablesError("input", "unknown-table", `Table ${tableNumber(table)} ${reason}.`, { table });
  }

  #procedure(number: number): { name: string; parameters?: string; response?: string } {
    const definition = this.definitions.procedures.get(number);
    if (definition) return definition;
    const named = this.definitions.undescribed("procedure", number);
    const reason = named ? `is known by its name only (${named.name}): no open source gives its parameters` : "is not defined for this device type";
    throw new TablesError("input", "unknown-procedure", `Procedure ${number} ${reason}.`, { actual: number });
  }

  #recordLayout(number: number, type: string | undefined, place: string): Layout {
    const record = type === undefined ? ({ kind: "record", name: "NOTHING", members: [] } as const) : this.definitions.record(type);
    const key = `${place} ${this.#fingerprint(record.name)}`;
    return this.definitions.layouts.get(key, () => {
      const input = { definitions: this.definitions, formats: this.formats, scope: this.#scope };
      return new Layout(number, place, compile(record, place, input), { littleEndian: this.formats.littleEndian, openEnded: false });
    });
  }
}
