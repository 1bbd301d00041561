import { memoryChannelPair } from "@metersmith/base/byte-channel";
import { FakeClock } from "@metersmith/base/clock";
import { quiet, untilSettled } from "@metersmith/base/until-settled";
import { expect, test } from "vitest";
import { encodePacket, type Toggle } from "../link/packet.ts";
import { openPsemClient, servePsem, type PsemClientOptions, type PsemServerOptions } from "../index.ts";
import { MemoryDevice } from "../testing/memory-device.ts";

function connected(clientOptions: PsemClientOptions = {}, serverOptions: PsemServerOptions = {}) {
  const clock = new FakeClock();
  const [near, far] = memoryChannelPair();
  const device = new MemoryDevice([[0, new Uint8Array(40)]]);
  servePsem(far, clock, device, serverOptions);
  const client = openPsemClient(near, clock, clientOptions);
  const run = <Value>(promise: Promise<Value>): Promise<Value> => untilSettled(clock, promise);
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      await quiet();
    }
  };
  return { clock, near, far, device, client, run, pass };
}

const timing = { channelTraffic: 60, interCharacter: 2, response: 5, retries: 1 };

test("timing setup: both ends keep the new times, and terminate brings the old ones back", async () => {
  const { client, device, run, pass } = connected();
  await run(client.identify());
  await run(client.setTiming(timing));
  await run(client.logon(1, ""));
  await pass(59);
  expect(await run(client.readTable(0))).toHaveLength(40);
  await run(client.terminate());
  await run(client.identify());
  await run(client.logon(1, ""));
  await pass(7);
  expect(device.calls.at(-1)).toBe("terminated: silent");
});

test("timing setup: repetitions follow it", async () => {
  const { client, far, clock, run } = connected();
  await run(client.identify());
  await run(client.setTiming(timing));
  far.listen({ received: () => {}, closed: () => {} });
  const start = clock.now();
  await expect(run(client.logon(1, ""))).rejects.toThrow("acknowledged nothing for 5 s");
  expect(clock.now() - start).toBe(2 * 5000);
});

test("timing setup: it is legal before the logon only, and no time may be zero", async () => {
  const { client, run } = connected();
  await expect(run(client.setTiming(timing))).rejects.toMatchObject({ code: "isss" });
  await run(client.identify());
  await expect(client.setTiming({ ...timing, response: 0 })).rejects.toMatchObject({ code: "bad-argument", context: { field: "response time" } });
  await run(client.logon(1, ""));
  await expect(run(client.setTiming(timing))).rejects.toMatchObject({ code: "isss" });
});

test.each([
  ["ten minutes in all", { channelTraffic: 100, interCharacter: 255, response: 250, retries: 1 }, "ok"],
  ["a second more", { channelTraffic: 101, interCharacter: 255, response: 250, retries: 1 }, "err"],
  ["eighteen hours", { channelTraffic: 255, interCharacter: 255, response: 255, retries: 255 }, "err"],
])("timing setup: times by which a client that vanished would hold the link for %s", async (_, asked, code) => {
  const { client, run } = connected();
  await run(client.identify());
  const outcome = await run(client.setTiming(asked).then(() => "ok", (error: { code: string }) => error.code));
  expect(outcome).toBe(code);
});

test("keep-alive: an idle session lives on until it is terminated, at the price of a wait every 15 s", async () => {
  const lines: string[] = [];
  const { client, device, run, pass } = connected({ keepAlive: true }, { trace: (line) => lines.push(line) });
  await pass(10);
  await run(client.identify());
  await run(client.logon(1, ""));
  await pass(300);
  expect(await run(client.readTable(0))).toHaveLength(40);
  const waits = lines.filter((line) => line.includes("wait 30 s")).length;
  expect(waits).toBeGreaterThanOrEqual(20);
  expect(waits).toBeLessThanOrEqual(21);
  await run(client.terminate());
  await pass(60);
  expect(lines.filter((line) => line.includes("wait 30 s"))).toHaveLength(waits);
  expect(device.calls).not.toContain("terminated: silent");
});

test("keep-alive: a closed client leaves no timer, and one on a dead link stops by itself", async () => {
  const closed = connected({ keepAlive: true });
  await closed.run(closed.client.identify());
  closed.client.close();
  await closed.pass(7);
  expect(closed.clock.untilNext).toBeUndefined();
  const dead = connected({ keepAlive: true });
  await dead.run(dead.client.identify());
  dead.far.close();
  await dead.pass(20);
  expect(dead.clock.untilNext).toBeUndefined();
});

test("on a serial line the wait for an acknowledgement begins when the packet is over", async () => {
  const { client, far, clock, run } = connected({ serial: true, retries: 0 }, { serial: true });
  await run(client.identify());
  await run(client.negotiate(1024, 1));
  await run(client.logon(1, ""));
  await run(client.security("secret"));
  far.listen({ received: () => {}, closed: () => {} });
  const start = clock.now();
  // 8 bytes of packet, 6 of request, 3 of table data: 1017 bytes at 960 a second.
  await expect(run(client.writeOffset(0, 0, new Uint8Array(1000)))).rejects.toMatchObject({ code: "timeout" });
  expect(clock.now() - start).toBe(2000 + Math.ceil((1017 * 1000) / 960));
});

test("on a serial line a packet that takes longer than the channel traffic time ends nothing", async () => {
  const { client, clock, far, run } = connected({ serial: true });
  await run(client.identify());
  await run(client.negotiate(1024, 1));
  await run(client.logon(1, ""));
  far.listen({ received: () => {}, closed: () => {} });
  const read = client.readTable(0).catch((error: unknown) => error);
  await quiet();
  far.write(Uint8Array.of(0x06));
  await quiet();
  const start = clock.now();
  expect(await run(read)).toMatchObject({ code: "timeout" });
  expect(clock.now() - start).toBe(6000 + Math.ceil((1024 * 1000) / 960));
});

test.each<[string, (count: number) => { readonly first: boolean; readonly toggle: Toggle }]>([
  ["repeats one packet", () => ({ first: false, toggle: 0 })],
  ["begins its answer again and again", (count) => ({ first: true, toggle: count % 2 === 0 ? 1 : 0 })],
  ["sends packets that belong to no message", (count) => ({ first: false, toggle: count % 2 === 0 ? 1 : 0 })],
])("a meter that %s for ever ends the call in time, and leaves no timer", async (_, shape) => {
  const { client, clock, far, run } = connected();
  await run(client.identify());
  await run(client.negotiate(64, 4));
  far.listen({ received: () => {}, closed: () => {} });
  const start = clock.now();
  const ends: string[] = [];
  void client.readTable(0).then(() => ends.push("answered"), (error: { code: string }) => ends.push(error.code));
  far.write(Uint8Array.of(0x06));
  for (let count = 0; ends.length === 0 && count < 1000; count++) {
    far.write(encodePacket({ identity: 0, multiple: true, sequence: 3, data: Uint8Array.of(0), ...shape(count) }));
    await quiet();
    clock.advance(1000);
    await quiet();
  }
  expect(ends).toEqual(["timeout"]);
  // Four packets either way, each sent four times and waited for 2 s, and 6 s of silence.
  expect(clock.now() - start).toBe(2 * (4 * 4 * 2000) + 6000);
  expect(clock.untilNext).toBeUndefined();
});
