import type { FieldValue } from "@metersmith/tables";
import { DiagnosedMeter } from "./diagnosed-meter.ts";

/** IEEE very inverse from 110 A, dial 8: 129.4 s at 165 A. One shot to be counted, dead time half a second. Limit 60 A. In thousandths, as the table has them. */
const setting: { readonly [field: string]: FieldValue } = {
  ELEMENTS: [{ CURVE: 2, RESET: 1, PICKUP: 110_000, DIAL: 8000, HELD: 0 }, { CURVE: 0 }, { CURVE: 0 }],
  SECTIONALIZING: { SHOTS: 1, ACTUATING_CURRENT: 220_000, SENSING_TIME: 10, WINDOW: 100, CONFIRMING_TIME: 50, DEAD_TIME: 500, RESET_TIME: 30_000, INRUSH_FACTOR: 8000, INRUSH_TIME: 1000 },
  LOAD_LIMIT: { LIMIT: 60_000, EXCESS_TIME: 300_000, GRACE_TIME: 120_000, RELEASE_TIME: 60_000 },
  CONDITIONS: [
    { CONDITION: 1, ACTION: 2, THRESHOLD: 264_000, RELEASE: 256_000, PERSISTENCE: 2000 },
    { CONDITION: 2, ACTION: 0, THRESHOLD: 208_000, RELEASE: 216_000, PERSISTENCE: 10_000 },
    { CONDITION: 3, ACTION: 2, THRESHOLD: 90_000, RELEASE: 70_000, PERSISTENCE: 5000 },
    { CONDITION: 0 },
  ],
  // Command, overcurrent, fault, load limit, high voltage, low voltage, high temperature.
  RECLOSING: [{}, { BY: 1, AFTER: 60_000, ATTEMPTS: 2 }, {}, { BY: 2, AFTER: 300_000, ATTEMPTS: 3 }, { BY: 2, AFTER: 30_000, ATTEMPTS: 5 }, {}, {}],
  SETTLED_TIME: 3_600_000,
};

const order = { open: 1, close: 2, arm: 3 } as const;

/** A residential meter (12.7 A) with a service switch whose protection is set, seen as a client and a customer see it. */
export class ProtectedMeter extends DiagnosedMeter {
  constructor(changes: { readonly [field: string]: FieldValue } = {}) {
    super();
    this.set(changes);
    this.seconds(60);
  }

  set(changes: { readonly [field: string]: FieldValue }): void {
    const tree = { ...setting, ...changes };
    this.write(2065, ...Object.entries(tree).flat());
  }

  /** Time passes, and the meter is asked to look. */
  seconds(seconds: number): void {
    this.bench.clock.advance(seconds * 1000);
    this.tick();
  }

  /** So many seconds from now. */
  in(seconds: number): number {
    return this.bench.clock.now() / 1000 + seconds;
  }

  order(what: keyof typeof order): number[] {
    return this.run(2064, Uint8Array.of(order[what]));
  }

  get status(): { readonly [field: string]: FieldValue } {
    return this.read(2066);
  }

  /** The maker's events of the switch after entry `since`, as code and detail. */
  switchEvents(since = 0): string[] {
    return this.events(since).filter(({ code, manufacturer }) => manufacturer && code >= 16 && code < 30).map(({ code, detail }) => `${code}:${detail}`);
  }

  /** Delivered kWh of table 23, all tiers. */
  get delivered(): number {
    const total = this.read(23)["TOT_DATA_BLOCK"] as { readonly [field: string]: FieldValue };
    return Number((total["SUMMATIONS"] as readonly FieldValue[])[0]);
  }
}
