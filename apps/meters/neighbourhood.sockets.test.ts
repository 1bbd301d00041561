import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromHex } from "@metersmith/base/bytes";
import { silentLog } from "@metersmith/base/log";
import { MeterClient } from "@metersmith/client";
import { systemClock } from "@metersmith/node/system-clock";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openPsemClient } from "@metersmith/psem";
import type { DecodedTable } from "@metersmith/tables";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { DeliveredMeter } from "./delivered-meter.ts";
import { readDeviceModel } from "./device-models.ts";
import { openStreetState } from "./state/street-state.ts";
import { startStreet } from "./street.ts";
import { StreetUnderTest } from "./testing/street-under-test.ts";

const bench = new StreetUnderTest();
afterEach(() => bench.close());

async function scenarioFile(folder: string, scenario: object): Promise<string> {
  const file = join(folder, "scenario.json");
  await writeFile(file, JSON.stringify({ title: "of a test", about: "of a test", ...scenario }));
  return file;
}

/** Runs all diagnostics (procedure 11), and answers what table 3 says then. */
async function flags({ host, port, programmingPassword, deviceType }: DeliveredMeter): Promise<Readonly<Record<string, unknown>>> {
  const { context } = await readDeviceModel(join(import.meta.dirname, "../../device-types"), deviceType);
  const client = new MeterClient(openPsemClient(await connectTcp(host, port), systemClock), context.definitions);
  await client.connect({ user: "test", userId: 1, password: fromHex(programmingPassword) });
  await client.procedure(11, new Uint8Array());
  const status = (await client.readTable(3)).get("ED_STD_STATUS1") as Readonly<Record<string, unknown>>;
  await client.disconnect();
  return status;
}

async function read({ host, port, programmingPassword, deviceType }: DeliveredMeter, table: number): Promise<DecodedTable> {
  const { context } = await readDeviceModel(join(import.meta.dirname, "../../device-types"), deviceType);
  const client = new MeterClient(openPsemClient(await connectTcp(host, port), systemClock), context.definitions);
  await client.connect({ user: "test", userId: 1, password: fromHex(programmingPassword) });
  const decoded = await client.readTable(table);
  await client.disconnect();
  return decoded;
}

test("[I2FR2] what a scenario does to some meters they find by themselves, the others nothing", async () => {
  const home = await bench.folder();
  const scenario = await scenarioFile(home, {
    happenings: [
      { name: "clip dead", atMinutes: 0, meters: { from: 2, to: 2 }, provoke: { kind: "phase-missing", phase: 1 } },
      { name: "cover", atMinutes: 0, meters: { from: 0, to: 0 }, provoke: { kind: "cover-open" } },
    ],
  });
  const told: string[] = [];
  const street = await startStreet({ home, count: 3, port: 0, base: "127.76.0.0", deviceTypes: ["rx-2s", "ix-4s", "px-9s"], scenario }, silentLog, { onTurn: ({ name, positions }) => told.push(`${name} ${positions.join()}`) });
  bench.later(() => street.stop());
  expect(told).toEqual(["clip dead 2", "cover 0"]);
  const found = await Promise.all(street.meters.map(flags));
  expect(found.map((status) => [status["TAMPER_DETECT_FLAG"], status["LOW_LOSS_POTENTIAL_FLAG"]])).toEqual([[true, false], [false, false], [false, true]]);
});

test("[I2FR7] [I2FR8] [I2FR6] links that a card has lost, and a clock that had run away, are found by the meter and stand in tables 2057 and 76", async () => {
  const home = await bench.folder();
  // A minute of the meters is 60 ms.
  const scenario = await scenarioFile(home, {
    timeFactor: 1000,
    happenings: [
      { name: "clock set", atMinutes: 0, card: { kind: "clock-set" } },
      { name: "home device silent", atMinutes: 0, card: { kind: "link-lost", link: "home-device", device: 3 } },
      { name: "head-end out of reach", atMinutes: 0, card: { kind: "link-lost", link: "head-end" } },
      { name: "oscillator", atMinutes: 1, meters: { from: 0, to: 0 }, provoke: { kind: "oscillator-drift", partsPerMillion: 100_000 } },
      { name: "clock set again", atMinutes: 60, card: { kind: "clock-set" } },
    ],
  });
  const { meters } = await bench.start(home, { count: 2, base: "127.75.0.0", deviceTypes: ["rx-2s", "ix-4s"], scenario });
  await vi.waitFor(async () => {
    const states = await Promise.all(meters.map(async (meter) => (await read(meter, 2057)).get("RESULTS") as readonly { readonly STATE: number; readonly DETAIL: number }[]));
    expect(states.map((results) => [16, 17].map((at) => results[at]?.STATE))).toEqual([[2, 2], [2, 2]]);
    // How far it was off is not held here: both sessions set a clock as late as they take, a thousandfold. That it drifts as it should is held in play-scenario.test.ts.
    expect(states[0]?.[6]?.STATE).toBe(2);
    expect(states.map((results) => results[16]?.DETAIL)).toEqual([3, 3]);
  }, { timeout: 7000, interval: 100 });
  const entries = (await read(meters[0]!, 76)).get("ENTRIES") as readonly { readonly EVENT_CODE: { readonly TBL_PROC_NBR: number; readonly STD_VS_MFG: number | boolean } }[];
  const codes = entries.map(({ EVENT_CODE: { TBL_PROC_NBR: code, STD_VS_MFG: own } }) => `${own ? "maker's " : ""}${code}`);
  expect(codes).toEqual(expect.arrayContaining(["42", "maker's 7", "maker's 8"]));
});

describe("the time of a neighbourhood", () => {
  test("goes so many times as fast, and on over restarts, whatever scenario comes next: it never goes back", async () => {
    const home = await bench.folder();
    const fast = await scenarioFile(home, { timeFactor: 1000, happenings: [] });
    const first = await bench.start(home, { scenario: fast });
    await first.stop();
    const state = openStreetState(join(home, "street.sqlite"));
    const kept = state.scenario.current()!;
    expect(kept.anchor.factor).toBe(1000);
    const hour = 3_600_000;
    const hourLater = kept.anchor.host + hour;
    expect(state.scenario.take("another", 2, hourLater)).toEqual({ goesOn: false, began: kept.anchor.simulated + 1000 * hour, anchor: { host: hourLater, simulated: kept.anchor.simulated + 1000 * hour, factor: 2 } });
    expect(state.scenario.take("another", 2, hourLater + hour)).toMatchObject({ goesOn: true, began: kept.anchor.simulated + 1000 * hour });
    state.close();
  });

  test("is the machine's where there never was a scenario", async () => {
    const home = await bench.folder();
    await (await bench.start(home)).stop();
    const state = openStreetState(join(home, "street.sqlite"));
    expect(state.scenario.current()).toBeUndefined();
    state.close();
  });
});

test("what is written together is all kept or not at all, and one part may fail for itself", async () => {
  const state = openStreetState(join(await bench.folder(), "street.sqlite"));
  bench.later(() => state.close());
  const meter = (position: number) => ({ position, serial: `M${position}`, deviceType: "rx-2s", passwords: [new Uint8Array(20)] });
  expect(() => state.together(() => {
    state.add(meter(0));
    throw new Error("cut");
  })).toThrow("cut");
  expect(state.meters()).toEqual([]);
  state.together(() => {
    state.add(meter(0));
    expect(() => state.add({ ...meter(1), serial: "M0" })).toThrow(/UNIQUE/);
    state.add(meter(2));
  });
  expect(state.meters().map(({ serial }) => serial)).toEqual(["M0", "M2"]);
});
