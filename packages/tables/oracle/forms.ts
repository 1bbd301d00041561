import type { Order, SignForm } from "./integers.ts";

/** What octets 0 to 2 of table 0 say, read bit by bit from the facts on FORMAT_CONTROL_1 to 3. */
export interface Forms {
  readonly order: Order;
  readonly characters: number;
  readonly time: number;
  readonly signs: SignForm;
  readonly ni1: number;
  readonly ni2: number;
}

export function formsOf([one = 0, two = 0, three = 0]: ArrayLike<number> & Iterable<number>): Forms {
  const signForms: readonly SignForm[] = ["two's complement", "one's complement", "sign and magnitude"];
  return {
    order: one % 2 === 0 ? "least first" : "most first",
    characters: Math.floor(one / 2) % 8,
    time: two % 8,
    signs: signForms[Math.floor(two / 64)] ?? "two's complement",
    ni1: three % 16,
    ni2: Math.floor(three / 16),
  };
}
