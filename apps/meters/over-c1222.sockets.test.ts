import { MemoryNetwork, type DatagramFaults } from "@metersmith/base/datagrams";
import { seededRandom } from "@metersmith/base/random";
import { untilSettled } from "@metersmith/base/until-settled";
import { MeterClient } from "@metersmith/client";
import { KeyRing, apTitle, openC1222Client, overDatagrams, serveC1222, type SecurityMode } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { expect, test } from "vitest";
import { MeterInMemory, planOf } from "./testing/meter-in-memory.ts";

const meterPlace = { host: "192.0.2.7", port: 1153 };
const headPlace = { host: "192.0.2.1", port: 40_000 };

/** A meter behind C12.22 over datagrams, and a client of it. */
function overC1222(mode: SecurityMode, faults: DatagramFaults = {}) {
  const bench = new MeterInMemory("rx-2s");
  const { clock } = bench;
  const network = new MemoryNetwork(faults, seededRandom(5), clock);
  const keys = (): KeyRing => new KeyRing([{ id: 3, key: new Uint8Array(16).fill(0x21) }]);
  const protectedBy = mode === 0 ? {} : { keys: keys() };
  const server = serveC1222(clock, seededRandom(6), () => bench.meter.device(), { title: apTitle(".123.8437"), ...protectedBy });
  server.attach(overDatagrams(network.open(meterPlace), clock));
  const psem = openC1222Client(overDatagrams(network.open(headPlace), clock, { peer: meterPlace }), clock, seededRandom(7), {
    called: apTitle(".123.8437"),
    calling: apTitle(".4"),
    attempts: 12,
    timeout: 1000,
    ...(mode === 0 ? {} : { security: { mode, keys: keys() } }),
  });
  return { bench, client: new MeterClient(psem, standardDefinitions, { clock }) };
}

test.each([0, 1, 2] as const)("[IPC-1] a real tariff is written, read back and verified over C12.22 datagrams in security mode %i", async (mode) => {
  const { bench, client } = overC1222(mode);
  const report = await untilSettled(bench.clock, bench.program(planOf("rx-2s", "aps-et-2-tou"), {}, client));
  expect(report).toMatchObject({ outcome: "verified", mismatches: [], refusals: [] });
  expect(report.written.length).toBeGreaterThan(0);
  expect(bench.meter.inspect().problems).toEqual([]);
});

test("a bad network costs time, not correctness", async () => {
  const { bench, client } = overC1222(2, { lose: 0.05, duplicate: 0.05, corrupt: 0.01, delay: 200 });
  const report = await untilSettled(bench.clock, bench.program(planOf("rx-2s", "aps-et-2-tou"), {}, client));
  expect(report).toMatchObject({ outcome: "verified", mismatches: [] });
});
