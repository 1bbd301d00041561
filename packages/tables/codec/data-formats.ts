import { TablesError } from "../tables-error.ts";

/** What the first three octets of table 0 say about every other octet of the meter (C12.19 GEN_CONFIG_TBL). */
export interface DataFormats {
  /** DATA_ORDER 0: least significant octet first. */
  readonly littleEndian: boolean;
  /** CHAR_FORMAT: 1 ISO 646 (7 bits), 2 ISO 8859-1, 3 UTF-8, 4 UTF-16, 5 UTF-32. */
  readonly characters: 1 | 2 | 3 | 4 | 5;
  /** TM_FORMAT: 0 no times, 1 BCD, 2 UINT8, 3 minutes, 4 seconds since 1970. */
  readonly time: 0 | 1 | 2 | 3 | 4;
  /** INT_FORMAT of signed integers: 0 two's complement, 1 one's complement, 2 sign and magnitude. */
  readonly integers: 0 | 1 | 2;
  /** NI_FORMAT1 and NI_FORMAT2, 0-13. */
  readonly ni1: number;
  readonly ni2: number;
}

/** Octets 0-2 of table 0: FORMAT_CONTROL_1, 2 and 3. Throws `unsupported-format` where a code has no reading. */
export function dataFormats(control1: number, control2: number, control3: number): DataFormats {
  return {
    littleEndian: (control1 & 1) === 0,
    characters: oneOf([1, 2, 3, 4, 5], (control1 >> 1) & 7, "CHAR_FORMAT"),
    time: oneOf([0, 1, 2, 3, 4], control2 & 7, "TM_FORMAT"),
    integers: oneOf([0, 1, 2], control2 >> 6, "INT_FORMAT"),
    ni1: atMost13(control3 & 15, "NI_FORMAT1"),
    ni2: atMost13(control3 >> 4, "NI_FORMAT2"),
  };
}

function oneOf<Code extends number>(known: readonly Code[], code: number, field: string): Code {
  const found = known.find((candidate) => candidate === code);
  if (found === undefined) throw unsupported(field, code, known.join(", "));
  return found;
}

function atMost13(code: number, field: string): number {
  if (code > 13) throw unsupported(field, code, "0 to 13");
  return code;
}

function unsupported(field: string, actual: number, expected: string): TablesError {
  return new TablesError("peer-data", "unsupported-format", `Table 0: ${field} is ${actual}; we read ${expected}.`, { table: 0, field, expected, actual });
}
