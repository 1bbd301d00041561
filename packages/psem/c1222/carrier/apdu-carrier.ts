/** A way to one peer. */
export interface ApduPath {
  /** For people, and to tell peers apart that give no title: "10.1.2.3:1153". */
  readonly name: string;
  send(apdu: Uint8Array): void;
  /** Ends the connection behind what was sent; absent where there is none, as over datagrams. */
  hangUp?(): void;
}

export interface ApduListener {
  /** One whole message, not yet looked into; `back` leads to where it came from. */
  received(apdu: Uint8Array, back: ApduPath): void;
  /** Called once. */
  closed(reason?: Error): void;
}

/** What carries whole messages of C12.22: datagrams, or a stream. */
export interface ApduCarrier {
  /** Whether messages may get lost, doubled or reordered on the way. */
  readonly lossy: boolean;
  /** The peer that was named when it was opened; absent at an end that only answers. */
  readonly peer: ApduPath | undefined;
  /** Sets the one listener. */
  listen(listener: ApduListener): void;
  close(): void;
}

/** Octets of the largest message taken from a carrier, unless said otherwise. It bounds the memory of a peer. */
export const largestApdu = 65_536;
