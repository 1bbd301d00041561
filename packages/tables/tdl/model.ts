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

export interface Field extends Provenance {
  readonly kind: "field";
  readonly name: string;
  /** A scalar type name or the name of a type of the document. */
  readonly type: string;
  /** Octets of BINARY, BCD and SET, characters of CHAR: an expression. */
  readonly length?: string;
  /** Elements, where the field is an array: an expression. */
  readonly count?: string;
  readonly enumeration?: string;
  readonly unit?: string;
}

export interface BitRange extends Provenance {
  readonly kind: "bit-range";
  readonly name: string;
  /** First and last bit, both included. */
  readonly first: number;
  readonly last: number;
  /** BOOL is one bit; UINT is unsigned. */
  readonly type: "BOOL" | "UINT";
  readonly enumeration?: string;
  readonly unit?: string;
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
}

export interface ProcedureDefinition extends Provenance {
  /** As table numbers: 2048 + n for manufacturer procedure n. */
  readonly number: number;
  readonly name: string;
  readonly parameters?: string;
  readonly response?: string;
}
