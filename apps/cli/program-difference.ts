import type { Build } from "@metersmith/programs";
import { changes, type FieldValue, type MaskedImage, maskOf, type MeterContext } from "@metersmith/tables";

/** A field in which two programs differ; null on the side that leaves it to the meter. */
export interface ProgramDifference {
  /** Whether a program writes the field or only checks it. */
  readonly part: "writes" | "checks";
  readonly table: number;
  readonly path: string;
  readonly offset: number;
  readonly before: FieldValue | null;
  readonly after: FieldValue | null;
}

/** Everything in which two builds for one device type differ, table by table on either side. */
export function programDifferences(context: MeterContext, before: Build, after: Build): ProgramDifference[] {
  return (["writes", "checks"] as const).flatMap((part) => {
    const tables = new Set([...before[part], ...after[part]].map(({ table }) => table));
    return [...tables].sort((a, b) => a - b).flatMap((table) =>
      imageDifferences(context, imageOf(before[part], context, table), imageOf(after[part], context, table)).map((found) => ({ part, ...found })),
    );
  });
}

/** A table that a program does not touch is one of which no bit counts. */
function imageOf(images: readonly MaskedImage[], context: MeterContext, table: number): MaskedImage {
  const { size } = context.layout(table);
  return images.find((image) => image.table === table) ?? { table, bytes: new Uint8Array(size), mask: new Uint8Array(size) };
}

function imageDifferences(context: MeterContext, before: MaskedImage, after: MaskedImage): Omit<ProgramDifference, "part">[] {
  const { table } = before;
  const inBoth = before.mask.map((octet, at) => octet & (after.mask[at] ?? 0));
  const found: Omit<ProgramDifference, "part">[] = [...changes(context, before.bytes, { ...after, mask: inBoth })];
  const [old, made] = [context.decode(table, before.bytes), context.decode(table, after.bytes)];
  const layout = context.layout(table);
  for (const { path, offset } of layout.leaves) {
    const leaf = maskOf(layout, [path]);
    const [had, has] = [covers(before, leaf), covers(after, leaf)];
    if (had !== has) found.push({ table, path, offset, before: had ? old.get(path) : null, after: has ? made.get(path) : null });
  }
  return found.sort((a, b) => a.offset - b.offset);
}

function covers({ mask }: MaskedImage, leaf: Uint8Array): boolean {
  return leaf.some((octet, at) => (octet & (mask[at] ?? 0)) !== 0);
}
