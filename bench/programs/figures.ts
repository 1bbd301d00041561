import { readdirSync, readFileSync } from "node:fs";
import { buildProgram, BuildStore, compareMeters, comparisonOf, compiledComparison, importTariff, parametersFrom, readDeviceType, type CompiledComparison, type DeviceType, type MeterSnapshot, type Parameters } from "@metersmith/programs";
import { merge } from "@metersmith/tables";
import type { Bench, BenchMode, Measured } from "../bench.ts";

const top = new URL("../../", import.meta.url);
const snapshotOctets = 4096;
/** Distinct snapshots that are given again and again: 32 MiB, more than caches hold. */
const distinct = 8192;
/** One snapshot in so many has a bit that the program would change. */
const oneDiffersIn = 100;

function deviceType(id: string): DeviceType {
  const folder = new URL(`device-types/${id}/`, top);
  return readDeviceType(new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), "utf8")])));
}

function parameters(rate: string, version = 1): Parameters {
  const json = (name: string): unknown => JSON.parse(readFileSync(new URL(`examples/tariffs/${name}.json`, top), "utf8"));
  return parametersFrom(importTariff(json(rate), `${rate}.json`), json(`${rate}.answers`), { version });
}

/** A program for ix-4s; a table that counts whole fills it up to 4 KiB, so that every octet of a snapshot is compared. */
function comparison(type: DeviceType): CompiledComparison {
  const compiled = compiledComparison(buildProgram(type, parameters("sce-gs-2-tou-b-single-phase")), type, "head-end");
  const octets = snapshotOctets - compiled.tables.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const bytes = new Uint8Array(octets);
  const words = new Int32Array(octets / 4 + 1);
  return comparisonOf({
    ...compiled,
    tables: [...compiled.tables, { table: 64, role: "written", bytes, mask: bytes.slice().fill(0xff), forbidden: bytes, rule: "", wantedWords: words, maskWords: words.slice().fill(-1) }],
  });
}

/** Snapshots that lie one behind another in memory, as read from a file; every `oneDiffersIn`th has another bit in table 54. */
function snapshots({ deviceType: type, tables, packed }: CompiledComparison): Uint8Array {
  const calendar = tables.slice(0, tables.findIndex(({ table }) => table === 54)).reduce((sum, { bytes }) => sum + bytes.length, 0);
  let at = 0;
  const one = packed.bytes.slice();
  for (const { table, bytes, mask } of tables) {
    const factory = type.factoryImages.get(table);
    if (factory?.length === bytes.length) one.set(merge(factory, { table, bytes, mask }), at);
    at += bytes.length;
  }
  const memory = new Uint8Array(distinct * snapshotOctets);
  for (let meter = 0; meter < distinct; meter++) {
    memory.set(one, meter * snapshotOctets);
    const place = meter * snapshotOctets + calendar + 280 + (Math.floor(meter / oneDiffersIn) % 16);
    if (meter % oneDiffersIn === 0) memory.set([(memory[place] ?? 0) ^ 1], place);
  }
  return memory;
}

async function* comparing(mode: BenchMode): AsyncGenerator<Measured> {
  const count = mode === "quick" ? 20_000 : 100_000;
  const compiled = comparison(deviceType("ix-4s"));
  const memory = snapshots(compiled);
  const other = new Int32Array(snapshotOctets / 4).fill(0x5aa5);
  const peer = (): number => {
    let difference = 0;
    for (let meter = 0; meter < count; meter++) {
      const words = new Int32Array(memory.buffer, (meter % distinct) * snapshotOctets, snapshotOctets / 4);
      for (let at = 0; at < words.length; at++) difference |= (words[at] ?? 0) ^ (other[at] ?? 0);
    }
    return difference;
  };
  const ours = async (): Promise<number> => {
    function* stream(): Generator<MeterSnapshot> {
      for (let meter = 0; meter < count; meter++) {
        const at = (meter % distinct) * snapshotOctets;
        yield { meter: "", deviceType: compiled.deviceType.id, tables: memory.subarray(at, at + snapshotOctets) };
      }
    }
    let differing = 0;
    for await (const { outcome } of compareMeters(stream(), [compiled])) if (outcome !== "same") differing++;
    return differing;
  };
  const expected = Array.from({ length: count }, (_, meter) => meter % distinct).filter((meter) => meter % oneDiffersIn === 0).length;
  const rounds: { readonly ours: number; readonly peer: number }[] = [];
  for (let round = 0; round < (mode === "quick" ? 5 : 9); round++) {
    const [ourMillis, peerMillis] = round % 2 === 0 ? [await timed(ours, expected), await timed(peer)] : await timedTheOtherWay(ours, expected, peer);
    if (round > 0) rounds.push({ ours: ourMillis, peer: peerMillis });
  }
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  const rate = (millis: number): number => (count * snapshotOctets) / 1e3 / millis;
  const figure = `programs.compare@${count}x4KiB`;
  yield { figure, value: rate(median(rounds.map((one) => one.ours))), unit: "MB/s", limit: rate(median(rounds.map((one) => one.peer))), ratio: median(rounds.map((one) => one.peer / one.ours)), bound: "ratio >= 0.3" };
  yield { figure: `programs.compare.rss@${count}x4KiB`, value: process.resourceUsage().maxRSS / 1024, unit: "MiB", limit: null, ratio: null, bound: "value <= 300" };
}

async function timed(work: () => number | Promise<number>, expected?: number): Promise<number> {
  const start = performance.now();
  const result = await work();
  const millis = performance.now() - start;
  if (expected !== undefined && result !== expected) throw new Error(`${result} of the snapshots differ, not ${expected}`);
  return millis;
}

async function timedTheOtherWay(ours: () => Promise<number>, expected: number, peer: () => number): Promise<[number, number]> {
  const peerMillis = await timed(peer);
  return [await timed(ours, expected), peerMillis];
}

function* building(mode: BenchMode): Generator<Measured> {
  const commercial = deviceType("ix-4s");
  const types = [deviceType("rx-2s"), commercial, deviceType("px-9s")];
  const program = parameters("sce-gs-2-tou-b-single-phase");
  const times: number[] = [];
  for (let round = 0; round < (mode === "quick" ? 20 : 60); round++) {
    // This thread's own time: what others do on the machine is no part of a build.
    const start = process.threadCpuUsage();
    buildProgram(commercial, program);
    const { user, system } = process.threadCpuUsage(start);
    times.push((user + system) / 1000);
  }
  yield { figure: "programs.build", value: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN, unit: "ms", limit: null, ratio: null, bound: "value <= 20" };

  const builds = mode === "quick" ? 2000 : 10_000;
  const programs = ["aps-et-2-tou", "aps-r-2-tou-demand", "jea-rs-flat"].flatMap((rate) => [parameters(rate, 1), parameters(rate, 2)]);
  const store = new BuildStore();
  const start = performance.now();
  const pairs = programs.flatMap((one) => types.map((type) => ({ type, one })));
  for (let done = 0; done < builds; done += pairs.length) for (const { type, one } of pairs.slice(0, builds - done)) store.build(type, one);
  const millis = performance.now() - start;
  if (store.made !== types.length * programs.length) throw new Error(`${store.made} builds were worked out, not ${types.length * programs.length}`);
  yield { figure: `programs.builds.worked-out@${builds}`, value: store.made, unit: "builds", limit: types.length * programs.length, ratio: (types.length * programs.length) / store.made, bound: "ratio >= 1" };
  yield { figure: `programs.builds.total@${builds}`, value: millis, unit: "ms", limit: null, ratio: null, bound: null };
}

async function* figures(mode: BenchMode): AsyncGenerator<Measured> {
  yield* comparing(mode);
  yield* building(mode);
}

export const bench: Bench = {
  name: "programs",
  about: "comparison of a fleet's tables with a program, under masks, against an XOR of the same octets; builds",
  figures,
};
