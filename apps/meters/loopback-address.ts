import { StreetError } from "./street-error.ts";

/** The address `index` after `base`, all of them in 127/8: `127.10.0.0` and 300 give `127.10.1.44`. Throws `bad-configuration`. */
export function loopbackAddress(base: string, index: number): string {
  const octets = base.split(".").map(Number);
  const valid = /^\d{1,3}(\.\d{1,3}){3}$/.test(base) && octets.every((octet) => octet <= 255) && octets[0] === 127;
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0) + index;
  if (!valid || number >>> 24 !== 127) {
    throw new StreetError("input", "bad-configuration", `Meter ${index} has no address: ${base} is no loopback address with room for it. Give a base such as 127.10.0.0.`, { field: "base", actual: base });
  }
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join(".");
}
