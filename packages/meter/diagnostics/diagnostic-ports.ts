import type { TableId } from "@metersmith/tables";
import type { DiagnosticSettings } from "./diagnostic-settings.ts";

/** Octets that may be written and read one by one. */
export interface MemoryCells {
  readonly size: number;
  read(cell: number): number;
  write(cell: number, octet: number): void;
}

/** A stored table against the checksums that were noted when it was written. */
export interface ProgramArea {
  readonly table: TableId;
  readonly whole: boolean;
}

/** What the terminals have, by phase. */
export interface ServiceReading {
  readonly volts: ArrayLike<number>;
  /** Active power, watts; negative where energy is received. */
  readonly watts: number;
  /** Order of the phases: 1 A-B-C, −1 the other way, 0 where there are not three. */
  readonly rotation: -1 | 0 | 1;
}

/** What the diagnostics can see of the meter; each takes the few it needs. */
export interface DiagnosticPorts {
  readonly settings: DiagnosticSettings;
  /** The parts of the program that are stored. */
  readonly programAreas: () => readonly ProgramArea[];
  readonly workingMemory: MemoryCells;
  /** A record was found damaged at power up, or failed to be written, since the standard flags were last cleared. */
  readonly memoryFailed: () => boolean;
  /** Reasons, 0 for none, of the last update that failed, and of the last run of the firmware where it was contained. */
  readonly firmware: () => { readonly updateFailed: number; readonly contained: number };
  /** Undefined where the clock was never set. `correction`: by how much the last setting moved it, undefined for the first; seconds. */
  readonly timeSync: () => { readonly secondsAgo: number; readonly correction: number | undefined } | undefined;
  readonly batteryMillivolts: () => number;
  /** The firmware counts a known load wrong. */
  readonly countsWrong: () => boolean;
  /** What the front end makes of its reference: hundredths of a percent off. */
  readonly referenceDeviation: () => number;
  /** Whole units of the register by which a total and the sum of its tiers differ at most, and of which register; undefined where there are none. */
  readonly registerDifference: () => { readonly units: number; readonly register: number } | undefined;
  /** Undefined where the meter counts pulses. */
  readonly service: () => ServiceReading | undefined;
  readonly housing: () => { readonly coverOpen: boolean; readonly tiltDegrees: number };
  /** Attempts in a row that failed, as the communications card says. */
  readonly links: () => { readonly headEnd: number; readonly homeDevice: number; readonly device: number };
}
