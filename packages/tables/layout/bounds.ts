import type { Layout } from "./layout.ts";
import type { ScalarShape, Shape } from "./shape.ts";

/** A field whose definition says which numbers may be written. */
export interface BoundedLeaf {
  readonly index: number;
  readonly offset: number;
  readonly shape: ScalarShape;
}

export function isWithin({ least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: ScalarShape, value: number | bigint): boolean {
  return value >= least && value <= most;
}

export function isBounded({ least, most }: ScalarShape): boolean {
  return least !== undefined || most !== undefined;
}

export function allowedIn({ least, most }: ScalarShape): string {
  if (least === undefined) return `at most ${most}`;
  return most === undefined ? `at least ${least}` : `from ${least} to ${most}`;
}

/** A number in a meter that its definition does not allow to be written. */
export interface OutOfBounds {
  readonly path: string;
  readonly offset: number;
  readonly value: number;
  /** `from 100 to 48000` */
  readonly allowed: string;
}

/** The numbers of a table that lie outside what their fields allow, in the order of the table. The caller has checked that the octets are there. */
export function outOfBounds(layout: Layout, octets: Uint8Array): readonly OutOfBounds[] {
  return layout.boundedLeaves.flatMap(({ index, offset, shape }) => {
    const value = shape.codec.number(octets, offset);
    return Number.isNaN(value) || isWithin(shape, value) ? [] : [{ path: layout.leafAt(index)?.path ?? "", offset, value, allowed: allowedIn(shape) }];
  });
}

export function boundedLeavesOf(root: Shape): readonly BoundedLeaf[] {
  const found: BoundedLeaf[] = [];
  const bounded = new Map<Shape, boolean>();
  collect(root, 0, 0);
  return found;

  function collect(shape: Shape, offset: number, index: number): void {
    if (!hasBounds(shape)) return;
    if (shape.kind === "scalar") found.push({ index, offset, shape });
    else if (shape.kind === "record") for (const member of shape.members) collect(member.shape, offset + member.offset, index + member.firstLeaf);
    else for (let i = 0; i < shape.count; i++) collect(shape.element, offset + i * shape.element.size, index + i * shape.element.leaves);
  }

  function hasBounds(shape: Shape): boolean {
    const known = bounded.get(shape);
    if (known !== undefined) return known;
    const has = shape.kind === "scalar" ? isBounded(shape) : shape.kind === "array" ? hasBounds(shape.element) : shape.members.some((member) => hasBounds(member.shape));
    bounded.set(shape, has);
    return has;
  }
}
