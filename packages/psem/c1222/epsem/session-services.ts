import { concatBytes } from "@metersmith/base/bytes";
import { serviceCode, passwordLength, userLength } from "../../services/request.ts";

/** Codes that C12.22 adds. Source: docs/reference/c1222.md 5. */
export const networkCode = { disconnect: 0x22, deregister: 0x24, resolve: 0x25, trace: 0x26, register: 0x27 } as const;

/** Logon as C12.22 has it, with the seconds after which an idle session ends. */
export interface Logon {
  readonly userId: number;
  /** 10 bytes. */
  readonly user: Uint8Array;
  /** Absent where a client leaves it out, as in C12.18. */
  readonly idleTimeout?: number;
}

/** Security; with a user id it stands for a session of its own message only. */
export interface Security {
  /** 20 bytes. */
  readonly password: Uint8Array;
  readonly userId?: number;
}

export function encodeLogon({ userId, user, idleTimeout }: Logon): Uint8Array {
  const timeout = idleTimeout === undefined ? [] : u16(idleTimeout);
  return concatBytes(Uint8Array.of(serviceCode.logon, ...u16(userId)), user, Uint8Array.from(timeout));
}

/** Undefined where the length is not one of a logon. */
export function decodeLogon(bytes: Uint8Array): Logon | undefined {
  const short = 3 + userLength;
  if (bytes.length !== short && bytes.length !== short + 2) return undefined;
  const logon = { userId: readU16(bytes, 1), user: bytes.slice(3, short) };
  return bytes.length === short ? logon : { ...logon, idleTimeout: readU16(bytes, short) };
}

export function encodeSecurity({ password, userId }: Security): Uint8Array {
  return concatBytes(Uint8Array.of(serviceCode.security), password, Uint8Array.from(userId === undefined ? [] : u16(userId)));
}

/** Undefined where the length is not one of a security service. */
export function decodeSecurity(bytes: Uint8Array): Security | undefined {
  const short = 1 + passwordLength;
  if (bytes.length !== short && bytes.length !== short + 2) return undefined;
  const password = bytes.slice(1, short);
  return bytes.length === short ? { password } : { password, userId: readU16(bytes, short) };
}

export function u16(value: number): readonly number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

export function readU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
