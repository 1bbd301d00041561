import type { EpochMillis } from "@metersmith/base/clock";
import type { DecodedTable, MaskedImage, TableId } from "@metersmith/tables";

/** Bits of one table, without values: bit 1 = this bit may be changed. As long as the table. */
export interface TableMask {
  readonly table: TableId;
  readonly mask: Uint8Array;
}

/** Which time the meter's clock shows, and so which time its calendar is written in. */
export interface PlannedClock {
  /** `prevailing` moves with daylight saving, `standard` never does, `utc` has no offset. */
  readonly mode: "prevailing" | "standard" | "utc";
  /** IANA zone, for example `America/Phoenix`. */
  readonly zone: string;
  /** Standard time minus UTC, minutes (−1440 to 1440; east positive). */
  readonly offsetMinutes: number;
  /** Whether the zone's prevailing time observes daylight saving at all. */
  readonly dst: boolean;
}

/** What table 55 must show at an instant. `undefined` members are not compared. */
export interface LiveExpectation {
  /** Of energy (the summations), 0–7. */
  readonly tier: number;
  /** Of demands, where the meter switches the two apart. */
  readonly demandTier?: number;
  /** 0–15. */
  readonly season: number;
  /** 0–11; `null` = none is active. */
  readonly specialSchedule?: number | null;
}

/** One program for one meter model and one role: what to hold against the meter, what to write, what may change. */
export interface ProgramPlan {
  readonly deviceType: string;
  readonly program: { readonly id: string; readonly version: number; readonly digest: string };
  /** What must already be so (identity, dimensions). Any difference under a mask refuses the program before anything is written. */
  readonly checks: readonly MaskedImage[];
  /** In the order of writing. The program's identity goes last, so that a half-programmed meter does not claim it. */
  readonly writes: readonly MaskedImage[];
  /** The bits that the role may change. A table that is absent here may not change at all. */
  readonly allowed: readonly TableMask[];
  readonly setClock: boolean;
  readonly clock: PlannedClock;
  /** Reads tier and season for an instant out of what the meter gave back, not out of what was sent. */
  expect(readBack: ReadonlyMap<TableId, DecodedTable>, at: EpochMillis): LiveExpectation;
}
