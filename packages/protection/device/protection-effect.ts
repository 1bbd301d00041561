import type { LineState } from "./line-state.ts";
import type { OpeningReason } from "./protection-setting.ts";

/** What a meter's protection has to say to its log and to the utility. */
export type ProtectionEventName =
  | "opened" | "closed" | "open-failed" | "close-failed"
  | "overcurrent-above-rating" | "fault-counted" | "sectionalizing-too-late" | "sectionalizing-without-energy"
  | "reducing" | "reducing-ended"
  | "high-voltage" | "low-voltage" | "high-temperature" | "condition-ended"
  | "started" | "died";

export type CloseRefusal = "already-closed" | "line-dead" | "fed-from-behind" | "without-energy" | "not-armed" | "too-early" | "attempts-used" | "moving";

export type ProtectionEffect =
  /** Write the kept part now; nothing that follows may happen before it is durable. */
  | { readonly kind: "keep" }
  | { readonly kind: "move"; readonly to: "open" | "closed" }
  /** The output to controllable loads and the home-device link. */
  | { readonly kind: "reduce"; readonly on: boolean }
  | { readonly kind: "event"; readonly name: ProtectionEventName; readonly at: number; readonly reason?: OpeningReason; readonly amperes?: number }
  | { readonly kind: "answer"; readonly accepted: true }
  | { readonly kind: "answer"; readonly accepted: false; readonly why: CloseRefusal };

/** What comes from outside. The line holds until the next `line`. */
export type ProtectionInput =
  | { readonly kind: "line"; readonly line: LineState }
  | { readonly kind: "time" }
  /** The switch's own contact says where it is. */
  | { readonly kind: "switch"; readonly closed: boolean }
  | { readonly kind: "order"; readonly order: "open" | "close" | "arm" }
  /** The customer presses the button on the meter. */
  | { readonly kind: "button" };
