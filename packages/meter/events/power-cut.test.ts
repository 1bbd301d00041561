import { expect, test } from "vitest";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { models } from "../testing/bench.ts";
import { PowerCut, tears, TornMemory } from "../testing/torn-memory.ts";
import { keyOfEntry } from "./event-entry.ts";
import { EntryStore } from "./entry-store.ts";
import { keyOf, meterEvent, type EventKey, type MeterEvent } from "./event-kind.ts";
import { EventLog } from "./event-log.ts";

const model = models["rx-2s"];
const open = (memory: MeterMemory): EventLog => new EventLog(model.context, memory, model.images.get(71));
const day = 86_400;
const start = Date.UTC(2026, 0, 1) / 1000;

/** A busy fortnight: enough of one kind to be summarised and entered again, enough of all to fill segments; reading and acknowledging in between. */
const busy: readonly { readonly event: MeterEvent; readonly now: number }[] = Array.from({ length: 60 }, (_, step) => ({
  event: [meterEvent.listUpdated, meterEvent.powerUp, meterEvent.programmed, meterEvent.listUpdated, meterEvent.wrongPassword][step % 5] ?? meterEvent.powerUp,
  now: start + step * (step < 40 ? 600 : 2 * day),
}));

/** Goes through the fortnight from step `from` until the power is cut; answers the step that was under way, or how many there are. */
function live(log: EventLog, from: number, acknowledged: Map<EventKey, number>): number {
  for (let step = from; step < busy.length; step++) {
    const { event, now } = busy[step] ?? { event: meterEvent.powerUp, now: 0 };
    try {
      log.enterDue(now);
      if (step % 7 === 6) log.markRead(Math.min(3, log.unread));
      log.add(event, { time: now, now });
    } catch (error) {
      if (error instanceof PowerCut) return step;
      throw error;
    }
    acknowledged.set(keyOf(event), (acknowledged.get(keyOf(event)) ?? 0) + 1);
  }
  return busy.length;
}

/** Events by kind: in entries and in summaries. */
function counted(log: EventLog, memory: MeterMemory): Map<EventKey, number> {
  const counts = new Map<EventKey, number>();
  const count = (key: EventKey, events: number): void => void counts.set(key, (counts.get(key) ?? 0) + events);
  for (const { entry } of new EntryStore(memory, 448).newestFirst(1)) count(keyOfEntry(entry), entry.count);
  for (const { entry } of log.summaries) count(keyOfEntry(entry), entry.count);
  return counts;
}

test("[CON-12] cut at every write, in five ways: no event that was acknowledged is lost or counted twice, and the log goes on", () => {
  const clean = new TornMemory();
  expect(live(open(clean), 0, new Map())).toBe(busy.length);
  expect(clean.writes).toBeGreaterThan(busy.length);
  let torn = 0;
  for (let cutAt = 0; cutAt < clean.writes; cutAt++) {
    for (const [when, tear] of tears) {
      const memory = new TornMemory(cutAt, tear);
      const acknowledged = new Map<EventKey, number>();
      const reached = live(open(memory), 0, acknowledged);
      expect(reached).toBeLessThan(busy.length);
      memory.on();
      const after = open(memory);
      expect(after.damaged, `write ${cutAt}, cut ${when}`).toBe(false);
      if (after.torn) torn += 1;
      const underWay = busy[reached] ? keyOf(busy[reached].event) : -1;
      for (const [key, count] of counted(after, memory)) {
        const promised = acknowledged.get(key) ?? 0;
        const possible = key === underWay ? [promised, promised + 1] : [promised];
        expect(possible, `write ${cutAt}, cut ${when}, event ${key}`).toContain(count);
      }
      for (const [key, count] of acknowledged) expect(counted(after, memory).get(key) ?? 0).toBeGreaterThanOrEqual(count);
      // The interrupted step is done again, as its doer knows nothing of it.
      const again = new Map(counted(after, memory));
      expect(live(after, reached, again)).toBe(busy.length);
      expect(counted(open(memory), memory)).toEqual(again);
    }
  }
  // Writes that were cut inside are known as such.
  expect(torn).toBeGreaterThan(clean.writes);
});

test("a segment that cannot be read shows as events of no kind under their numbers; a newest one that cannot be read passes its numbers over", () => {
  const memory = new TornMemory();
  const log = open(memory);
  for (let step = 0; step < 40; step++) log.add({ ...meterEvent.powerUp, atOnce: 100, most: 100 }, { time: start + step, now: start + step });
  memory.write("events/1", Uint8Array.of(1));
  const read = open(memory);
  const table = model.context.decode(76, read.image());
  expect([table.get("NBR_VALID_ENTRIES"), table.get("ENTRIES[16].EVENT_CODE.TBL_PROC_NBR"), table.get("ENTRIES[17].EVENT_CODE.TBL_PROC_NBR")].map(Number)).toEqual([40, 2, 0]);
  expect(table.get("ENTRIES[17].EVENT_SEQ_NBR")).toBe(17);
  memory.write("events/newest.0", Uint8Array.of(1));
  memory.write("events/newest.1", Uint8Array.of(1));
  const lost = open(memory);
  expect(lost.damaged).toBe(true);
  // Two segments were full, the second is damaged too: the next number is past everything that may have been given.
  expect(lost.add(meterEvent.programmed, { time: start, now: start })).toBeGreaterThan(40);
});
