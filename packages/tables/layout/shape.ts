import type { Codec } from "../codec/codec.ts";

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
}

export interface RecordShape extends Extent {
  readonly kind: "record";
  readonly type: string;
  readonly members: readonly MemberShape[];
  readonly byName: ReadonlyMap<string, MemberShape>;
}

export interface MemberShape {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly firstLeaf: number;
}

export interface ArrayShape extends Extent {
  readonly kind: "array";
  readonly count: number;
  readonly element: Shape;
}

export interface ScalarShape extends Extent {
  readonly kind: "scalar";
  readonly codec: Codec;
  readonly enumeration?: string;
  readonly unit?: string;
}
