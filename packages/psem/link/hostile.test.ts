import { memoryChannelPair } from "@metersmith/base/byte-channel";
import { FakeClock } from "@metersmith/base/clock";
import { faultyChannel, type ChannelFaults } from "@metersmith/base/faulty-channel";
import { seededRandom } from "@metersmith/base/random";
import { quiet, untilSettled } from "@metersmith/base/until-settled";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openPsemClient, PsemError, servePsem, type PsemClient } from "../index.ts";
import { MemoryDevice } from "../testing/memory-device.ts";
import { packetsOf, type Toggle } from "./packet.ts";

const size = { packetSize: 64, packets: 4 };
const toggle = fc.constantFrom<Toggle>(0, 1);
const serviceCode = fc.constantFrom(0x20, 0x21, 0x30, 0x3f, 0x40, 0x4f, 0x50, 0x51, 0x52, 0x60, 0x61, 0x70, 0x71);
const message = fc.tuple(fc.oneof(serviceCode, fc.nat(20)), fc.uint8Array({ maxLength: 120 })).map(([code, rest]) => Uint8Array.from([code, ...rest]));
/** Good packets of arbitrary content, acknowledgements, damaged packets and plain garbage; sometimes time passes. */
const assault = fc.array(
  fc.oneof(
    fc.tuple(message, toggle).map(([bytes, bit]) => ({ bytes: packetsOf(bytes, size, 0, bit), milliseconds: 0 })),
    fc.constantFrom(0x06, 0x15, 0xee).map((byte) => ({ bytes: [Uint8Array.of(byte)], milliseconds: 0 })),
    fc.uint8Array({ maxLength: 80 }).map((bytes) => ({ bytes: [bytes], milliseconds: 0 })),
    fc.integer({ min: 1, max: 7000 }).map((milliseconds) => ({ bytes: [], milliseconds })),
  ),
  { maxLength: 30 },
);

test("server: arbitrary bytes and times neither throw nor write a table without the password", async () => {
  await fc.assert(
    fc.asyncProperty(assault, async (moves) => {
      const clock = new FakeClock();
      const [near, far] = memoryChannelPair();
      const table = new Uint8Array(30);
      const device = new MemoryDevice([[0, table]]);
      const faults: unknown[] = [];
      servePsem(far, clock, device, { onFault: (fault) => faults.push(fault) });
      for (const move of moves) {
        for (const bytes of move.bytes) near.write(bytes);
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        clock.advance(move.milliseconds);
      }
      expect(faults).toEqual([]);
      expect(table).toEqual(new Uint8Array(30));
    }),
    { numRuns: 300 },
  );
});

test("client: whatever a peer sends, a call ends with a value or a PsemError within the timeouts", async () => {
  await fc.assert(
    fc.asyncProperty(assault, async (moves) => {
      const clock = new FakeClock();
      const [near, far] = memoryChannelPair();
      const client = openPsemClient(near, clock);
      const calls = Promise.allSettled([client.identify(), client.negotiate(512, 4), client.readTable(0)]);
      let spent = 0;
      for (const move of moves) {
        for (const bytes of move.bytes) far.write(bytes);
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        clock.advance(move.milliseconds);
        spent += move.milliseconds;
      }
      const outcomes = await untilSettled(clock, calls, 60_000);
      expect(outcomes.filter((outcome) => outcome.status === "rejected" && !(outcome.reason instanceof PsemError))).toEqual([]);
      expect(spent).toBeLessThanOrEqual(30 * 7000);
    }),
    { numRuns: 150 },
  );
});

describe("over a line with faults", () => {
  const content = Uint8Array.from({ length: 239 }, (_, index) => (index * 7) & 0xff);

  async function visit(client: PsemClient): Promise<Uint8Array> {
    await client.identify();
    await client.negotiate(64, 8);
    await client.logon(1, "line");
    await client.security("secret");
    await client.writeOffset(6, 100, Uint8Array.of(1, 2, 3));
    const read = await client.readTable(6);
    await client.terminate();
    return read;
  }

  async function attempt(seed: number, faults: ChannelFaults) {
    const clock = new FakeClock();
    const random = seededRandom(seed);
    const [near, far] = memoryChannelPair();
    const device = new MemoryDevice([[6, content.slice()]]);
    servePsem(faultyChannel(far, faults, random, clock), clock, device);
    const client = openPsemClient(faultyChannel(near, faults, random, clock), clock);
    const result = await untilSettled(clock, visit(client).catch((error: unknown) => error), 300_000);
    client.close();
    await quiet();
    expect(clock.untilNext === undefined || clock.untilNext <= 6000, `seed ${seed} leaves a timer`).toBe(true);
    return { result, device };
  }

  const written = content.slice();
  written.set([1, 2, 3], 100);
  const lines: [string, ChannelFaults, number][] = [
    ["loses 3 % of the chunks", { lose: 0.03 }, 0.9],
    ["sends 10 % of the chunks twice", { duplicate: 0.1 }, 0.9],
    ["puts noise before 10 % of the chunks", { noise: 0.1 }, 0.9],
    ["corrupts a bit of 1 byte in 1000", { corrupt: 0.001 }, 0.9],
    ["cuts and delays chunks", { split: 0.5, delay: 200 }, 1],
    ["does all of it", { lose: 0.02, duplicate: 0.05, noise: 0.05, corrupt: 0.0005, split: 0.3, delay: 100 }, 0.7],
    ["hangs up at random", { hangUp: 0.05 }, 0],
    ["delivers 5 % of the chunks after the next one", { reorder: 0.05 }, 0.6],
    ["goes dead in one direction at random", { halfOpen: 0.03 }, 0],
    ["is all but useless", { lose: 0.3, corrupt: 0.02, noise: 0.3 }, 0],
  ];
  test.each(lines)("that %s a visit reads what is there or fails as PsemError, and mostly comes through", async (_, faults, least) => {
    const visits = 40;
    let through = 0;
    for (let seed = 1; seed <= visits; seed++) {
      const { result, device } = await attempt(seed, faults);
      const failed = result instanceof PsemError;
      expect(failed ? written : result, `seed ${seed}`).toEqual(written);
      expect(failed ? written : device.tables.get(6), `seed ${seed}`).toEqual(written);
      if (!failed) through += 1;
    }
    expect(through).toBeGreaterThanOrEqual(least * visits);
  });
});
