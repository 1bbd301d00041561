import { concatBytes } from "@metersmith/base/bytes";
import { changes, merge } from "@metersmith/tables";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BuildStore } from "../build/build-store.ts";
import { buildProgram, type Build } from "../build/build.ts";
import type { DeviceType } from "../device-type/device-type.ts";
import { exampleParameters } from "../testing/example-files.ts";
import { deviceType } from "../testing/plug-ins.ts";
import { compareMeters, type MeterComparison, type MeterSnapshot } from "./compare-meters.ts";
import { compiledComparison, type CompiledComparison } from "./compiled-comparison.ts";

const [residential, commercial] = [deviceType("rx-2s"), deviceType("ix-4s")];
const builds = { "rx-2s": buildProgram(residential, exampleParameters("aps-et-2-tou")), "ix-4s": buildProgram(commercial, exampleParameters("sce-gs-2-tou-b-single-phase")) };

function snapshotOf(type: DeviceType, build?: Build): MeterSnapshot & { tables: Map<number, Uint8Array> } {
  const tables = new Map([...type.factoryImages].map(([table, image]) => [table, image.slice()]));
  for (const write of build?.writes ?? []) tables.set(write.table, merge(tables.get(write.table) ?? new Uint8Array(write.bytes.length), write));
  return { meter: `${type.id} 1`, deviceType: type.id, tables };
}

const compiledFor = (role: string): CompiledComparison[] => [compiledComparison(builds["rx-2s"], residential, role), compiledComparison(builds["ix-4s"], commercial, role)];
const headEnd = compiledFor("head-end");

async function compared(snapshots: readonly MeterSnapshot[], role = "head-end"): Promise<MeterComparison[]> {
  const found: MeterComparison[] = [];
  for await (const one of compareMeters(snapshots, role === "head-end" ? headEnd : compiledFor(role))) found.push(one);
  return found;
}

describe("[ACC-3] many meters of several types in one call", () => {
  test("a programmed one is the same, a factory's differs, others are not comparable; each in its turn", async () => {
    const short = snapshotOf(residential);
    short.tables.set(54, new Uint8Array(3));
    const found = await compared([snapshotOf(residential, builds["rx-2s"]), snapshotOf(commercial), { meter: "x", deviceType: "zz-9", tables: new Map() }, short, snapshotOf(commercial, builds["ix-4s"])]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["same", "differs", "not-comparable", "not-comparable", "same"]);
    expect(found[3]).toMatchObject({ reason: "table 54: 3 octets; 356 are needed" });
  });

  test("meters are taken one at a time, as the results are", async () => {
    let taken = 0;
    function* endless(): Generator<MeterSnapshot> {
      for (;;) {
        taken++;
        yield snapshotOf(residential, builds["rx-2s"]);
      }
    }
    const results = compareMeters(endless(), [compiledComparison(builds["rx-2s"], residential, "head-end")]);
    await results.next();
    await results.next();
    await results.return(undefined);
    expect(taken).toBe(2);
  });

  test("equal tables are worked out once", async () => {
    const found = await compared([snapshotOf(commercial), snapshotOf(commercial)]);
    const [first, second] = found.map((one) => (one.outcome === "differs" ? one.changes[0] : undefined));
    expect(first).toBeDefined();
    expect(second).toBe(first);
  });
});

describe("[ACC-2] a refusal names table, field, old, new and rule", () => {
  test("what the role may not change", async () => {
    const [found] = await compared([snapshotOf(residential)], "field-technician");
    if (found?.outcome !== "refused") throw new Error("not refused");
    expect(new Set(found.refusals.map(({ table }) => table))).toEqual(new Set([12, 13, 16, 22]));
    expect(found.refusals.find(({ table }) => table === 13)).toMatchObject({ table: 13, path: "INTERVAL_VALUE[0].INT_LENGTH", offset: 0, before: 0, after: 15, rule: "policy.json of rx-2s: field-technician may change nothing of table 13" });
  });

  test("what a meter must have already", async () => {
    const other = snapshotOf(residential, builds["rx-2s"]);
    other.tables.get(61)![12] = 0x7f;
    const [found] = await compared([other]);
    expect(found).toMatchObject({ outcome: "refused", changes: [], refusals: [{ table: 61, rule: "mapping.json of rx-2s: table 61 is checked, so a meter has to be so already" }] });
  });
});

test("[ACC-1] bit by bit: one bit that is another counts exactly where the mask has it, wherever the octets lie in memory", async () => {
  const [type, build] = [commercial, builds["ix-4s"]];
  const tables = [...build.writes, ...build.checks];
  await fc.assert(fc.asyncProperty(fc.nat(tables.length - 1), fc.nat(), fc.nat(7), fc.nat(3), async (which, place, bit, shift) => {
    const { table, mask } = tables[which]!;
    const snapshot = snapshotOf(type, build);
    const image = snapshot.tables.get(table)!;
    const octet = place % image.length;
    image[octet]! ^= 1 << bit;
    const moved = new Uint8Array(image.length + shift).subarray(shift);
    moved.set(image);
    snapshot.tables.set(table, moved);
    const counts = (mask[octet]! & (1 << bit)) !== 0;
    const packed = concatBytes(new Uint8Array(shift), ...[...build.checks, ...build.writes].map((one) => snapshot.tables.get(one.table)!)).subarray(shift);
    const [found, again] = await compared([snapshot, { ...snapshot, tables: packed }]);
    expect(again).toEqual(found);
    expect(found!.outcome !== "same").toBe(counts);
    if (found?.outcome === "differs") expect(found.changes).toEqual(changes(type.context, image, build.writes.find((one) => one.table === table)!));
  }), { numRuns: 200 });
});

test("[BLD-2] a fleet's builds are worked out once for each type and program", () => {
  const store = new BuildStore();
  for (let meter = 0; meter < 200; meter++) {
    store.build(residential, exampleParameters("aps-et-2-tou"));
    store.build(commercial, exampleParameters(meter % 2 === 0 ? "aps-et-2-tou" : "sce-gs-2-tou-b-single-phase"));
  }
  expect(store.made).toBe(3);
  const small = new BuildStore(1);
  for (const type of [residential, commercial, residential]) small.build(type, exampleParameters("aps-et-2-tou"));
  expect(small.made).toBe(3);
});
