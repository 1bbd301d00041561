import type { Codec } from "../codec/codec.ts";
import type { FieldValue } from "../field-value.ts";
import type { Access } from "../tdl/model.ts";

/**
 * The form of a table in a given meter. Offsets and leaf numbers are relative to the parent; all elements of an array have one form, so
 * that a shape is as small as its definition however large the table is.
 */
export type Shape = RecordShape | ArrayShape | ScalarShape;

interface Extent {
  /** Octets. */
  readonly size: number;
  /** Leaves in it. */
  readonly leaves: number;
  /** Records, arrays and leaves in it, itself too: what a walk through it costs, where arrays without elements and text of no octets count as well. */
  readonly parts: number;
}

export interface RecordShape extends Extent {
  readonly kind: "record";
  readonly type: string;
  /** A bit field: its members are sub-fields of one integer. */
  readonly isBitField: boolean;
  readonly members: readonly MemberShape[];
  /** Of a bit field, the bits that no member has, as one number in which the others are 0; missing where members have all. No leaf. */
  readonly unnamed?: ScalarShape;
  readonly byName: ReadonlyMap<string, MemberShape>;
}

export interface MemberShape {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly firstLeaf: number;
  /** Number of the member in its type, where those that this meter lacks count too. */
  readonly position: number;
  readonly access?: Access;
}

export interface ArrayShape extends Extent {
  readonly kind: "array";
  readonly count: number;
  readonly element: Shape;
}

export interface ScalarShape extends Extent {
  readonly kind: "scalar";
  readonly codec: Codec;
  /** What a new image holds; without it zero, and blank text. */
  readonly initial?: FieldValue;
  /** Smallest and largest number that may be written. */
  readonly least?: number;
  readonly most?: number;
  readonly enumeration?: string;
  readonly unit?: string;
}
