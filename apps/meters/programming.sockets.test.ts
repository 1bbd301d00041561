import { toHex } from "@metersmith/base/bytes";
import { programMeter } from "@metersmith/client";
import type { DecodedTable } from "@metersmith/tables";
import { describe, expect, test } from "vitest";
import { MeterInMemory, planOf, type DeviceTypeId, type Rate } from "./testing/meter-in-memory.ts";

const cases: readonly (readonly [DeviceTypeId, Rate])[] = [
  ["rx-2s", "aps-et-2-tou"],
  ["ix-4s", "sce-gs-2-tou-b-single-phase"],
  ["ix-4s", "entergy-ar-lps-tou"],
  ["px-9s", "sce-gs-2-tou-b-single-phase"],
];

describe.each(cases)("a %s under %s", (id, rate) => {
  test("[ACC-1] [MFG-5] a real tariff is compared, written, read back and verified by what the meter does", async () => {
    const bench = new MeterInMemory(id);
    const plan = planOf(id, rate);
    const progress: string[] = [];
    const report = await bench.program(plan, { onProgress: ({ step, done, total }) => void (done === total && progress.push(step)) });
    expect(report.failure).toBeUndefined();
    expect(report.mismatches).toEqual([]);
    expect(report.refusals).toEqual([]);
    expect(report.outcome).toBe("verified");
    expect(report.clock).toBe("done");
    expect(report.liveState).toMatchObject({ unprogrammed: false, configurationError: false, clockError: false, clockErrorSeconds: 0 });
    expect(plan.program.digest).toContain(report.liveState!.identity.buildMark);
    expect([...new Set(progress)]).toEqual(["identify-tables", "check", "compare", "write", "clock", "read-back", "live-state"]);
    expect(bench.meter.inspect().problems).toEqual([]);
  });

  test("a second run finds nothing to write and leaves the clock alone", async () => {
    const bench = new MeterInMemory(id);
    await bench.program(planOf(id, rate));
    const again = await bench.program(planOf(id, rate));
    expect(again).toMatchObject({ outcome: "verified", written: [], changes: [], clock: "not-needed" });
  });

  test("the meter's tier and season agree with the plan's reading of the calendar through a year", async () => {
    const bench = new MeterInMemory(id);
    const plan = planOf(id, rate);
    await bench.program(plan);
    // Past the link: an idle session of so many hours would have ended.
    const device = bench.meter.device();
    device.logon(7, "bench");
    device.security(new TextEncoder().encode("reading".padEnd(20, "\0")));
    const context = await bench.context();
    const read = (table: number): DecodedTable => context.decode(table, device.read(table) as Uint8Array);
    const readBack = new Map([53, 54].map((table) => [table, read(table)] as const));
    // Whole hours, where tiers switch, and a second to either side of them.
    for (let hour = 0; hour < 365 * 24; hour += 5) {
      bench.clock.advance(5 * 3_600_000 - (bench.clock.now() % 3_600_000) + ((hour % 3) - 1) * 1000);
      const state = read(55).get("STATUS") as Record<string, number>;
      const expected = plan.expect(readBack, bench.clock.now());
      const when = new Date(bench.clock.now()).toISOString();
      expect(state["CURR_TIER"] ?? state["CURR_SUMM_TIER"], when).toBe(expected.tier);
      if (expected.demandTier !== undefined) expect(state["CURR_DEMAND_TIER"], when).toBe(expected.demandTier);
      expect(state["SEASON"], when).toBe(expected.season);
      expect(state["SPECIAL_SCHD_ACTIVE"], when).toBe(expected.specialSchedule ?? 15);
    }
  });
});

test("[ACC-2] a change that the role may not make refuses the program before anything is written, naming table, field, octet, old and new", async () => {
  const bench = new MeterInMemory("rx-2s");
  const report = await bench.program(planOf("rx-2s", "aps-et-2-tou", "field-technician"));
  expect(report.outcome).toBe("refused");
  expect(report.written).toEqual([]);
  expect(new Set(report.refusals.map(({ kind, table }) => `${kind} ${table}`))).toEqual(new Set(["policy 12", "policy 13", "policy 16", "policy 22"]));
  const [first] = report.refusals;
  expect(first).toMatchObject({ table: 12, offset: 0 });
  expect(first?.message).toMatch(/^Table 12, UOM_ENTRY\[0\]\.\w+ \(octet 0\): the access policy does not let this role change it from .+ to .+\.$/);
  expect(bench.meter.inspect().unprogrammed).toBe(true);
});

test("a program that was built for another type is refused by the meter's own tables, before anything is written", async () => {
  const bench = new MeterInMemory("rx-2s");
  const report = await bench.program(planOf("ix-4s", "sce-gs-2-tou-b-single-phase"));
  expect(report.written).toEqual([]);
  expect(report.outcome).not.toBe("verified");
  expect([...report.refusals.map(({ message }) => message), report.failure?.message ?? ""].join(" ")).toMatch(/[Tt]able 0/);
});

test("a wrong password is refused as such, and the meter is as it was", async () => {
  const bench = new MeterInMemory("rx-2s");
  const client = bench.connect();
  await expect(client.connect({ user: "bench", userId: 7, password: "not-this-one" })).rejects.toMatchObject({ code: "err", kind: "peer-refused", message: expect.stringContaining("password") as unknown });
  await client.disconnect();
  expect(bench.meter.inspect()).toMatchObject({ unprogrammed: true, lockout: { failures: 1 } });
});

test("a password of too low a level: the meter refuses the first write, nothing is written, the report says which", async () => {
  const bench = new MeterInMemory("rx-2s");
  const client = bench.connect();
  await client.connect({ user: "bench", userId: 7, password: "reading" });
  const report = await programMeter(client, planOf("rx-2s", "aps-et-2-tou"), { clock: bench.clock });
  expect(report).toMatchObject({ outcome: "failed", written: [], clock: "not-reached", failure: { step: "write", code: "isc", kind: "peer-refused" } });
  expect(report.inDoubt).toBeUndefined();
  expect(report.failure?.message).toContain("Nothing was written.");
});

test("a table that reads back differently fails the program, naming table, field, octet and both values", async () => {
  // The action of the first recurring date: 60 dated entries of 3 octets, then RDATE (2).
  const bench = new MeterInMemory("rx-2s", undefined, { stuckBits: [{ table: 54, offset: 60 * 3 + 2, mask: 0x1f, value: 0x05 }] });
  const report = await bench.program(planOf("rx-2s", "aps-et-2-tou"));
  expect(report.outcome).toBe("failed");
  const [mismatch] = report.mismatches;
  expect(mismatch).toMatchObject({ kind: "read-back", table: 54, path: "RECURR_DATES[0].CALENDAR_ACTION.CALENDAR_CTRL", offset: 182, actual: 5 });
  expect(mismatch?.message).toMatch(/^Table 54, RECURR_DATES\[0\]\.\S+ \(octet 182\) reads back as 5; \d+ was expected\.$/);
  expect(toHex(report.readBack.get(54)!.subarray(182, 183))).toBe("05");
});

test("a table that the meter refuses stops there; what was written before it is listed exactly", async () => {
  const bench = new MeterInMemory("rx-2s", undefined, { refuseWrites: new Map([[54, "dlk"]]) });
  const report = await bench.program(planOf("rx-2s", "aps-et-2-tou"));
  expect(report).toMatchObject({ outcome: "failed", failure: { step: "write", code: "dlk" } });
  expect(report.written.length).toBeGreaterThan(0);
  expect(report.written.every(({ table }) => table !== 54 && table !== 6)).toBe(true);
  expect(report.failure?.message).toMatch(/Written and acknowledged: table 12 octets \d+–\d+, table 13 /);
});

test("cancelling between two writes stops there, and the next run finishes", async () => {
  const bench = new MeterInMemory("rx-2s");
  const controller = new AbortController();
  const plan = planOf("rx-2s", "aps-et-2-tou");
  const report = await bench.program(plan, { signal: controller.signal, onProgress: ({ step, done }) => void (step === "write" && done === 2 && controller.abort()) });
  expect(report).toMatchObject({ outcome: "failed", failure: { code: "cancelled", step: "write" } });
  expect(report.written.length).toBeGreaterThan(0);
  const rest = await bench.program(plan);
  expect(rest.outcome).toBe("verified");
  expect(rest.written.every(({ table }) => !report.written.some((range) => range.table === table))).toBe(true);
});

test("a clock that is off is set again, and only the clock", async () => {
  const bench = new MeterInMemory("rx-2s");
  const plan = planOf("rx-2s", "aps-et-2-tou");
  await bench.program(plan);
  const client = bench.connect();
  await client.connect({ user: "bench", userId: 7, password: "the-programming-one" });
  const wrong = new Date(bench.clock.now() - 7 * 3_600_000 - 60_000).toISOString().slice(0, 19);
  const { result } = await client.procedure(10, { SET_MASK: { SET_TIME_FLAG: true, SET_DATE_FLAG: true, SET_TIME_DATE_QUAL: true }, DATE_TIME: wrong, TIME_DATE_QUAL: { DAY_OF_WEEK: 7, TM_ZN_APPLIED_FLAG: true, DST_SUPPORTED_FLAG: plan.clock.mode === "prevailing" } });
  expect(result).toBe(0);
  await client.disconnect();
  const report = await bench.program(plan);
  expect(report).toMatchObject({ outcome: "verified", written: [], clock: "done" });
  expect(report.steps.find(({ step }) => step === "clock")?.detail).toBe("the clock was set: it was off by -60 s");
});
