/**
 * Canonical JSON of a table definition document: what TDL XML is turned into, what travels, and what digests are taken of.
 * The vocabulary has the standard's names (C12.19 clause on TDL is not openly published): the form is ours until a copy confirms it.
 */
export interface TdlDocument {
  readonly format: "metersmith-tdl-1";
  readonly types: readonly TypeDefinition[];
  readonly enumerations: readonly Enumeration[];
  readonly tables: readonly TableDefinition[];
  readonly procedures: readonly ProcedureDefinition[];
  /** What the standard names and no open source describes: known, not readable. */
  readonly undescribed?: readonly Undescribed[];
}

/** Where a statement comes from, and whether a second source confirms it. */
export interface Provenance {
  /** Tags of the sources, for example `E N` (docs/reference/tdl.md lists them). */
  readonly source?: string;
  /** Why this is not confirmed, where it is not. */
  readonly unverified?: string;
}

export type TypeDefinition = RecordType | BitsType;

/** PACKED RECORD: members one after the other, without gaps. */
export interface RecordType extends Provenance {
  readonly kind: "record";
  readonly name: string;
  readonly members: readonly Member<Field>[];
}

/** BIT FIELD OF UINTn: sub-fields of one unsigned integer, bit 0 least significant after the data order is undone. */
export interface BitsType extends Provenance {
  readonly kind: "bits";
  readonly name: string;
  readonly base: "UINT8" | "UINT16" | "UINT24" | "UINT32";
  readonly members: readonly Member<BitRange>[];
}

export type Member<Item> = Item | Condition<Item> | Choice<Item>;

/** IF … THEN … ELSE … END over an expression. */
export interface Condition<Item> {
  readonly kind: "if";
  readonly test: string;
  readonly then: readonly Member<Item>[];
  readonly else?: readonly Member<Item>[];
}

/** SWITCH over an expression; without a matching case and without a default, nothing is there. */
export interface Choice<Item> {
  readonly kind: "switch";
  readonly on: string;
  readonly cases: readonly { readonly values: readonly number[]; readonly members: readonly Member<Item>[] }[];
  readonly default?: readonly Member<Item>[];
}

/** What may be done with a table or field at most; the meter's own table 0 and its access rules may allow less. */
export type Access = "read" | "write" | "read-write";

/** What a value means and which it may be. */
export interface Meaning {
  readonly enumeration?: string;
  readonly unit?: string;
  /**
   * What a new table image holds where nothing else is said: a number, `true` or `false`, text, hexadecimal digits, a date or time, for a
   * SET its members with blanks between. Without it zero, and blank text.
   */
  readonly default?: string;
  /** Smallest and largest number that may be written; what a meter holds is read whatever it is. */
  readonly least?: number;
  readonly most?: number;
  readonly access?: Access;
}

export interface Field extends Provenance, Meaning {
  readonly kind: "field";
  readonly name: string;
  /** A scalar type name or the name of a type of the document. */
  readonly type: string;
  /** Octets of CHAR, BINARY, BCD and SET: an expression. */
  readonly length?: string;
  /** Elements, where the field is an array: an expression. */
  readonly count?: string;
}

export interface BitRange extends Provenance, Meaning {
  readonly kind: "bit-range";
  readonly name: string;
  /** First and last bit, both included. */
  readonly first: number;
  readonly last: number;
  /** BOOL is one bit; UINT is unsigned. */
  readonly type: "BOOL" | "UINT";
}

export interface Enumeration extends Provenance {
  readonly name: string;
  readonly values: readonly ({ readonly value: number; readonly name: string } & Provenance)[];
}

export interface TableDefinition extends Provenance {
  /** Wire number: bits 0-10 the number, 2048 + n for manufacturer table n. */
  readonly number: number;
  readonly name: string;
  /** A record type of the document. */
  readonly type: string;
  /** Name of the table whose image serves for this one where the meter lacks it: ACT_x falls back on DIM_x. */
  readonly otherwise?: string;
  /** The last field may be cut short by the octets that are there (tables 7 and 8). */
  readonly openEnded?: boolean;
  readonly access?: Access;
}

export interface ProcedureDefinition extends Provenance {
  /** As table numbers: 2048 + n for manufacturer procedure n. */
  readonly number: number;
  readonly name: string;
  readonly parameters?: string;
  readonly response?: string;
}

/** Tables or procedures whose layout no open source gives. */
export interface Undescribed extends Provenance {
  readonly kind: "table" | "procedure";
  readonly number: number;
  /** The last number, where the name stands for several. */
  readonly last?: number;
  readonly name: string;
}
