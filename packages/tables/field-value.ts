/**
 * A value as people and programs see it.
 *
 * Records and bit fields are objects by the standard's field names, arrays are arrays, a SET is the sorted array of its members,
 * one-bit flags are booleans. CHAR is text without its trailing pad. BINARY and BCD are lowercase hexadecimal digits. Dates and
 * times are ISO 8601 without a zone (`2026-11-21T07:05:09`, `2026-11-21T07:05`, `07:05:09`, `2026-11-21`), `""` where all octets
 * of a calendar form are zero. Integers of 40 bits and more are bigint; numbers in NI formats are numbers, or bigint where a
 * number would lose digits.
 *
 * Octets that mean nothing in their type (a month 13, a BCD digit above 9, NaN) read as `raw:` and their hexadecimal digits and are written
 * back from that: what a meter holds is shown and kept, not repaired.
 */
export type FieldValue = number | bigint | boolean | string | readonly FieldValue[] | { readonly [field: string]: FieldValue };
