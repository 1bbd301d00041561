import { quiet } from "@metersmith/base/until-settled";
import { acknowledge, downloadEverything, readReadSoFar, readVisitPosition, visitSet, type MeterClient, type ReadingOptions, type ReadSoFar, type Visit, type VisitPosition } from "@metersmith/client";
import { beforeAll, describe, expect, test } from "vitest";
import { cutAt, MeterInMemory, planOf, programmer } from "./testing/meter-in-memory.ts";

const hour = 3_600_000;
const day = 24 * hour;
const plans = { "rx-2s": planOf("rx-2s", "aps-et-2-tou"), "ix-4s": planOf("ix-4s", "sce-gs-2-tou-b-single-phase") } as const;

async function programmed(id: keyof typeof plans = "rx-2s"): Promise<MeterInMemory> {
  const meter = new MeterInMemory(id);
  expect(await meter.program(plans[id])).toMatchObject({ outcome: "verified" });
  return meter;
}

async function inSession<Value>(meter: MeterInMemory, use: (client: MeterClient) => Promise<Value>, client = meter.connect()): Promise<Value> {
  await client.connect({ user: "head-end", userId: 9, password: programmer });
  const value = await use(client);
  await client.disconnect();
  return value;
}

const visit = (meter: MeterInMemory, since?: VisitPosition, options: ReadingOptions = {}): Promise<Visit> => inSession(meter, (client) => visitSet(client, since, options));
/** As it comes back from a file. */
const kept = (position: VisitPosition): VisitPosition => readVisitPosition(JSON.parse(JSON.stringify(position)));

/** Every interval with its end and counts, in the order read. */
function intervalsOf({ profile }: Visit): string[] {
  return profile.flatMap(({ blocks }) => blocks.flatMap(({ intervals }) => intervals.map(({ ends, counts, status }) => `${ends ?? "?"} ${counts.join(",")} ${status.join(",")}`)));
}

describe.each(["rx-2s", "ix-4s"] as const)("[MFG-8] a visit to %s", (id) => {
  let meter: MeterInMemory;
  let first: Visit;
  beforeAll(async () => {
    meter = await programmed(id);
    meter.clock.advance(3 * day + 7 * hour);
    first = await visit(meter);
  });

  test("brings identity, status, registers, previous reset, events and profile, decoded", () => {
    expect([...first.tables.keys()]).toEqual([1, 5, 3, 52, 55, 23, 25]);
    expect(first.meter).toBe(`MSMT ${id.toUpperCase()} TEST0001`);
    expect(first.events?.events.map(({ name, user }) => [name, user])).toEqual([
      ["power up", 0], ["time changed, old time", 7], ["time changed, new time", 7], ["device programmed", 7],
    ]);
    const [profile] = first.profile;
    expect(profile).toMatchObject({ set: 1, intervalMinutes: 15, channels: [{ source: 0, scalar: 1000, divisor: 1 }, { source: 1, scalar: 1000, divisor: 1 }] });
    // 2026-07-15 15:30 in Phoenix or Los Angeles, and 79 hours.
    expect(profile?.blocks.at(-1)?.ends.slice(0, 16)).toBe("2026-07-18T22:30");
  });

  test("what the profile says was drawn is what the register says", () => {
    const energy = Number(first.tables.get(23)?.get("TOT_DATA_BLOCK.SUMMATIONS[0]"));
    const counts = first.profile.flatMap(({ blocks }) => blocks.flatMap(({ intervals }) => intervals.map(({ counts }) => counts[0] ?? 0)));
    expect(counts.reduce((sum, count) => sum + count, 0) / 1000 - energy).toBeGreaterThanOrEqual(0);
    expect(counts.reduce((sum, count) => sum + count, 0) / 1000 - energy).toBeLessThan(1.01);
    expect(first.profile[0]?.blocks.at(-1)?.readings[0]).toBe(energy);
  });

  test("visits that follow on each other bring each interval and each event once, as one visit at the end does", async () => {
    let { position } = first;
    const [intervals, events] = [intervalsOf(first), [...(first.events?.events ?? [])]];
    for (const wait of [hour, 0, 5 * 60_000, 10 * 60_000, 16 * hour + 15 * 60_000, 24 * hour, 3 * day]) {
      meter.clock.advance(wait);
      const next = await visit(meter, kept(position));
      ({ position } = next);
      intervals.push(...intervalsOf(next));
      events.push(...(next.events?.events ?? []));
      expect(next.profile[0]?.lost).toBe(0);
    }
    const whole = await visit(meter);
    expect(intervals).toEqual(intervalsOf(whole));
    expect(new Set(intervals.map((one) => one.slice(0, 19))).size).toBe(intervals.length);
    expect(events).toEqual(whole.events?.events);
  });
});

test("a meter that has recorded nothing yet has lost nothing at the next visit", async () => {
  const meter = new MeterInMemory("rx-2s");
  const { position } = await visit(meter);
  meter.clock.advance(hour);
  const next = await visit(meter, kept(position));
  expect(next.profile[0]?.lost).toBe(0);
  expect(intervalsOf(next)).toHaveLength(4);
});

test("what an interrupted visit had gathered is not lost when the ring drops it before the visit goes on", async () => {
  const meter = await programmed();
  meter.clock.advance(5 * day + hour);
  const before = await visit(meter);
  let soFar: ReadSoFar | undefined;
  await visit(meter, undefined, { onProgress: (progress) => ({ soFar } = progress) });
  meter.clock.advance(14 * day);
  for (const since of [undefined, { meter: before.meter, profile: { 1: { block: 0, intervals: 96 } } }]) {
    const { profile } = await visit(meter, since, soFar ? { from: soFar } : {});
    const numbers = profile[0]?.blocks.map(({ number }) => number) ?? [];
    expect(numbers).toEqual(numbers.map((_, index) => 1 + index));
    expect(profile[0]?.lost).toBe(0);
  }
});

test("what the ring dropped before it was read is counted, not made up", async () => {
  const meter = await programmed();
  meter.clock.advance(day + hour);
  const { position } = await visit(meter);
  meter.clock.advance(20 * day);
  const late = await visit(meter, position);
  const [profile] = late.profile;
  const numbers = profile?.blocks.map(({ number }) => number) ?? [];
  expect(numbers).toHaveLength(16);
  expect(profile?.lost).toBe((numbers[0] ?? 0) - (position.profile?.["1"]?.block ?? 0));
});

describe("an interruption", () => {
  test("at every packet and acknowledgement, and going on from what was gathered: nothing lost, nothing twice, nothing finished read again", async () => {
    const meter = await programmed();
    meter.clock.advance(5 * day + 2 * hour);
    const { position } = await visit(meter);
    meter.clock.advance(2 * day + 3 * hour);
    const whole = await visit(meter, position);
    let interrupted = 0;
    for (let chunk = 0; ; chunk++) {
      let soFar: ReadSoFar | undefined;
      const onProgress: ReadingOptions["onProgress"] = (progress) => void (soFar = readReadSoFar(JSON.parse(JSON.stringify(progress.soFar))));
      const cut = await inSession(meter, (client) => visitSet(client, position, { onProgress }), meter.connect(cutAt(chunk))).catch((error: unknown) => error);
      const broken = cut instanceof Error;
      if (broken) {
        expect(cut).toMatchObject({ kind: "link" });
        interrupted++;
      }
      const had = Object.keys(soFar?.blocks ?? {}).length;
      const whats: string[] = [];
      const rest = broken ? await visit(meter, position, { ...(soFar ? { from: soFar } : {}), onProgress: ({ what }) => void whats.push(what) }) : (cut as Visit);
      expect(intervalsOf(rest), `cut at chunk ${chunk}`).toEqual(intervalsOf(whole));
      expect(had).toBeLessThanOrEqual(2);
      // The breaks themselves are events; those before them are there once.
      const numbers = rest.events?.events.map(({ number }) => number) ?? [];
      expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
      if (!broken) break;
    }
    expect(interrupted).toBeGreaterThan(40);
  });

  test("by the caller, after any step: rejects with the signal's reason, and the session goes on in step", async () => {
    const meter = await programmed();
    meter.clock.advance(3 * day);
    const whole = await visit(meter);
    let steps = 0;
    await visit(meter, undefined, { onProgress: () => void steps++ });
    for (let stop = 1; stop <= steps; stop++) {
      await inSession(meter, async (client) => {
        const cancel = new AbortController();
        let soFar: ReadSoFar | undefined;
        let done = 0;
        const cancelled = visitSet(client, undefined, {
          signal: cancel.signal,
          onProgress: (progress) => {
            soFar = progress.soFar;
            if (++done === stop) cancel.abort(new Error("enough"));
          },
        });
        await expect(cancelled).rejects.toThrow("enough");
        const rest = await visitSet(client, undefined, soFar ? { from: soFar } : {});
        expect(intervalsOf(rest)).toEqual(intervalsOf(whole));
      });
    }
  });

  test("while the newest block grows, at any point of the visit: its end and its intervals belong together", async () => {
    const meter = await programmed();
    meter.clock.advance(3 * hour);
    const tenth = 100;
    const quarter = 15 * 60_000;
    let grown = 0;
    for (let phase = 1; phase <= 100; phase++) {
      meter.clock.advance(2 * quarter - (meter.clock.now() % quarter) - phase * tenth);
      const client = meter.connect((near, far) => [near, { listen: (listener) => far.listen(listener), close: () => far.close(), write: (bytes) => { meter.clock.advance(tenth); far.write(bytes); } }]);
      const moving = await inSession(meter, (one) => visitSet(one, undefined), client);
      const after = intervalsOf(await visit(meter));
      const seen = intervalsOf(moving);
      expect(after.slice(0, seen.length), `phase ${phase}`).toEqual(seen);
      expect([...seen, ...intervalsOf(await visit(meter, moving.position))]).toEqual(after);
      if (seen.length === after.length) grown++;
    }
    expect(grown).toBeGreaterThan(0);
    expect(grown).toBeLessThan(100);
  });
});

test("[I2NFR7] seven days of two channels, and all else of a visit, fit into ten seconds at 9600 baud", async () => {
  const meter = await programmed();
  meter.clock.advance(2 * hour);
  const { position } = await visit(meter);
  meter.clock.advance(7 * day);
  let octets = 0;
  let turns = 0;
  const client = meter.connect((near, far) => {
    const counted = (channel: typeof near): typeof near => ({
      listen: (listener) => channel.listen(listener),
      close: () => channel.close(),
      write: (bytes) => {
        octets += bytes.length;
        turns += 1;
        channel.write(bytes);
      },
    });
    return [counted(near), counted(far)];
  });
  const found = await inSession(meter, (one) => visitSet(one, position), client);
  expect(intervalsOf(found)).toHaveLength(7 * 96);
  // Ten bits an octet. What is left of the ten seconds is for the turnarounds of the adapter.
  const seconds = (octets * 10) / 9600;
  expect(seconds).toBeLessThan(8);
  expect((10 - seconds) / turns).toBeGreaterThan(0.016);
});

describe("list pointers", () => {
  const unread = (meter: MeterInMemory): Promise<unknown[]> =>
    inSession(meter, async (client) => [await client.readField("63.LP_STATUS_SET1.NBR_UNREAD_BLOCKS"), await client.readField("76.NBR_UNREAD_ENTRIES")]);

  test("no reading moves them; an acknowledgement moves them past what it names and no further, once", async () => {
    const meter = await programmed();
    meter.clock.advance(4 * day + hour);
    const before = await unread(meter);
    const { position } = await visit(meter);
    await inSession(meter, (client) => downloadEverything(client));
    expect(await unread(meter)).toEqual(before);
    meter.clock.advance(2 * day);
    meter.restart();
    const stored = await inSession(meter, (client) => acknowledge(client, kept(position)));
    // Before the clock was set, four days and the begun one; the last is not finished. Four events.
    expect(stored).toEqual({ events: 4, blocks: { 1: 5 } });
    expect(await inSession(meter, (client) => acknowledge(client, position))).toEqual({ events: 0, blocks: { 1: 0 } });
    const [blocks, events] = await unread(meter);
    const { valid } = await statusOf(meter);
    // The power up, and two events that say that pointers moved.
    expect([blocks, events]).toEqual([valid - 5, 3]);
  });

  test("an acknowledgement of another meter, or of entries that are not there, moves nothing", async () => {
    const meter = await programmed();
    meter.clock.advance(4 * day);
    const before = await unread(meter);
    const { position } = await visit(meter);
    await expect(inSession(meter, (client) => acknowledge(client, { ...position, meter: "MSMT RX-2S OTHER" }))).rejects.toMatchObject({ code: "other-meter" });
    await expect(inSession(meter, (client) => acknowledge(client, { meter: position.meter, events: 99 }))).rejects.toMatchObject({ code: "sequence-backwards" });
    await expect(inSession(meter, (client) => acknowledge(client, { ...position, profile: { 1: { block: 99, intervals: 0 } } }))).rejects.toMatchObject({ code: "sequence-backwards" });
    expect(await unread(meter)).toEqual(before);
  });
});

async function statusOf(meter: MeterInMemory): Promise<{ valid: number }> {
  return { valid: Number(await inSession(meter, (client) => client.readField("63.LP_STATUS_SET1.NBR_VALID_BLOCKS"))) };
}

describe("a whole download", () => {
  test("gives every table that the meter lists as a plain reading gives it, and names those it refused", async () => {
    const meter = await programmed();
    meter.clock.advance(3 * day);
    const { images, refused } = await inSession(meter, (client) => downloadEverything(client));
    // Passwords, and the buffer for images that nobody reads.
    expect(refused).toMatchObject([{ table: 42, code: "isc" }, { table: 2061, code: "isc" }]);
    const context = await meter.context();
    // With the maker's, which the client knows no definition of.
    const numbers = new Set([...context.definitions.tables.keys(), ...Array.from({ length: 16 }, (_, number) => 2048 + number)]);
    const listed = [...numbers].filter((table) => context.has(table) && ![7, 8, 42, 2061].includes(table));
    expect([...images.keys()].sort((a, b) => a - b)).toEqual(listed.sort((a, b) => a - b));
    await inSession(meter, async (client) => {
      for (const table of listed) expect(images.get(table), `table ${table}`).toEqual(await client.readImage(table));
    });
  });

  test("tells how far it is, and goes on after a break with what is missing", async () => {
    const meter = await programmed();
    meter.clock.advance(6 * day);
    const whole = await inSession(meter, (client) => downloadEverything(client));
    for (const chunk of [30, 60, 90, 120, 150]) {
      const seen: { done: number; total: number }[] = [];
      let soFar: ReadSoFar | undefined;
      const cut = inSession(meter, (client) => downloadEverything(client, { onProgress: (at) => { seen.push(at); ({ soFar } = at); } }), meter.connect(cutAt(chunk)));
      await expect(cut).rejects.toMatchObject({ kind: "link" });
      await quiet();
      expect(seen.every(({ done, total }) => done <= total)).toBe(true);
      const again: string[] = [];
      const rest = await inSession(meter, (client) => downloadEverything(client, { ...(soFar ? { from: soFar } : {}), onProgress: ({ what }) => void again.push(what) }));
      // The clock goes on, and the session that broke off is an event.
      for (const [table, image] of whole.images) if (![52, 55, 76, 2058].includes(table)) expect(rest.images.get(table), `table ${table} after chunk ${chunk}`).toEqual(image);
    }
  });
});
