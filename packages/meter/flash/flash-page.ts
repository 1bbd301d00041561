import { erased, type FlashGeometry } from "./geometry.ts";

/** One page. Contents are shared between meters and never changed: every operation makes a new one. */
export interface FlashPage {
  readonly bytes: Uint8Array;
  /** One octet for each unit: 1 where it must not be programmed before the next whole erasure. */
  readonly begun: Uint8Array;
  /** Octets left in between by a power cut, with those bits that read at random. */
  readonly unstable?: ReadonlyMap<number, number>;
}

/**
 * How much of a page an interrupted erasure erased. `none` of it; its `first` or `last` half; `lowered`: its last half reads 00, because a device programs a page
 * before it erases it; `unstable`: every bit that was 0 reads at random.
 */
export const erasureCuts = ["none", "first", "last", "lowered", "unstable"] as const;
export type ErasureCut = (typeof erasureCuts)[number];

/**
 * How much of a unit an interrupted programming programmed: so many octets from its beginning, the next one `steady` (not at all) or not: its bits that go to 0
 * read at random.
 */
export interface ProgramCut {
  readonly octets: number;
  readonly steady: boolean;
}

export function blankPage({ pageSize, unit }: FlashGeometry): FlashPage {
  return { bytes: new Uint8Array(pageSize).fill(erased), begun: new Uint8Array(pageSize / unit) };
}

export function programmedPage(page: FlashPage, { unit }: FlashGeometry, offset: number, bytes: Uint8Array): FlashPage {
  const next = { ...page, bytes: page.bytes.slice(), begun: page.begun.slice() };
  next.bytes.set(bytes, offset);
  next.begun[offset / unit] = 1;
  return next;
}

export function tornPage(page: FlashPage, geometry: FlashGeometry, offset: number, bytes: Uint8Array, { octets, steady }: ProgramCut): FlashPage {
  const next = programmedPage(page, geometry, offset, bytes.slice(0, octets));
  const falling = ~(bytes[octets] ?? erased) & erased;
  if (steady || octets >= bytes.length || falling === 0) return next;
  return { ...next, unstable: new Map(page.unstable).set(offset + octets, falling) };
}

/** All its units are begun: such a page takes nothing before it was erased as a whole. */
export function halfErasedPage(page: FlashPage, geometry: FlashGeometry, cut: ErasureCut): FlashPage {
  const { bytes, begun } = blankPage(geometry);
  begun.fill(1);
  const half = geometry.pageSize / 2;
  if (cut === "none") return { ...page, begun };
  if (cut === "unstable") {
    const unstable = new Map<number, number>();
    for (const [offset, octet] of page.bytes.entries()) if (octet !== erased) unstable.set(offset, ~octet & erased);
    return unstable.size === 0 ? { bytes, begun } : { bytes, begun, unstable };
  }
  if (cut === "first") bytes.set(page.bytes.subarray(half), half);
  else bytes.set(page.bytes.subarray(0, half));
  if (cut === "lowered") bytes.fill(0, half);
  const kept = [...(page.unstable ?? [])].filter(([offset]) => (cut === "first" ? offset >= half : offset < half));
  return kept.length === 0 ? { bytes, begun } : { bytes, begun, unstable: new Map(kept) };
}
