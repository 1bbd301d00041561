/** Rates of the negotiate service by their code, bits per second. Source: docs/reference/c1218.md 4. Note that 0A and 0B are not in order of speed. */
const rates: readonly (readonly [code: number, bitsPerSecond: number])[] = [
  [0x01, 300], [0x02, 600], [0x03, 1200], [0x04, 2400], [0x05, 4800], [0x06, 9600], [0x07, 14400], [0x08, 19200],
  [0x09, 28800], [0x0a, 57600], [0x0b, 38400], [0x0c, 115200], [0x0d, 128000], [0x0e, 256000],
];

/** Every rate that the service has a code for, bits per second, slowest first. */
export const codedRates: readonly number[] = rates.map(([, rate]) => rate).toSorted((a, b) => a - b);

const rateOf = new Map(rates);
const codeOf = new Map(rates.map(([code, rate]) => [rate, code]));

/** Undefined for 00, "externally defined", and for codes unknown to us. */
export function baudOfCode(code: number): number | undefined {
  return rateOf.get(code);
}

export function codeOfBaud(bitsPerSecond: number): number | undefined {
  return codeOf.get(bitsPerSecond);
}
