import { memoryChannelPair } from "@metersmith/base/byte-channel";
import { fromHex } from "@metersmith/base/bytes";
import { FakeClock } from "@metersmith/base/clock";
import { untilSettled } from "@metersmith/base/until-settled";
import { expect, test } from "vitest";
import { openPsemClient, responseCodes, servePsem, type PsemDevice, type Refusal } from "../index.ts";
import { decodeRequest } from "../services/decode-request.ts";
import { encodeRequest } from "../services/encode-request.ts";
import type { Request } from "../services/request.ts";
import { MemoryDevice } from "../testing/memory-device.ts";

function session(device: PsemDevice) {
  const clock = new FakeClock();
  const [near, far] = memoryChannelPair();
  servePsem(far, clock, device);
  const client = openPsemClient(near, clock);
  const run = <Value>(promise: Promise<Value>): Promise<Value> => untilSettled(clock, promise);
  const logOn = async (): Promise<void> => {
    await run(client.identify());
    await run(client.logon(1, ""));
    await run(client.security("secret"));
  };
  return { client, run, logOn };
}

const bytes = Uint8Array.from({ length: 40 }, (_, index) => index);

// Ours by the description of the services in docs/reference/c1218.md 4; no foreign implementation of them has been met.
test.each<[string, Request]>([
  ["31 0006 0003 0001", { service: "read-index", table: 6, indices: [3], count: 1 }],
  ["33 0836 0001 0002 0103 0004", { service: "read-index", table: 0x836, indices: [1, 2, 0x103], count: 4 }],
  ["41 0006 0003 0002 aabb 9b", { service: "write-index", table: 6, indices: [3], bytes: Uint8Array.of(0xaa, 0xbb) }],
  ["3e", { service: "read-default" }],
  ["4e 0001 07 f9", { service: "write-default", bytes: Uint8Array.of(7) }],
  ["71 1e 01 04 05", { service: "timing", timing: { channelTraffic: 30, interCharacter: 1, response: 4, retries: 5 } }],
])("the request %s is built and read", (hex, request) => {
  expect(encodeRequest(request)).toEqual(fromHex(hex));
  expect(decodeRequest(fromHex(hex))).toEqual(request);
});

test("elements by index and the default table are read and written", async () => {
  const device = new MemoryDevice([[0, bytes.slice()]]);
  const { client, run, logOn } = session(device);
  await logOn();
  expect(await run(client.readIndex(0, [5], 3))).toEqual(Uint8Array.of(5, 6, 7));
  await run(client.writeIndex(0, [5], Uint8Array.of(50)));
  expect((await run(client.readDefault()))[5]).toBe(50);
  await run(client.writeDefault(bytes));
  expect(device.tables.get(0)).toEqual(bytes);
  await expect(run(client.readIndex(0, [1, 2], 1))).rejects.toMatchObject({ code: "iar" });
  await expect(client.readIndex(0, [], 1)).rejects.toMatchObject({ code: "bad-argument", context: { field: "number of indices" } });
  await expect(client.readIndex(0, Array.from({ length: 10 }, () => 0), 1)).rejects.toMatchObject({ code: "bad-argument" });
});

test("a device without those accesses answers sns", async () => {
  const { identification, logon, security, read, readOffset, write, writeOffset, logoff, terminated } = MemoryDevice.prototype;
  const whole = new MemoryDevice([[0, bytes.slice()]]);
  const bare: PsemDevice = Object.fromEntries(
    Object.entries({ identification, logon, security, read, readOffset, write, writeOffset, logoff, terminated }).map(([name, call]) => [name, (call as () => unknown).bind(whole)]),
  ) as unknown as PsemDevice;
  const { client, run, logOn } = session(bare);
  await logOn();
  for (const call of [() => client.readIndex(0, [1], 1), () => client.readDefault(), () => client.writeIndex(0, [1], bytes), () => client.writeDefault(bytes)]) {
    await expect(run<unknown>(call())).rejects.toMatchObject({ code: "sns", kind: "peer-refused" });
  }
});

const refusals = responseCodes.map((row) => row.mnemonic).filter((code): code is Refusal => code !== "ok");

test.each(refusals)("the refusal %s of a read, a write and a logoff reaches the caller under its name, and the session goes on", async (code) => {
  const device = new MemoryDevice([[0, bytes.slice()]]);
  const { client, run, logOn } = session(device);
  await logOn();
  Object.assign(device, { read: () => code, writeOffset: () => code, logoff: () => code });
  await expect(run(client.readTable(0))).rejects.toMatchObject({ code, kind: "peer-refused" });
  await expect(run(client.writeOffset(0, 0, bytes))).rejects.toMatchObject({ code });
  await expect(run(client.logoff())).rejects.toMatchObject({ code });
  expect(await run(client.readOffset(0, 1, 2))).toEqual(Uint8Array.of(1, 2));
});
