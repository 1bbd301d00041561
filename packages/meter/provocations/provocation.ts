import type { TableId } from "@metersmith/tables";

/**
 * Something to happen to a meter or around it on purpose, as data: scenarios name these. Each acts where the real thing would (on the line, a switch, a cell of memory, an
 * oscillator); that something is wrong the meter has to find out by itself.
 */
export type Provocation =
  | { readonly kind: "cover-open" }
  | { readonly kind: "tilted"; readonly degrees: number }
  /** Line and load are exchanged: current flows the other way. */
  | { readonly kind: "line-reversed" }
  /** A clip of the socket gives no voltage. Phases 0–2. */
  | { readonly kind: "phase-missing"; readonly phase: number }
  /** A socket of another service: factor of the voltage. */
  | { readonly kind: "foreign-voltage"; readonly factor: number }
  /** Two phases of a polyphase socket are exchanged. */
  | { readonly kind: "rotation-reversed" }
  /** The measuring front end reads so many times the current. */
  | { readonly kind: "front-end-drift"; readonly gain: number }
  /** Bits of the registers (table 23) that read so whatever is in them. */
  | { readonly kind: "register-bits-stuck"; readonly offset: number; readonly mask: number; readonly value: number }
  /** Bits of a stored table that have changed by themselves, where non-volatile memory keeps it. */
  | { readonly kind: "program-bits-flipped"; readonly table: TableId; readonly offset: number; readonly mask: number }
  /** Non-volatile memory takes no writes. */
  | { readonly kind: "memory-worn-out" }
  /** Bits of a cell of working memory that are stuck at 1. */
  | { readonly kind: "working-memory-stuck"; readonly cell: number; readonly mask: number }
  /** Parts in a million by which the oscillator is fast, or slow where negative. */
  | { readonly kind: "oscillator-drift"; readonly partsPerMillion: number }
  | { readonly kind: "battery-drained"; readonly millivolts: number }
  /** Bits of the active firmware that have changed by themselves in program memory. */
  | { readonly kind: "firmware-damaged"; readonly offset: number; readonly mask: number }
  /**
   * A fault behind the meter, until it is relieved: from `from` on (seconds since 1970) so many amperes at so many volts in each line conductor. `recloser`: how the
   * recloser upstream sees it, shot by shot, until it is locked out; empty where it does not see it at all. Seconds.
   */
  | { readonly kind: "fault-current"; readonly from: number; readonly amperes: number; readonly volts: number; readonly recloser: readonly { readonly tripsAfter: number; readonly opensFor: number }[] }
  /** The service switch does not move. */
  | { readonly kind: "switch-stuck" }
  | { readonly kind: "switch-hot"; readonly celsius: number }
  /** Voltage on the load side of the open switch. */
  | { readonly kind: "fed-from-behind"; readonly volts: number }
  /** As if the last update of the firmware had failed for this reason. */
  | { readonly kind: "firmware-update-failed"; readonly reason: number };

export type ProvocationKind = Provocation["kind"];
/** The provocation of a kind. */
export type ProvocationOf<Kind extends ProvocationKind> = Extract<Provocation, { readonly kind: Kind }>;
