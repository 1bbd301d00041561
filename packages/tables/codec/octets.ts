import { fromHex, toHex } from "@metersmith/base/bytes";
import { Unwritable, withoutNumber, type Codec } from "./codec.ts";
import { fast } from "./fast-codes.ts";

/** BINARY(n) and BCD(n): n octets as they are, whatever the data order; lowercase hexadecimal digits. */
export function plainOctets(kind: "binary" | "bcd", width: number): Codec {
  return {
    kind, width, shift: 0, bits: 8 * width, fast: fast.none, ...withoutNumber,
    read: (octets, at) => toHex(octets.subarray(at, at + width)),
    write: (octets, at, value) => {
      if (typeof value !== "string" || value.length !== 2 * width || !/^[0-9a-fA-F]*$/.test(value)) {
        throw new Unwritable(`${2 * width} hexadecimal digits`);
      }
      octets.set(fromHex(value), at);
    },
  };
}

/** SET(n): n octets; member k is bit k mod 8 of octet k / 8, least significant first, whatever the data order. */
export function set(width: number): Codec {
  return {
    kind: "set", width, shift: 0, bits: 8 * width, fast: fast.none, ...withoutNumber,
    read: (octets, at) => {
      const members: number[] = [];
      for (let i = 0; i < 8 * width; i++) if (isMember(octets, at, width, i)) members.push(i);
      return members;
    },
    write: (octets, at, value) => {
      const expected = `a list of different whole numbers from 0 to ${8 * width - 1}`;
      if (!Array.isArray(value) || value.length > 8 * width) throw new Unwritable(expected);
      const image = new Uint8Array(width);
      for (const member of value as readonly unknown[]) {
        if (typeof member !== "number" || !Number.isInteger(member) || member < 0 || member >= 8 * width) throw new Unwritable(expected);
        if (isMember(image, 0, width, member)) throw new Unwritable(expected);
        image[member >> 3]! |= 1 << (member & 7);
      }
      octets.set(image, at);
    },
  };
}

export function isMember(octets: Uint8Array, at: number, width: number, member: number): boolean {
  return member < 8 * width && ((octets[at + (member >> 3)]! >> (member & 7)) & 1) === 1;
}
