/**
 * A value as people and programs see it.
 *
 * Records and bit fields are objects by the standard's field names, arrays are arrays, a SET is the sorted array of its members,
 * one-bit flags are booleans. CHAR is text without its trailing blanks; a pad of NULs stays (`withoutPad`). BINARY and BCD are lowercase hexadecimal digits. Dates and
 * times are ISO 8601 without a zone (`2026-11-21T07:05:09`, `2026-11-21T07:05`, `07:05:09`, `2026-11-21`), `""` where all octets
 * of a calendar form are zero. Integers of 40 bits and more are bigint; numbers in NI formats are numbers, or bigint where a
 * number would lose digits. The second zero of one's complement and of sign and magnitude is −0 at any width. Numbers in characters are text where they are
 * spelled otherwise than we spell that number (`+1.50`). The set bits of a bit field that no sub-field names are its entry `unnamed`.
 *
 * Octets that mean nothing in their type (a month 13, a BCD digit above 9, NaN) read as `raw:` and their hexadecimal digits and are written
 * back from that: what a meter holds is shown and kept, not repaired. A value as decoded encodes to the very same octets.
 */
export type FieldValue = number | bigint | boolean | string | readonly FieldValue[] | { readonly [field: string]: FieldValue };
