import type { Codec, LeafKind } from "../codec/codec.ts";
import type { Access } from "../tdl/model.ts";
import { boundedLeavesOf, type BoundedLeaf } from "./bounds.ts";
import { parsePath, parsePattern, pathOf, type PathStep, type PatternStep } from "./path.ts";
import { runsOf, type Runs } from "./runs.ts";
import type { RecordShape, ScalarShape, Shape } from "./shape.ts";

/** One field of a table in a given meter: the smallest thing that has a value. */
export interface Leaf {
  /** Position in the flat vector. */
  readonly index: number;
  /** For example `TIER_SWITCHES[3].TIER_SWITCH.SWITCH_HOUR`. */
  readonly path: string;
  /** First octet in the table, and octets. */
  readonly offset: number;
  readonly width: number;
  /** Least significant bit and number of bits within the unsigned integer of `width` octets, after the data order is undone. */
  readonly shift: number;
  readonly bits: number;
  readonly kind: LeafKind;
  readonly enumeration?: string;
  readonly unit?: string;
  readonly codec: Codec;
}

/** Part of a table that a path names: a field, a record, an array, or all. */
export interface Part {
  readonly shape: Shape;
  readonly offset: number;
  readonly firstLeaf: number;
}

/** What a layout knows beside its shape. */
export interface LayoutForm {
  readonly littleEndian: boolean;
  readonly openEnded: boolean;
  readonly access?: Access;
}

/** Where every field of one table lies in one meter. Immutable, and shared by meters of equal dimensions. */
export class Layout {
  readonly table: number;
  /** The standard's name of the table. */
  readonly name: string;
  /** Octets of the whole table. */
  readonly size: number;
  readonly leafCount: number;
  readonly shape: RecordShape;
  /** Whether the last field may be shorter, down to nothing (tables 7 and 8). */
  readonly openEnded: boolean;
  /** DATA_ORDER of the meter, by which bits of several octets lie. */
  readonly littleEndian: boolean;
  /** What may be done with the table at most; undefined where the definitions do not say. */
  readonly access: Access | undefined;
  #runs: Runs | undefined;
  #leaves: readonly Leaf[] | undefined;
  #boundedLeaves: readonly BoundedLeaf[] | undefined;

  constructor(table: number, name: string, shape: RecordShape, form: LayoutForm) {
    this.table = table;
    this.name = name;
    this.shape = shape;
    this.size = shape.size;
    this.leafCount = shape.leaves;
    this.openEnded = form.openEnded;
    this.littleEndian = form.littleEndian;
    this.access = form.access;
  }

  /** The leaves as the hot loops read them; made on first use. */
  get runs(): Runs {
    return (this.#runs ??= runsOf(this.shape));
  }

  /** The leaves whose definitions say which numbers may be written; found on first use. */
  get boundedLeaves(): readonly BoundedLeaf[] {
    return (this.#boundedLeaves ??= boundedLeavesOf(this.shape));
  }

  /** All leaves in the order of the table; made on first use. */
  get leaves(): readonly Leaf[] {
    return (this.#leaves ??= this.#collect({ shape: this.shape, offset: 0, firstLeaf: 0 }, []));
  }

  /** The leaf of exactly that path. */
  find(path: string): Leaf | undefined {
    const steps = parsePath(path);
    const part = steps && this.#descend(steps);
    return part?.shape.kind === "scalar" ? leafOf(part.shape, part.offset, part.firstLeaf, steps ?? []) : undefined;
  }

  /** All leaves at or under a path, in the order of the table; none where the path is not in this table. `""` is the whole table. */
  under(prefix: string): readonly Leaf[] {
    const steps = parsePath(prefix);
    const part = steps && this.#descend(steps);
    return steps && part ? this.#collect(part, steps) : [];
  }

  /** What a path names; undefined where this table has no such part. */
  part(path: string): Part | undefined {
    const steps = parsePath(path);
    return steps && this.#descend(steps);
  }

  /** The steps of a path that this table has. */
  steps(path: string): readonly PathStep[] | undefined {
    const steps = parsePath(path);
    return steps && this.#descend(steps) ? steps : undefined;
  }

  /**
   * The parts that a path with `*` for indices names (`TIER_SWITCHES[*].DAY_SCH_NUM`), none where an array in it is empty; undefined where this
   * table has no such part.
   */
  parts(pattern: string): readonly Part[] | undefined {
    const steps = parsePattern(pattern);
    return steps && partsUnder({ shape: this.shape, offset: 0, firstLeaf: 0 }, steps, 0);
  }

  /** The leaf at a position of the flat vector. */
  leafAt(index: number): Leaf | undefined {
    if (this.#leaves) return this.#leaves[index];
    let shape: Shape = this.shape;
    let offset = 0;
    let rest = index;
    const steps: PathStep[] = [];
    if (!Number.isInteger(index) || index < 0 || index >= this.leafCount) return undefined;
    while (shape.kind !== "scalar") {
      if (shape.kind === "array") {
        const element = Math.floor(rest / shape.element.leaves);
        steps.push(element);
        offset += element * shape.element.size;
        rest -= element * shape.element.leaves;
        shape = shape.element;
      } else {
        const after = shape.members.findIndex((member) => member.firstLeaf > rest);
        // Arrays without elements share the first leaf of what follows them: the last one that starts here has the leaf.
        const member: RecordShape["members"][number] = shape.members.at(after === -1 ? -1 : after - 1)!;
        steps.push(member.name);
        offset += member.offset;
        rest -= member.firstLeaf;
        shape = member.shape;
        if (shape.leaves <= rest) return undefined;
      }
    }
    return leafOf(shape, offset, index, steps);
  }

  #descend(steps: readonly PathStep[]): Part | undefined {
    let part: Part = { shape: this.shape, offset: 0, firstLeaf: 0 };
    for (const step of steps) {
      const { shape } = part;
      if (typeof step === "number") {
        if (shape.kind !== "array" || step >= shape.count) return undefined;
        part = { shape: shape.element, offset: part.offset + step * shape.element.size, firstLeaf: part.firstLeaf + step * shape.element.leaves };
      } else {
        const member = shape.kind === "record" ? shape.byName.get(step) : undefined;
        if (!member) return undefined;
        part = { shape: member.shape, offset: part.offset + member.offset, firstLeaf: part.firstLeaf + member.firstLeaf };
      }
    }
    return part;
  }

  #collect(part: Part, steps: readonly PathStep[]): readonly Leaf[] {
    const leaves: Leaf[] = [];
    collect(part.shape, part.offset, [...steps], part.firstLeaf, leaves);
    return leaves;
  }
}

function partsUnder(part: Part, steps: readonly PatternStep[], next: number): readonly Part[] | undefined {
  const { shape } = part;
  const step = steps[next];
  if (step === undefined) return [part];
  const elementAt = (index: number, element: Shape): Part => ({ shape: element, offset: part.offset + index * element.size, firstLeaf: part.firstLeaf + index * element.leaves });
  if (typeof step === "object") {
    if (shape.kind !== "array") return undefined;
    // One element tells whether the rest of the pattern is there; all elements have one form.
    if (!partsUnder(elementAt(0, shape.element), steps, next + 1)) return undefined;
    return Array.from({ length: shape.count }, (_, index) => partsUnder(elementAt(index, shape.element), steps, next + 1) ?? []).flat();
  }
  if (typeof step === "number") return shape.kind === "array" && step < shape.count ? partsUnder(elementAt(step, shape.element), steps, next + 1) : undefined;
  const member = shape.kind === "record" ? shape.byName.get(step) : undefined;
  return member && partsUnder({ shape: member.shape, offset: part.offset + member.offset, firstLeaf: part.firstLeaf + member.firstLeaf }, steps, next + 1);
}

function collect(shape: Shape, offset: number, steps: PathStep[], firstLeaf: number, into: Leaf[]): void {
  if (shape.kind === "scalar") {
    into.push(leafOf(shape, offset, firstLeaf, steps));
    return;
  }
  if (shape.kind === "array") {
    for (let i = 0; i < shape.count; i++) {
      steps.push(i);
      collect(shape.element, offset + i * shape.element.size, steps, firstLeaf + i * shape.element.leaves, into);
      steps.pop();
    }
    return;
  }
  for (const member of shape.members) {
    steps.push(member.name);
    collect(member.shape, offset + member.offset, steps, firstLeaf + member.firstLeaf, into);
    steps.pop();
  }
}

function leafOf(shape: ScalarShape, offset: number, index: number, steps: readonly PathStep[]): Leaf {
  const { codec } = shape;
  return {
    index, path: pathOf(steps), offset, width: codec.width, shift: codec.shift, bits: codec.bits, kind: codec.kind, codec,
    ...(shape.enumeration === undefined ? {} : { enumeration: shape.enumeration }),
    ...(shape.unit === undefined ? {} : { unit: shape.unit }),
  };
}
