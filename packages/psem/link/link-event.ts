import type { Timing } from "../services/request.ts";
import type { LinkSize } from "./link-settings.ts";
import type { Found } from "./packet-reader.ts";

/** `acknowledgement` of our packet; `character`, the next byte of a begun packet; `traffic`, anything on an open link. */
export type LinkTimer = "acknowledgement" | "character" | "traffic";

export type LinkEvent =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "timer"; readonly timer: LinkTimer }
  | { readonly kind: "send"; readonly message: Uint8Array }
  /** New sizes from now on, for either direction. */
  | { readonly kind: "resize"; readonly send?: LinkSize; readonly receive?: LinkSize }
  /** The next silence may last this long (wait service); once. */
  | { readonly kind: "patience"; readonly milliseconds: number }
  /** Other times from now on. */
  | { readonly kind: "timing"; readonly timing: Timing }
  /** The line's rate from now on, where it has one. */
  | { readonly kind: "rate"; readonly bitsPerSecond: number }
  /** Back to the base state: sizes, toggle, and nothing remembered of the peer. */
  | { readonly kind: "reset" };

export type LinkEffect =
  | { readonly kind: "write"; readonly bytes: Uint8Array }
  | { readonly kind: "arm"; readonly timer: LinkTimer; readonly milliseconds: number }
  | { readonly kind: "disarm"; readonly timer: LinkTimer }
  /** A whole message. `missed`: the toggle says that a packet of the peer never arrived before it. */
  | { readonly kind: "received"; readonly message: Uint8Array; readonly missed: boolean }
  /** The peer finished a message that came with a gap and was discarded. */
  | { readonly kind: "broken" }
  /** Our message is acknowledged whole, or the peer answered it. */
  | { readonly kind: "sent" }
  /** Our message was given up after all retries: nothing came back, or NAK each time. */
  | { readonly kind: "failed"; readonly reason: "unacknowledged" | "refused" }
  /** The channel traffic time ran out; the link is in its base state. */
  | { readonly kind: "silent" }
  /** What arrived, for the trace. */
  | { readonly kind: "heard"; readonly found: Found };
