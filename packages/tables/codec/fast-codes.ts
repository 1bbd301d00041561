/**
 * Rows of the switches in flat-reader.ts and flat-writer.ts. Small whole numbers, so that the switch is a jump table; 0 goes through the codec.
 * Of each pair the first is for least-significant-first data order, the second for most-significant-first.
 */
export const fast = {
  slow: 0,
  unsigned: (width: number, littleEndian: boolean): number => pair({ 1: 1, 2: 2, 3: 4, 4: 6, 6: 8 }, width, littleEndian),
  signed: (width: number, littleEndian: boolean): number => pair({ 1: 10, 2: 12, 3: 14, 4: 16, 6: 18 }, width, littleEndian),
  float: (width: number, littleEndian: boolean): number => pair({ 4: 20, 8: 22 }, width, littleEndian),
  /** Bit fields of one and two octets, whose sub-fields are read together. */
  hasLanes: (code: number): boolean => code >= 24 && code <= 27,
  bits: (width: number, littleEndian: boolean): number => pair({ 1: 24, 2: 26, 4: 30 }, width, littleEndian),
  calendar5: 32,
  calendar6: 33,
  /** No number: text, octets, sets. */
  none: 36,
  date: (littleEndian: boolean): number => (littleEndian ? 34 : 35),
} as const;

function pair(rows: Readonly<Record<number, number>>, width: number, littleEndian: boolean): number {
  const row = rows[width];
  if (row === undefined) return 0;
  return littleEndian || width === 1 ? row : row + 1;
}
