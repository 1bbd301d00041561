import { memoryChannelPair } from "@metersmith/base/byte-channel";
import { FakeClock } from "@metersmith/base/clock";
import { faultyChannel } from "@metersmith/base/faulty-channel";
import { seededRandom } from "@metersmith/base/random";
import { untilSettled } from "@metersmith/base/until-settled";
import { expect, test } from "vitest";
import { openPsemClient, PsemError, responseCodes, servePsem, type PsemClient, type Refusal } from "../index.ts";
import { c1222Pair } from "../testing/c1222-pair.ts";
import { MemoryDevice } from "../testing/memory-device.ts";

const refusals = responseCodes.map(({ mnemonic }) => mnemonic).filter((code): code is Refusal => code !== "ok");
const schedules = [1, 2, 3, 4, 5];

function refusing(code: Refusal): MemoryDevice {
  return Object.assign(new MemoryDevice([[0, Uint8Array.of(1, 2, 3)]]), { read: () => code, writeOffset: () => code });
}

/** What a read and a write end with, where the session comes so far. */
async function asked(client: PsemClient): Promise<readonly unknown[]> {
  await client.identify();
  await client.logon(1, "");
  const outcomes = [];
  for (const call of [() => client.readTable(0), () => client.writeOffset(0, 0, Uint8Array.of(9))]) outcomes.push(await call().catch((error: unknown) => error));
  return outcomes;
}

/** Under every schedule the code arrives as that code, or nothing does; and it mostly arrives. */
async function arrives(code: Refusal, attempt: (seed: number) => Promise<readonly unknown[]>): Promise<void> {
  let arrived = 0;
  for (const seed of schedules) {
    const outcomes = await attempt(seed).catch((error: unknown) => [error]);
    for (const outcome of outcomes) {
      expect(outcome, `schedule ${seed}`).toBeInstanceOf(PsemError);
      const { kind, code: seen } = outcome as PsemError;
      expect([code, "hung-up", "timeout", "packet-refused", "lost-packet"], `schedule ${seed}`).toContain(seen);
      expect(kind).toBe(seen === code ? "peer-refused" : "link");
      if (seen === code) arrived += 1;
    }
  }
  expect(arrived).toBeGreaterThanOrEqual(schedules.length);
}

test.each(refusals)("C12.18 over a bad line: %s arrives as what it is, or the link fails", async (code) => {
  const faults = { lose: 0.03, duplicate: 0.1, noise: 0.05, corrupt: 0.001, split: 0.3, delay: 100 };
  await arrives(code, (seed) => {
    const clock = new FakeClock();
    const random = seededRandom(seed);
    const [near, far] = memoryChannelPair();
    servePsem(faultyChannel(far, faults, random, clock), clock, refusing(code));
    const client = openPsemClient(faultyChannel(near, faults, random, clock), clock);
    return untilSettled(clock, asked(client)).finally(() => client.close());
  });
});

test.each(refusals)("C12.22 over a bad network: %s arrives as what it is, or nothing does", async (code) => {
  const faults = { lose: 0.1, duplicate: 0.2, corrupt: 0.02, delay: 300 };
  await arrives(code, async (seed) => {
    const device = (made: MemoryDevice): void => void Object.assign(made, { read: () => code, writeOffset: () => code });
    const { client, run, faultsSeen } = c1222Pair({ over: "datagrams", faults, seed, device });
    const outcomes = await run(asked(client));
    expect(faultsSeen).toEqual([]);
    return outcomes;
  });
});
