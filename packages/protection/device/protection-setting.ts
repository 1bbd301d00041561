import type { ElementCurve } from "../curves/disk.ts";

/** How a meter protects its circuit. Currents are those of the meter's conductors; times in seconds. */
export interface ProtectionSetting {
  /** Elements that break: any of them that operates asks for opening, up to the switch's rated breaking current. */
  readonly overcurrent: readonly ElementCurve[];
  readonly sectionalize?: SectionalizeSetting;
  readonly limit?: LoadLimit;
  readonly conditions: readonly ServiceCondition[];
  readonly reclose: Readonly<Record<OpeningReason, RecloseRule>>;
  /** Closed for so long without an opening: attempts at reclosing count from zero again. */
  readonly settledSeconds: number;
}

/** Above the breaking current the meter opens without current only: in the dead time of the recloser that interrupted the fault. */
export interface SectionalizeSetting {
  /** Current above which it is a fault. */
  readonly actuatingAmperes: number;
  /** Above it for so long at least. */
  readonly sensingSeconds: number;
  /** From the end of the fault current to the loss of voltage, at most. */
  readonly windowSeconds: number;
  /** Faults followed by lost voltage until it opens. */
  readonly shots: number;
  /** Without voltage and current for so long before the switch is told to open. */
  readonly confirmSeconds: number;
  /** The shortest time that the recloser stays open. Nothing is begun that would not be over by then. */
  readonly deadTimeSeconds: number;
  /** Counts are forgotten after so long with voltage and without fault current: longer than the recloser's reset. */
  readonly resetSeconds: number;
  /** After a loss of voltage that no fault here preceded, the returning current is inrush: the actuating current is so many times higher for so long. */
  readonly inrush: { readonly factor: number; readonly seconds: number };
}

/** The milder action: first asks for less, then disconnects. */
export interface LoadLimit {
  readonly amperes: number;
  /** Above the limit for so long: reduce. */
  readonly seconds: number;
  /** Still above it for so long after reducing: disconnect. */
  readonly graceSeconds: number;
  /** Below it for so long: reducing ends. */
  readonly releaseSeconds: number;
}

export interface ServiceCondition {
  readonly kind: "high-voltage" | "low-voltage" | "high-temperature";
  /** Volts or degrees Celsius; beyond it for `seconds` the condition is there. */
  readonly threshold: number;
  /** On the good side of this it is over. */
  readonly release: number;
  readonly seconds: number;
  readonly action: "report" | "reduce" | "open";
}

export type OpeningReason = "command" | "overcurrent" | "fault" | "load-limit" | "high-voltage" | "low-voltage" | "high-temperature";
export const openingReasons: readonly OpeningReason[] = ["command", "overcurrent", "fault", "load-limit", "high-voltage", "low-voltage", "high-temperature"];

/** Who closes again. The utility always may. */
export interface RecloseRule {
  readonly by: "utility" | "customer" | "meter";
  /** Not before so long after opening and, for the meter itself, after the condition has gone. */
  readonly afterSeconds: number;
  /** Closings by customer or meter until the utility has to look. */
  readonly attempts: number;
}

export const utilityOnly: RecloseRule = { by: "utility", afterSeconds: 0, attempts: 0 };
