import type { MeterContext } from "@metersmith/tables";
import { describe, expect, test } from "vitest";
import { isUrgent, meterEvent } from "../events/event-kind.ts";
import { models } from "../testing/bench.ts";
import { DiagnosedMeter } from "../testing/diagnosed-meter.ts";
import { eventsOf } from "../events/every-event.ts";
import { diagnostics } from "./diagnostic-list.ts";
import type { Provocation } from "../provocations/provocation.ts";

interface Scenario {
  readonly id: string;
  readonly requirement: string;
  readonly polyphase?: true;
  readonly begin: (meter: DiagnosedMeter) => void;
  readonly end: (meter: DiagnosedMeter) => void;
  /** Hours until it must have been found: 0 for the next tick, a day for what is tested on schedule. */
  readonly within: number;
  readonly standard: readonly string[];
  /** A power up finds the memory whole again. */
  readonly endsAtRestart?: true;
  readonly code: number;
  readonly manufacturer?: true;
  readonly detail: number;
}

const provoked = (id: string, requirement: string, provocation: Provocation, rest: Omit<Scenario, "id" | "requirement" | "begin" | "end">): Scenario => ({
  id, requirement, ...rest,
  begin: (meter) => meter.provoke(provocation),
  end: (meter) => meter.relieve(provocation.kind),
});

const missed = (link: number, device = 0) => (meter: DiagnosedMeter): void => {
  for (let attempt = 0; attempt < 3; attempt++) meter.run(2057, Uint8Array.of(link, 0, device, 0));
};
const reached = (link: number) => (meter: DiagnosedMeter): void => void meter.run(2057, Uint8Array.of(link, 1, 0, 0));

/** What provokes each diagnostic, and what it must be seen as, written out by hand: standard flags by facts ST3, codes by facts ST76, the maker's by docs/reference/diagnostics.md. */
const scenarios: readonly Scenario[] = [
  provoked("program-checksum", "I2FR5", { kind: "program-bits-flipped", table: 54, offset: 100, mask: 0x04 }, { within: 24, standard: ["SELF_CHK_ERROR"], code: 38, detail: 54 }),
  provoked("data-memory", "I2FR5", { kind: "working-memory-stuck", cell: 17, mask: 0x20 }, { within: 24, standard: ["RAM_FAILURE"], code: 39, detail: 17 }),
  {
    id: "nonvolatile-memory", requirement: "I2FR5", within: 0, endsAtRestart: true, standard: ["NONVOL_MEM_FAILURE"], code: 41, detail: 0,
    begin(meter) {
      meter.provoke({ kind: "memory-worn-out" });
      const session = meter.bench.session("programmer");
      expect(session.writeOffset(6, 0, Uint8Array.of(65))).toBe("err");
      session.logoff();
      // It fails for a moment: the event of it needs memory too.
      meter.relieve("memory-worn-out");
    },
    end: (meter) => void meter.run(7),
  },
  provoked("firmware-update", "I2FR1", { kind: "firmware-update-failed", reason: 4 }, { within: 0, standard: ["ROM_FAILURE"], code: 4, manufacturer: true, detail: 4 }),
  // Octet 0 is the first of the mark that says: a module. Reason 1: it is none.
  provoked("firmware-execution", "I2FR17", { kind: "firmware-damaged", offset: 0, mask: 0xff }, { within: 1, standard: ["MEASUREMENT_ERROR"], code: 3, manufacturer: true, detail: 1 }),
  { id: "time-source", requirement: "I2FR6", within: 36 * 24, standard: ["CLOCK_ERROR"], code: 42, detail: 0, begin: () => {}, end: (meter) => meter.setClock() },
  {
    id: "clock-drift", requirement: "I2FR6", within: 0, standard: [], code: 42, detail: 0,
    begin(meter) {
      meter.provoke({ kind: "oscillator-drift", partsPerMillion: 2000 });
      meter.pass(24);
      // 2,000 parts in a million of a day are 173 s.
      meter.setClock();
    },
    end(meter) {
      meter.relieve("oscillator-drift");
      // The first setting takes back what has drifted since, the next finds nothing to take back.
      meter.setClock();
      meter.setClock();
    },
  },
  provoked("battery", "I2NFR8", { kind: "battery-drained", millivolts: 2800 }, { within: 24, standard: ["LOW_BATTERY"], code: 44, detail: 0 }),
  provoked("metrology-reference", "I2FR17", { kind: "front-end-drift", gain: 1.02 }, { within: 24, standard: ["MEASUREMENT_ERROR"], code: 43, detail: 0 }),
  // The third octet of the first tier's first register, INT32 from octet 22 on: 4,194,304 kWh too many.
  provoked("register-consistency", "I2FR14", { kind: "register-bits-stuck", offset: 24, mask: 0x40, value: 0x40 }, { within: 24, standard: ["MEASUREMENT_ERROR"], code: 43, detail: 0 }),
  provoked("reverse-energy", "I2S7", { kind: "line-reversed" }, { within: 0, standard: ["REVERSE_ROTATION"], code: 48, detail: 0 }),
  provoked("socket-phases", "I2FR2", { kind: "phase-missing", phase: 1 }, { polyphase: true, within: 0, standard: ["LOW_LOSS_POTENTIAL"], code: 45, detail: 0b101 }),
  provoked("socket-voltage", "I2FR2", { kind: "foreign-voltage", factor: 0.5 }, { within: 0, standard: [], code: 5, manufacturer: true, detail: 0 }),
  provoked("socket-rotation", "I2FR2", { kind: "rotation-reversed" }, { polyphase: true, within: 0, standard: [], code: 6, manufacturer: true, detail: 0 }),
  provoked("cover", "I2S7", { kind: "cover-open" }, { within: 0, standard: ["TAMPER_DETECT"], code: 47, detail: 0 }),
  provoked("tilt", "I2S7", { kind: "tilted", degrees: 40 }, { within: 0, standard: ["TAMPER_DETECT"], code: 47, detail: 0 }),
  { id: "home-device", requirement: "I2FR7", within: 0, standard: [], code: 7, manufacturer: true, detail: 12, begin: missed(2, 12), end: reached(2) },
  { id: "head-end", requirement: "I2FR8", within: 0, standard: [], code: 8, manufacturer: true, detail: 0, begin: missed(1), end: reached(1) },
];

/** What `meter` shows beyond what happens to be logged of sessions and clocks. */
const found = (meter: DiagnosedMeter, since: number) => meter.events(since).filter(({ diagnostic }) => diagnostic !== 0);
const endings = (meter: DiagnosedMeter, since: number) => meter.events(since).filter(({ code, manufacturer }) => manufacturer && code === meterEvent.passedAgain.code);

test("there is a scenario for every diagnostic, and no number or id twice", () => {
  expect(scenarios.map(({ id }) => id)).toEqual(diagnostics.map(({ id }) => id));
  expect(diagnostics.map(({ number }) => number)).toEqual(diagnostics.map((_, index) => index + 1));
});

test("tables 72 and 75 of the demonstration types name exactly the events that the meter can log", () => {
  const codes = (context: MeterContext, maker: boolean): number[] => [...new Set(eventsOf(context).filter(({ manufacturer = false }) => manufacturer === maker).map(({ code }) => code))].sort((a, b) => a - b);
  for (const { context, images } of Object.values(models)) {
    const [supported, monitored] = [72, 75].map((table) => context.decode(table, images.get(table) ?? new Uint8Array()));
    for (const [name, maker] of [["STD", false], ["MFG", true]] as const) {
      expect(supported?.get(`${name}_EVENTS_SUPPORTED`)).toEqual(codes(context, maker));
      expect(monitored?.get(`${name}_EVENTS_MONITORED`)).toEqual(codes(context, maker));
    }
  }
});

const isOf = (requirement: string): ReadonlyArray<readonly [string, Scenario]> => scenarios.filter((scenario) => scenario.requirement === requirement).map((scenario) => [scenario.id, scenario]);

describe("[I2FR1] firmware", () => void test.each(isOf("I2FR1"))("%s", walk));
describe("[I2FR2] a wrong socket", () => void test.each(isOf("I2FR2"))("%s", walk));
describe("[I2FR5] program and memory", () => void test.each(isOf("I2FR5"))("%s", walk));
describe("[I2FR6] time", () => void test.each(isOf("I2FR6"))("%s", walk));
describe("[I2FR7] home devices", () => void test.each(isOf("I2FR7"))("%s", walk));
describe("[I2FR8] the way to the head-end", () => void test.each(isOf("I2FR8"))("%s", walk));
describe("[I2FR14] data that contradict themselves", () => void test.each(isOf("I2FR14"))("%s", walk));
describe("[I2FR17] metrology", () => void test.each(isOf("I2FR17"))("%s", walk));
describe("[I2NFR8] the battery", () => void test.each(isOf("I2NFR8"))("%s", walk));
describe("[I2S7] tamper", () => void test.each(isOf("I2S7"))("%s", walk));

/** Seen in tables 3 and 76, at the event port where it is urgent, and nothing else is; held until it is cleared, and clear then. */
function walk(id: string, scenario: Scenario): void {
  const one = diagnostics.find((candidate) => candidate.id === id);
  if (!one) throw new Error(`no diagnostic ${id}`);
  const meter = new DiagnosedMeter({ polyphase: scenario.polyphase ?? false });
  expect(meter.flags()).toEqual({ standard: [], manufacturer: [] });
  expect(meter.bench.meter.reports.pending).toEqual([]);
  const before = meter.sequence;

  scenario.begin(meter);
  meter.tick();
  meter.pass(scenario.within);
  expect(meter.flags()).toEqual({ standard: scenario.standard, manufacturer: [one.number - 1] });
  const event = { code: scenario.code, manufacturer: scenario.manufacturer ?? false, diagnostic: one.number, detail: scenario.detail };
  expect(found(meter, before)).toMatchObject([event]);
  const [entry] = found(meter, before);
  expect(meter.bench.meter.reports.pending).toMatchObject(isUrgent(one.event) ? [{ ...event, class: one.class, count: 1, entry: entry?.number }] : []);

  // Held, through a loss of power too; and a condition that lasts is one event.
  meter.restart();
  meter.pass(25);
  expect(meter.flags()).toEqual({ standard: scenario.standard, manufacturer: [one.number - 1] });
  expect(found(meter, before)).toHaveLength(1);
  expect(endings(meter, before)).toHaveLength(scenario.endsAtRestart ? 1 : 0);

  scenario.end(meter);
  meter.tick();
  meter.pass(24);
  expect(meter.flags().manufacturer).toEqual([one.number - 1]);
  expect(endings(meter, before)).toMatchObject([{ detail: one.number }]);
  expect(meter.run(7)).toEqual([0]);
  expect(meter.run(8)).toEqual([0]);
  meter.pass(25);
  expect(meter.flags()).toEqual({ standard: [], manufacturer: [] });
  expect(found(meter, before)).toHaveLength(1);
}
