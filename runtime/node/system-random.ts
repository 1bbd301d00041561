import { getRandomValues } from "node:crypto";
import type { Random } from "@metersmith/base/random";

/** Randomness of the system, fit for secrets. */
export const systemRandom: Random = {
  next: () => (getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  bytes: (count) => getRandomValues(new Uint8Array(count)),
};
