import type { Request } from "../services/request.ts";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Whole packets as an implementation that is not ours builds them, with what they say.
 * Provenance: termineter's packet classes (commit a802f94; release 1.0.6 gives the same), run by hand; see
 * docs/interop.md. Toggle 0, identity 0.
 */
export const workedFrames: readonly { readonly name: string; readonly hex: string; readonly request: Request }[] = [
  { name: "identification", hex: "ee 00 00 00 00 01 20 13 10", request: { service: "identify" } },
  {
    name: "negotiate 512 × 2 at 9600 baud",
    hex: "ee 00 00 00 00 05 61 02 00 02 06 1d 2a",
    request: { service: "negotiate", packetSize: 512, packets: 2, baudCodes: [0x06] },
  },
  {
    name: "logon of user 0, \"0000\"",
    hex: "ee 00 00 00 00 0d 50 00 00 30 30 30 30 20 20 20 20 20 20 76 35",
    request: { service: "logon", userId: 0, user: ascii("0000      ") },
  },
  {
    name: "security",
    hex: "ee 00 00 00 00 15 51 31 32 33 34 35 36 37 38 39 30 31 32 33 34 35 36 37 38 39 30 51 6d",
    request: { service: "security", password: ascii("12345678901234567890") },
  },
  { name: "full read of table 0", hex: "ee 00 00 00 00 03 30 00 00 dc 1c", request: { service: "read", table: 0 } },
  {
    name: "read of 16 bytes at offset 16 of table 1",
    hex: "ee 00 00 00 00 08 3f 00 01 00 00 10 00 10 a5 9a",
    request: { service: "read-offset", table: 1, offset: 16, count: 16 },
  },
  {
    name: "write of table 7",
    hex: "ee 00 00 00 00 0a 40 00 07 00 04 0a 00 01 01 f4 7e 4e",
    request: { service: "write", table: 7, bytes: Uint8Array.of(0x0a, 0x00, 0x01, 0x01) },
  },
  { name: "wait 5 s", hex: "ee 00 00 00 00 02 70 05 4c b9", request: { service: "wait", seconds: 5 } },
  { name: "logoff", hex: "ee 00 00 00 00 01 52 86 40", request: { service: "logoff" } },
  { name: "terminate", hex: "ee 00 00 00 00 01 21 9a 01", request: { service: "terminate" } },
];
