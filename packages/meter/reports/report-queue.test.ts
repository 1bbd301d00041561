import { describe, expect, test } from "vitest";
import type { MeterEvent } from "../events/event-kind.ts";
import { diagnostics } from "../diagnostics/diagnostic-list.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import { DiagnosedMeter } from "../testing/diagnosed-meter.ts";
import { PowerCut, tears, TornMemory } from "../testing/torn-memory.ts";
import { ReportQueue } from "./report-queue.ts";

const eventOf = (id: string): MeterEvent => diagnostics.find((one) => one.id === id)?.event ?? { code: 0, atOnce: 1, most: 1 };
const at = (now: number, detail = 0) => ({ time: now, now, detail });

function queue(memory: MeterMemory = new TornMemory()): ReportQueue {
  return new ReportQueue(memory);
}

test("[I2FR16] safety goes before service before the critical rest, then the older first", () => {
  const reports = queue();
  for (const [index, id] of ["metrology-reference", "data-memory", "tilt", "firmware-update", "cover"].entries()) reports.note(eventOf(id), at(index + 1), index + 1);
  expect(reports.pending.map(({ diagnostic, entry }) => [diagnostic, entry])).toEqual([[16, 3], [15, 5], [2, 2], [4, 4], [9, 1]]);
});

test("what happens again before it is acknowledged is one report with a new id and a higher count, so an acknowledgement under way does not hide it", () => {
  const reports = queue();
  reports.note(eventOf("cover"), at(100), 7);
  const [sent] = reports.pending;
  reports.note(eventOf("cover"), at(160, 3), 0);
  expect(reports.acknowledge(sent?.id ?? 0)).toBe(false);
  expect(reports.pending).toMatchObject([{ count: 2, first: 100, last: 160, detail: 3, entry: 7 }]);
  expect(reports.acknowledge(reports.pending[0]?.id ?? 0)).toBe(true);
  expect(reports.pending).toEqual([]);
  expect(reports.acknowledge(1)).toBe(false);
});

test("listeners are woken at once, again until all is acknowledged, and not any more once they have gone", () => {
  const reports = queue();
  let woken = 0;
  const forget = reports.onReport(() => void (woken += 1));
  reports.remind(0, 60);
  expect(woken).toBe(0);
  reports.note(eventOf("tilt"), at(100), 1);
  expect(woken).toBe(1);
  for (let now = 110; now <= 220; now += 10) reports.remind(now, 60);
  expect(woken).toBe(3);
  reports.acknowledge(reports.pending[0]?.id ?? 0);
  reports.remind(1000, 60);
  expect(woken).toBe(3);
  forget();
  reports.note(eventOf("tilt"), at(2000), 2);
  expect(woken).toBe(3);
});

test("cut at every write, in five ways: a report that was noted stays until it is acknowledged, and none comes back", () => {
  const steps: ((reports: ReportQueue) => void)[] = [
    (reports) => reports.note(eventOf("cover"), at(100), 1),
    (reports) => reports.note(eventOf("data-memory"), at(110), 2),
    (reports) => void reports.acknowledge(reports.pending[0]?.id ?? 0),
    (reports) => reports.note(eventOf("cover"), at(120), 3),
  ];
  const seen = (reports: ReportQueue): number[] => reports.pending.map(({ entry }) => entry);
  const after = [[], [1], [1, 2], [2], [3, 2]];
  for (let cutAt = 0; cutAt < steps.length; cutAt++) {
    for (const [when, tear] of tears) {
      const memory = new TornMemory(cutAt, tear);
      const reports = queue(memory);
      let done = 0;
      try {
        for (const step of steps) {
          step(reports);
          done += 1;
        }
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      expect(done).toBe(cutAt);
      memory.on();
      const again = queue(memory);
      expect(again.damaged).toBe(false);
      expect([after[cutAt], after[cutAt + 1]], `step ${cutAt}, cut ${when}`).toContainEqual(seen(again));
    }
  }
});

describe("over the boundary of tables", () => {
  test("[HEM-1] the communications card reads table 2059 and acknowledges by procedure 2056", () => {
    const meter = new DiagnosedMeter();
    meter.provoke({ kind: "cover-open" });
    meter.provoke({ kind: "tilted", degrees: 30 });
    meter.tick();
    const table = meter.read(2059);
    expect(table["NBR_REPORTS"]).toBe(2);
    const [first, second] = table["REPORTS"] as { readonly REPORT_ID: number; readonly CLASS: number; readonly DIAGNOSTIC: number; readonly LAST: string }[];
    expect([first, second]).toMatchObject([{ CLASS: 1, DIAGNOSTIC: 15, LAST: "2026-07-15T19:00:00" }, { CLASS: 1, DIAGNOSTIC: 16 }]);
    const acknowledge = (id: number): number[] => meter.run(2056, Uint8Array.of(id & 0xff, id >> 8, 0, 0));
    expect(acknowledge(first?.REPORT_ID ?? 0)).toEqual([0]);
    expect(acknowledge(first?.REPORT_ID ?? 0)).toEqual([2]);
    meter.restart();
    expect((meter.read(2059)["REPORTS"] as { readonly DIAGNOSTIC: number }[])[0]).toMatchObject({ DIAGNOSTIC: 16 });
    expect(meter.read(2059)["NBR_REPORTS"]).toBe(1);
  });

  test("a note of a link that is none, and parameters that are too short, are refused", () => {
    const meter = new DiagnosedMeter();
    expect(meter.run(2057, Uint8Array.of(3, 0, 0, 0))).toEqual([2]);
    expect(meter.run(2057, Uint8Array.of(1))).toEqual([2]);
    expect(meter.run(2056, Uint8Array.of(1))).toEqual([2]);
  });
});
