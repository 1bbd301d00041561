import { concatBytes } from "@metersmith/base/bytes";
import { FakeClock } from "@metersmith/base/clock";
import { expect, test } from "vitest";
import { OpenLine } from "../fuzz/open-line.ts";
import { packetsOf, startOfPacket } from "../link/packet.ts";
import { encodeRequest } from "../services/encode-request.ts";
import type { Request } from "../services/request.ts";
import { MemoryDevice } from "../testing/memory-device.ts";
import { servePsem } from "./serve-psem.ts";

const size = { packetSize: 64, packets: 4 };
const logon: Request = { service: "logon", userId: 1, user: new Uint8Array(10) };
const asked = (requests: readonly Request[]): Uint8Array => concatBytes(...requests.flatMap((request, index) => packetsOf(encodeRequest(request), size, 0, index % 2 === 0 ? 0 : 1)));

/** Requests that arrive in one piece, before the meter could answer the first of them. */
test.each<[string, readonly Request[]]>([
  ["larger packets, and a read that needs them", [{ service: "identify" }, { service: "negotiate", packetSize: 512, packets: 4, baudCodes: [] }, logon, { service: "read", table: 6 }]],
  ["larger packets again and again", [{ service: "identify" }, ...Array.from({ length: 5 }, (): Request => ({ service: "negotiate", packetSize: 512, packets: 4, baudCodes: [] }))]],
  ["an end, and more behind it", [{ service: "identify" }, logon, { service: "terminate" }, { service: "read", table: 6 }]],
])("a client that does not wait for answers and asks for %s harms nobody", (_, requests) => {
  const clock = new FakeClock();
  const line = new OpenLine();
  const device = new MemoryDevice([[6, new Uint8Array(239)]]);
  const faults: unknown[] = [];
  servePsem(line, clock, device, { onFault: (fault) => faults.push(fault), limit: { packetSize: 512, packets: 4 } });
  line.say(asked(requests));
  for (let turn = 0; turn < 40; turn++) {
    const packets = line.take().filter(([first]) => first === startOfPacket);
    for (const packet of packets) expect(packet.length).toBeLessThanOrEqual(512);
    if (packets.length > 0) line.say(new Uint8Array(packets.length).fill(6));
    clock.advance(300);
  }
  expect(faults).toEqual([]);
  clock.advance(60_000);
  line.say(asked([{ service: "identify" }]));
  expect(line.take().some((bytes) => bytes[0] === startOfPacket && bytes[6] === 0)).toBe(true);
});
