/** Integers and floats: octets. Those of 40 bits and more read as bigint. */
export const numericWidths = {
  UINT8: 1, UINT16: 2, UINT24: 3, UINT32: 4, UINT40: 5, UINT48: 6, UINT56: 7, UINT64: 8,
  INT8: 1, INT16: 2, INT24: 3, INT32: 4, INT40: 5, INT48: 6, INT56: 7, INT64: 8,
  FLOAT32: 4, FLOAT64: 8,
} as const;

/** Types whose form the meter's own table 0 decides. */
export const negotiatedTypes = ["NI_FMAT1", "NI_FMAT2", "LTIME_DATE", "STIME_DATE", "TIME"] as const;

/** DATE is 16 bits whatever table 0 says. */
export const fixedTypes = ["DATE"] as const;

/** Types that need a length. */
export const sizedTypes = ["CHAR", "BINARY", "BCD", "SET"] as const;

export type NumericType = keyof typeof numericWidths;
export type SizedType = (typeof sizedTypes)[number];
export type ScalarType = NumericType | (typeof negotiatedTypes)[number] | (typeof fixedTypes)[number] | SizedType;

const scalars: ReadonlySet<string> = new Set([...Object.keys(numericWidths), ...negotiatedTypes, ...fixedTypes, ...sizedTypes]);
const sized: ReadonlySet<string> = new Set(sizedTypes);

export function isScalarType(name: string): name is ScalarType {
  return scalars.has(name);
}

export function isSizedType(name: string): name is SizedType {
  return sized.has(name);
}

/** Integers, floats and NI formats. */
export function isNumericType(name: string): boolean {
  return Object.hasOwn(numericWidths, name) || name === "NI_FMAT1" || name === "NI_FMAT2";
}
