import { downloadEverything, visitSet } from "@metersmith/client";
import type { Bench, BenchMode, Measured } from "../bench.ts";
import { c1222Figures } from "./c1222.ts";
import { MeterOnTheLine } from "./meter-on-the-line.ts";

/** Declared: a common USB probe's 16 ms (its latency timer) each time the line changes direction. Meters' own times come on top in the field. */
const turnaround = 16;
const packetOverhead = 8;
const rates = [9600, 19_200, 38_400, 57_600, 115_200];

/**
 * Milliseconds in which no client could be done: the tables' octets at ten bits each, and two turnarounds, out and back, for each packet that they fill. Packet
 * headers, requests, acknowledgements, logon and logoff do not count: they are what the protocol and this client add.
 */
function leastTime(sizes: readonly number[], packetSize: number, baud: number): number {
  const octets = sizes.reduce((sum, size) => sum + size, 0);
  const packets = sizes.reduce((sum, size) => sum + Math.ceil(size / (packetSize - packetOverhead)), 0);
  return (octets * 10_000) / baud + packets * 2 * turnaround;
}

async function* downloads(): AsyncGenerator<Measured> {
  const meter = new MeterOnTheLine(30, 4);
  for (const baud of rates) {
    const { milliseconds, packetSize, value } = await meter.session({ baud, turnaround }, (client) => downloadEverything(client));
    const limit = leastTime([...value.images.values()].map((image) => image.length), packetSize, baud);
    yield { figure: `psem.simulated.download.30d4ch@${baud}baud`, value: milliseconds, unit: "ms", limit, ratio: limit / milliseconds, bound: "ratio >= 0.9" };
  }
}

/** The visit after the one a week ago, so that what is new since is what a head-end fetches. */
async function visit(): Promise<Measured> {
  const meter = new MeterOnTheLine(8, 2);
  const line = { baud: 9600, turnaround };
  const first = await meter.session(line, (client) => visitSet(client, undefined));
  meter.clock.advance(7 * 86_400_000);
  const { milliseconds } = await meter.session(line, (client) => visitSet(client, first.value.position));
  return { figure: "psem.simulated.visit.7d2ch@9600baud", value: milliseconds, unit: "ms", limit: null, ratio: null, bound: "value <= 10000" };
}

async function* figures(mode: BenchMode): AsyncGenerator<Measured> {
  yield await visit();
  yield* downloads();
  yield* c1222Figures(mode);
}

export const bench: Bench = {
  name: "psem",
  about: `C12.18 over a simulated serial line (${turnaround} ms for each change of direction) against octets ÷ baud; C12.22 against its bare cipher`,
  figures,
};
