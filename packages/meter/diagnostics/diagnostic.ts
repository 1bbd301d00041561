import type { MeterEvent } from "../events/event-kind.ts";
import type { FailureClass } from "./failure-class.ts";
import type { DiagnosticPorts } from "./diagnostic-ports.ts";

/** What a check found, in the unit of its diagnostic. */
export interface Finding {
  readonly failed: boolean;
  readonly value: number;
  readonly limit: number;
  /** Where: a table, a phase, a cell. 0–65535. */
  readonly detail?: number;
}

/** A flag of ED_STD_STATUS1 in table 3 (facts ST3), without its ending. */
export type StandardFlag =
  | "CONFIGURATION_ERROR" | "SELF_CHK_ERROR" | "RAM_FAILURE" | "ROM_FAILURE" | "NONVOL_MEM_FAILURE" | "CLOCK_ERROR" | "MEASUREMENT_ERROR" | "LOW_BATTERY" | "LOW_LOSS_POTENTIAL" | "TAMPER_DETECT"
  | "REVERSE_ROTATION";

export interface DiagnosticDefinition {
  /** 1–32, for ever: its bit in ED_MFG_STATUS is one less. */
  readonly number: number;
  readonly id: string;
  readonly class: FailureClass;
  /** One of those that are reported at once whatever their class (I2FR1, I2FR17). */
  readonly critical?: true;
  /** Its event: the standard's code where it has one, else the maker's. */
  readonly code: number;
  readonly manufacturer?: true;
  /** Shown in table 3 besides the manufacturer's flag. */
  readonly flag?: StandardFlag;
  /** The standard flag follows what is so now; the others stay until procedure 7 or 8 clears them. */
  readonly followsNow?: true;
  /** At every tick, with the self-test, or with the metrology check. */
  readonly when: "always" | "self-test" | "metrology-check";
  /** Undefined where this meter has nothing of the kind to check. */
  check(ports: DiagnosticPorts): Finding | undefined;
}

export interface Diagnostic extends DiagnosticDefinition {
  readonly event: MeterEvent;
}

/** High classes and critical ones may happen six times in 45 days before they are counted, low ones five. */
export function diagnostic(definition: DiagnosticDefinition): Diagnostic {
  const { number, code, manufacturer, critical } = definition;
  const high = critical === true || definition.class === "safety" || definition.class === "service";
  return {
    ...definition,
    event: {
      code, diagnostic: number, class: definition.class, atOnce: high ? 4 : 2, most: high ? 6 : 5,
      ...(manufacturer ? { manufacturer } : {}), ...(critical ? { critical } : {}),
    },
  };
}
