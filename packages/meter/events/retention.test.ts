import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryInRam } from "../memory/meter-memory.ts";
import { models } from "../testing/bench.ts";
import { keptSeconds, nextEntryAt } from "./entry-budget.ts";
import { keyOfEntry, type EventEntry } from "./event-entry.ts";
import { keyOf, type EventKey } from "./event-kind.ts";
import { everyEvent as kinds, logPlacesNeededBy } from "./every-event.ts";
import { EventLog } from "./event-log.ts";

const model = models["rx-2s"];
const day = 86_400;
const places = 448;

const logOver = (memory = memoryInRam()): EventLog => new EventLog(model.context, memory, model.images.get(71));

interface Seen {
  readonly number: number;
  readonly entry: Partial<EventEntry> & Pick<EventEntry, "code" | "manufacturer" | "diagnostic">;
}

/** The valid entries of table 76 as a client decodes them, oldest first. */
function entriesOf(log: EventLog): Seen[] {
  const table = model.context.decode(76, log.image());
  const [valid, last, sequence] = ["NBR_VALID_ENTRIES", "LAST_ENTRY_ELEMENT", "LAST_ENTRY_SEQ_NBR"].map((field) => Number(table.get(field)));
  return Array.from({ length: valid ?? 0 }, (_, index) => {
    const number = (sequence ?? 0) - (valid ?? 0) + 1 + index;
    const place = `ENTRIES[${((last ?? 0) - ((sequence ?? 0) - number) + places) % places}]`;
    expect(table.get(`${place}.EVENT_SEQ_NBR`)).toBe(number & 0xffff);
    const argument = Buffer.from(String(table.get(`${place}.EVENT_ARGUMENT`)), "hex");
    return {
      number,
      entry: {
        time: Date.parse(`${String(table.get(`${place}.EVENT_TIME`))}Z`) / 1000,
        code: Number(table.get(`${place}.EVENT_CODE.TBL_PROC_NBR`)), manufacturer: table.get(`${place}.EVENT_CODE.STD_VS_MFG`) === true,
        diagnostic: argument.readUInt8(0), class: argument.readUInt8(1), count: argument.readUInt32BE(4), first: argument.readUInt32BE(8),
      },
    };
  });
}

test("the places of the demonstration types are enough for the budgets of all events", () => {
  for (const { context, images } of Object.values(models)) {
    const dimensions = images.get(71) ?? new Uint8Array();
    expect(logPlacesNeededBy(context)).toBeLessThanOrEqual(Number(context.decode(71, dimensions).get("NBR_EVENT_ENTRIES")));
  }
});

describe("[I2NFR5] 70 days in which every kind of event happens every hour, and every minute for a quarter of an hour of each day", () => {
  const log = logOver();
  const start = Date.UTC(2026, 0, 1) / 1000;
  const happened = new Map<EventKey, number[]>(kinds.map((kind) => [keyOf(kind), []]));
  /** When each entry was first seen, and how it read then. */
  const seen = new Map<number, { readonly at: number; readonly entry: string }>();
  const gone: number[] = [];
  const changed: number[] = [];
  for (let minute = 0; minute < 70 * 1440; minute++) {
    const now = start + minute * 60;
    for (const [index, kind] of kinds.entries()) {
      if (minute % 60 !== index % 60 && minute % 1440 >= 15) continue;
      log.add(kind, { time: now, now });
      happened.get(keyOf(kind))?.push(now);
    }
    if (minute % 720 !== 719) continue;
    log.enterDue(now);
    const there = entriesOf(log);
    const oldest = there[0]?.number ?? 1;
    for (const { number, entry } of there) {
      const before = seen.get(number);
      if (before && before.entry !== JSON.stringify(entry)) changed.push(number);
      if (!before) seen.set(number, { at: now, entry: JSON.stringify(entry) });
    }
    for (const [number, { at }] of seen) if (number < oldest && now - at < keptSeconds) gone.push(number);
  }

  test("no entry leaves before it is 45 days old, and none changes once it is there", () => {
    expect(gone).toEqual([]);
    expect(changed).toEqual([]);
    expect([...seen.keys()]).toEqual(Array.from({ length: log.sequence }, (_, index) => index + 1));
  });

  test.each(kinds.map((kind) => [`${kind.manufacturer ? "the maker's" : "standard"} event ${kind.code}${kind.diagnostic === undefined ? "" : ` of diagnostic ${kind.diagnostic}`}`, kind] as const))("%s: its entries and its summary cover every occurrence once, with the right first, last and count", (_, kind) => {
    const all = happened.get(keyOf(kind)) ?? [];
    const entries = [...seen.values()].map(({ entry }) => JSON.parse(entry) as EventEntry).filter((entry) => keyOfEntry(entry) === keyOf(kind));
    const waiting = log.summaries.map(({ entry }) => entry).filter((entry) => keyOfEntry(entry) === keyOf(kind));
    let at = 0;
    for (const { first, time, count } of [...entries, ...waiting]) {
      expect([first, time]).toEqual([all[at], all[at + count - 1]]);
      at += count;
    }
    expect(at).toBe(all.length);
    // Nobody waits for longer than a third of the time, so a monthly bill has it.
    const days = entries.map(({ time }) => (time - start) / day);
    for (const [index, entered] of days.entries()) if (index > 0) expect(entered - (days[index - 1] ?? 0)).toBeLessThan(35);
  });
});

test("a budget is never exceeded in any 45 days, whenever events come", () => {
  const budgets = fc.record({ atOnce: fc.integer({ min: 1, max: 5 }), more: fc.integer({ min: 0, max: 5 }) });
  fc.assert(fc.property(budgets, fc.array(fc.integer({ min: 0, max: 20 * day }), { minLength: 1, maxLength: 80 }), ({ atOnce, more }, pauses) => {
    const budget = { atOnce, most: atOnce + more };
    const entered: number[] = [];
    let now = 1_000_000_000;
    for (const pause of pauses) {
      now += pause;
      const recent = entered.filter((at) => now - at < keptSeconds).toReversed();
      if (nextEntryAt(budget, recent, now) <= now) entered.push(now);
    }
    for (const at of entered) expect(entered.filter((other) => other >= at && other - at < keptSeconds).length).toBeLessThanOrEqual(budget.most);
  }));
});
