import { Failure } from "@metersmith/base/errors";
import type { FieldValue, TableId } from "@metersmith/tables";
import { standardDefinitions } from "@metersmith/tables/standard";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MeterClient } from "../meter-client.ts";
import { general, TableServer } from "../testing/table-server.ts";
import { downloadEverything } from "./download.ts";
import { readReadSoFar, readVisitPosition } from "./position.ts";
import { visitSet } from "./visit-set.ts";

type Tree = { readonly [field: string]: FieldValue };

const numbered = (numbers: readonly number[]): FieldValue => numbers.map((number) => ({ EVENT_TIME: "2026-07-15T12:00:00", EVENT_SEQ_NBR: number, EVENT_CODE: { TBL_PROC_NBR: 2 } }));
const log = (head: Tree, entries: readonly number[]): Tree => ({ EVENT_FLAGS: {}, NBR_UNREAD_ENTRIES: 0, ...head, ENTRIES: numbered(entries) });
const block = (end: string, counts: readonly number[]): FieldValue => ({ BLK_END_TIME: end, LP_INT: counts.map((count) => ({ INT_DATA: [count] })) });

/** A meter with a log of 4 places and a profile of 3 blocks of 2 intervals, honest unless told otherwise. `access`: DATA_ACCESS_METHOD. */
function meter(lies: { status?: Tree; events?: Tree; blocks?: FieldValue } = {}, access = 1): { server: TableServer; client: MeterClient } {
  const values = new Map<TableId, FieldValue>([
    [0, { ...(general([0, 1, 61, 62, 63, 64, 71, 76], access) as Tree), DIM_STD_TBLS_USED: 10 }],
    [1, { MANUFACTURER: "TEST", ED_MODEL: "LIAR", MFG_SERIAL_NUMBER: "1" }],
    [61, { NBR_BLKS_SET1: 3, NBR_BLK_INTS_SET1: 2, NBR_CHNS_SET1: 1, MAX_INT_TIME_SET1: 15 }],
    [62, { LP_SEL_SET1: [{ LP_SOURCE_SELECT: 5 }], INT_FMT_CDE1: 2 }],
    [63, { LP_STATUS_SET1: { NBR_VALID_BLOCKS: 3, LAST_BLOCK_ELEMENT: 1, LAST_BLOCK_SEQ_NBR: 10, NBR_UNREAD_BLOCKS: 0, NBR_VALID_INT: 1, ...lies.status } }],
    [64, { LP_DATA_SET1: lies.blocks ?? [block("2026-07-15T11:30", [3, 4]), block("2026-07-15T11:45", [5]), block("2026-07-15T11:00", [1, 2])] }],
    [71, { EVENT_DATA_LENGTH: 1, NBR_EVENT_ENTRIES: 4 }],
    [76, lies.events ?? log({ NBR_VALID_ENTRIES: 3, LAST_ENTRY_ELEMENT: 0, LAST_ENTRY_SEQ_NBR: 70_000 }, [70_000 & 0xffff, 0, 69_998 & 0xffff, 69_999 & 0xffff])],
  ]);
  const server = new TableServer(values);
  return { server, client: new MeterClient(server, standardDefinitions) };
}

const name = "TEST LIAR 1";

describe("lists by hand", () => {
  test.each([1, 0])("a ring is read oldest first, blocks and events in the order of their numbers (access method %i)", async (access) => {
    const { position, events, profile } = await visitSet(meter({}, access).client, undefined);
    expect(events?.events.map(({ number, name: called }) => [number, called])).toEqual([[69_998, "power up"], [69_999, "power up"], [70_000, "power up"]]);
    expect(profile[0]).toMatchObject({ set: 1, intervalMinutes: 15, channels: [{ source: 5, scalar: 1, divisor: 1 }], lost: 0 });
    expect(profile[0]?.blocks.map(({ number, finished, intervals }) => [number, finished, intervals.map(({ ends, counts }) => [ends, ...counts])])).toEqual([
      [8, true, [["2026-07-15T10:45:00", 1], ["2026-07-15T11:00:00", 2]]],
      [9, true, [["2026-07-15T11:15:00", 3], ["2026-07-15T11:30:00", 4]]],
      [10, false, [["2026-07-15T11:45:00", 5]]],
    ]);
    expect(position).toEqual({ meter: name, events: 70_000, profile: { 1: { block: 10, intervals: 1 } } });
  });

  test("a list kept newest first is read the same", async () => {
    const events = log({ EVENT_FLAGS: { ORDER: true }, NBR_VALID_ENTRIES: 3, LAST_ENTRY_ELEMENT: 3, LAST_ENTRY_SEQ_NBR: 7 }, [6, 5, 0, 7]);
    const visit = await visitSet(meter({ events }).client, undefined);
    expect(visit.events?.events.map(({ number }) => number)).toEqual([5, 6, 7]);
  });

  test("of what was read before, only the octets that are new are asked for", async () => {
    const { server, client } = meter();
    await client.context();
    server.calls.length = 0;
    const { profile, events } = await visitSet(client, { meter: name, events: 69_999, profile: { 1: { block: 9, intervals: 1 } } });
    // A head of 11 octets, an entry of 13; a block of 5 + 2 × 2 octets: the head and second interval of block 9, the head and only interval of block 10.
    expect(server.calls.filter((call) => / (64|76) /.test(call))).toEqual(["read 76 from 0, 11", "read 76 from 11, 13", "read 64 from 0, 5", "read 64 from 7, 2", "read 64 from 9, 7"]);
    expect(profile[0]?.blocks.flatMap(({ intervals }) => intervals.flatMap(({ counts }) => counts))).toEqual([4, 5]);
    expect(events?.events).toHaveLength(1);
  });

  test("with nothing new, nothing of the lists is read but what they say of themselves", async () => {
    const { server, client } = meter();
    const { position } = await visitSet(client, undefined);
    server.calls.length = 0;
    const again = await visitSet(client, position);
    expect(server.calls.filter((call) => / (64|76) /.test(call))).toEqual(["read 76 from 0, 11"]);
    expect([again.profile[0]?.blocks, again.events?.events, again.position]).toEqual([[], [], position]);
  });
});

describe("a meter that lies about its lists is told so, before what follows from the lie is asked of it", () => {
  test.each<[string, Parameters<typeof meter>[0], string, string]>([
    ["more blocks than places", { status: { NBR_VALID_BLOCKS: 4 } }, "list-contradiction", "LP_STATUS_SET1.NBR_VALID_BLOCKS"],
    ["a newest block beyond the table", { status: { LAST_BLOCK_ELEMENT: 3 } }, "list-contradiction", "LP_STATUS_SET1.LAST_BLOCK_ELEMENT"],
    ["more unread than valid blocks", { status: { NBR_UNREAD_BLOCKS: 4 } }, "list-contradiction", "LP_STATUS_SET1.NBR_UNREAD_BLOCKS"],
    ["more intervals than a block has", { status: { NBR_VALID_INT: 3 } }, "list-contradiction", "LP_STATUS_SET1.NBR_VALID_INT"],
    ["more blocks than there ever were", { status: { LAST_BLOCK_SEQ_NBR: 1 } }, "list-contradiction", "LP_STATUS_SET1.LAST_BLOCK_SEQ_NBR"],
    ["intervals newest first", { status: { LP_SET_STATUS_FLAGS: { INTERVAL_ORDER: true } } }, "unsupported-list", "INTERVAL_ORDER"],
    ["65535 events in four places", { events: log({ NBR_VALID_ENTRIES: 65_535, LAST_ENTRY_SEQ_NBR: 70_000 }, []) }, "list-contradiction", "NBR_VALID_ENTRIES"],
    ["a newest event beyond the table", { events: log({ NBR_VALID_ENTRIES: 1, LAST_ENTRY_ELEMENT: 4, LAST_ENTRY_SEQ_NBR: 5 }, []) }, "list-contradiction", "LAST_ENTRY_ELEMENT"],
    ["entries that are not the ones the head counts", { events: log({ NBR_VALID_ENTRIES: 2, LAST_ENTRY_ELEMENT: 1, LAST_ENTRY_SEQ_NBR: 5 }, [4, 9]) }, "list-contradiction", "EVENT_SEQ_NBR"],
  ])("%s", async (_, lies, code, where) => {
    const { server, client } = meter(lies);
    await expect(visitSet(client, undefined)).rejects.toMatchObject({ code, kind: "peer-data", message: expect.stringContaining(where) as unknown });
    expect(server.calls.length).toBeLessThan(15);
  });

  test.each<[string, Parameters<typeof readVisitPosition>[0]]>([
    ["events", { meter: name, events: 70_001 }],
    ["blocks", { meter: name, profile: { 1: { block: 11, intervals: 0 } } }],
    ["intervals", { meter: name, profile: { 1: { block: 10, intervals: 2 } } }],
  ])("numbers of %s that run backwards", async (_, since) => {
    await expect(visitSet(meter().client, readVisitPosition(since))).rejects.toMatchObject({ code: "sequence-backwards", kind: "peer-data" });
  });

  test("a profile that never stands still", async () => {
    const { server, client } = meter();
    await client.context();
    const read = server.readOffset.bind(server);
    server.readOffset = async (table, offset, count) => {
      const status = server.tables.get(63);
      // Block number u32 at 5: another block is finished with each read of the data.
      if (table === 64 && status) status[5] = (status[5] ?? 0) + 1;
      return read(table, offset, count);
    };
    server.calls.length = 0;
    await expect(visitSet(client, undefined)).rejects.toMatchObject({ code: "list-moving" });
    expect(server.calls.length).toBeLessThan(40);
  });

  test("a log that never stands still", async () => {
    const { server, client } = meter();
    await client.context();
    const read = server.readOffset.bind(server);
    server.readOffset = async (table, offset, count) => {
      const events = server.tables.get(76);
      // Another event for each read of entries: number u32 at 5, and of each entry u16 at 6 of its 13 octets.
      if (table === 76 && events && offset > 0) for (const at of [5, 17, 30, 43, 56]) events[at] = (events[at] ?? 0) + 1;
      return read(table, offset, count);
    };
    await expect(visitSet(client, undefined)).rejects.toMatchObject({ code: "list-moving" });
  });

  test("any octets in any of these tables: read, or refused by a failure of ours, in a bounded number of requests", async () => {
    const table = fc.constantFrom(1, 61, 62, 63, 64, 71, 76);
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ table, offset: fc.nat(70), octet: fc.integer({ min: 0, max: 255 }) }), { maxLength: 6 }), fc.constantFrom(0, 1), async (changes, access) => {
      const { server, client } = meter({}, access);
      server.largestRead = 60_000;
      for (const { table: number, offset, octet } of changes) {
        const image = server.tables.get(number);
        if (image && offset < image.length) image[offset] = octet;
      }
      for (const read of [() => visitSet(client, undefined), () => downloadEverything(client)]) {
        const error: unknown = await read().then(() => undefined, (reason: unknown) => reason);
        expect(error === undefined || error instanceof Failure).toBe(true);
      }
      expect(server.calls.length).toBeLessThan(120);
    }), { numRuns: 400 });
  });
});

describe("positions are data of a stranger", () => {
  test("a position of another meter is refused", async () => {
    await expect(visitSet(meter().client, { meter: "TEST OTHER 1" })).rejects.toMatchObject({ code: "other-meter", kind: "misuse" });
    await expect(visitSet(meter().client, undefined, { from: { meter: "TEST OTHER 1", tables: {}, blocks: {} } })).rejects.toMatchObject({ code: "other-meter" });
  });

  test("any JSON is a position or `bad-position`, with its field", () => {
    for (const [value, field] of [[null, "a position"], [{ meter: 1 }, "meter"], [{ meter: "", events: -1 }, "events"], [{ meter: "", profile: { 5: {} } }, "profile.5"], [{ meter: "", profile: { 1: { block: 1 } } }, "profile.1.intervals"]] as const) {
      expect(() => readVisitPosition(value)).toThrow(expect.objectContaining({ code: "bad-position", context: expect.objectContaining({ field }) as unknown }) as Error);
    }
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      for (const read of [readVisitPosition, readReadSoFar]) {
        try {
          read(value);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-position" });
        }
      }
    }));
  });

  test("octets gathered before that do not fit this meter are refused or read again, never decoded as something else", async () => {
    const { client } = meter();
    const { tables } = await visitSet(client, undefined, { from: { meter: name, tables: { 1: "00" }, blocks: {} } });
    expect(tables.get(1)?.bytes).toHaveLength(32);
    const { profile } = await visitSet(client, undefined, { from: { meter: name, tables: {}, blocks: { "1/9": "00ff" } } });
    expect(profile[0]?.blocks[1]?.intervals.map(({ counts }) => counts[0])).toEqual([3, 4]);
  });
});
