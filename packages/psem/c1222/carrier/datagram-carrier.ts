import type { Clock } from "@metersmith/base/clock";
import { addressText, type DatagramAddress, type Datagrams } from "@metersmith/base/datagrams";
import { asInteger } from "../../client/argument.ts";
import { PsemError } from "../../psem-error.ts";
import { decodeApdu } from "../apdu/decode-apdu.ts";
import { defaultReassembly, emptyReassembly, takeSegment, type ReassemblyLimits } from "../apdu/reassembly.ts";
import { asSegment, segmented } from "../apdu/segment.ts";
import type { ApduCarrier, ApduListener, ApduPath } from "./apdu-carrier.ts";

export interface DatagramOptions {
  /** Whom to speak to; absent at an end that only answers. */
  readonly peer?: DatagramAddress;
  /**
   * Octets of one datagram's payload, 256–65507. By default what fits the smallest datagrams that every network carries: 576 octets with
   * IPv4's headers, 1280 with IPv6's. Source: RFC 6142.
   */
  readonly largest?: number;
  readonly reassembly?: Partial<ReassemblyLimits>;
  /** Told of datagrams that are no messages; they are dropped. */
  readonly onRefused?: (error: PsemError, from: DatagramAddress) => void;
}

/** 576 − 20 (IPv4) − 8 (UDP) and 1280 − 40 (IPv6) − 8. */
const payloadOf = { ipv4: 548, ipv6: 1232 } as const;

/** Messages over datagrams: one each, or several segments where it is too large for one. Answers go to where the request came from. */
export function overDatagrams(datagrams: Datagrams, clock: Clock, options: DatagramOptions = {}): ApduCarrier {
  return new DatagramCarrier(datagrams, clock, options);
}

class DatagramCarrier implements ApduCarrier {
  readonly lossy = true;
  readonly peer: ApduPath | undefined;
  readonly #datagrams: Datagrams;
  readonly #clock: Clock;
  readonly #largest: number | undefined;
  readonly #limits: ReassemblyLimits;
  readonly #onRefused: DatagramOptions["onRefused"];
  #reassembly = emptyReassembly;

  constructor(datagrams: Datagrams, clock: Clock, { peer, largest, reassembly, onRefused }: DatagramOptions) {
    this.#datagrams = datagrams;
    this.#clock = clock;
    this.#largest = largest === undefined ? undefined : asInteger(largest, "size of a datagram", 256, 65_507);
    this.#limits = { ...defaultReassembly, ...reassembly };
    this.#onRefused = onRefused;
    this.peer = peer && this.#path(peer);
  }

  listen(listener: ApduListener): void {
    this.#datagrams.listen({
      received: (bytes, from) => {
        const whole = this.#whole(bytes, from);
        if (whole) listener.received(whole, this.#path(from));
      },
      closed: (reason) => listener.closed(reason),
    });
  }

  close(): void {
    this.#datagrams.close();
  }

  #path(address: DatagramAddress): ApduPath {
    const largest = this.#largest ?? (address.host.includes(":") ? payloadOf.ipv6 : payloadOf.ipv4);
    const send = (apdu: Uint8Array): void => {
      const pieces = apdu.length <= largest ? [apdu] : segmented(apdu, decodeApdu(apdu).apdu, largest);
      for (const piece of pieces) this.#datagrams.send(piece, address);
    };
    return { name: addressText(address), send };
  }

  /** The message that a datagram is or completes. Port 0 cannot be answered: RFC 6142 forbids it. */
  #whole(bytes: Uint8Array, from: DatagramAddress): Uint8Array | undefined {
    if (from.port === 0) return undefined;
    try {
      const segment = asSegment(decodeApdu(bytes).apdu, addressText(from));
      if (!segment) return bytes;
      const { state, whole } = takeSegment(this.#reassembly, segment, this.#clock.now(), this.#limits);
      this.#reassembly = state;
      return whole;
    } catch (error) {
      if (!(error instanceof PsemError)) throw error;
      this.#onRefused?.(error, from);
      return undefined;
    }
  }
}
