import { concatBytes } from "@metersmith/base/bytes";
import { PsemError } from "../psem-error.ts";
import { airtime, baseSize, messageCapacity, packetOverhead, type LinkSize, type LinkTimeouts } from "./link-settings.ts";
import type { Timing } from "../services/request.ts";
import type { LinkEffect, LinkEvent, LinkTimer } from "./link-event.ts";
import { ack, flipped, nak, packetsOf, type Packet, type Toggle } from "./packet.ts";
import { emptyReader, isMidway, readChunk, readQuiet, type Found, type Reading, type ReaderState } from "./packet-reader.ts";

export interface LinkSettings {
  readonly timeouts: LinkTimeouts;
  readonly retries: number;
  /** Packets of other identities are ignored; undefined answers all and echoes theirs. */
  readonly identity: number | undefined;
  /** Rate of a serial line before any negotiation; undefined where bytes take no time worth waiting for. */
  readonly bitsPerSecond?: number | undefined;
}

/** One end of a C12.18 link. Both ends are alike: client and meter differ only in who speaks first. */
export interface LinkState {
  readonly settings: LinkSettings;
  readonly reader: ReaderState;
  readonly sendSize: LinkSize;
  readonly receiveSize: LinkSize;
  /** Of our next packet. */
  readonly toggle: Toggle;
  readonly identity: number;
  readonly outgoing: { readonly packets: readonly Uint8Array[]; readonly index: number; readonly repeats: number } | undefined;
  /** Of the peer's latest packet, to know it when it comes again. */
  readonly previous: { readonly toggle: Toggle; readonly crc: number } | undefined;
  readonly assembly: { readonly parts: readonly Uint8Array[]; readonly next: number; readonly missed: boolean } | undefined;
  readonly patience: number | undefined;
  /** What a timing setup agreed on; the settings' own times otherwise. */
  readonly timing: { readonly timeouts: LinkTimeouts; readonly retries: number } | undefined;
  readonly bitsPerSecond: number | undefined;
}

export interface LinkStep {
  readonly state: LinkState;
  readonly effects: readonly LinkEffect[];
}

export function startLink(settings: LinkSettings): LinkState {
  return { settings, reader: emptyReader, identity: settings.identity ?? 0, bitsPerSecond: settings.bitsPerSecond, ...baseState };
}

const baseState = {
  sendSize: baseSize,
  receiveSize: baseSize,
  toggle: 0,
  outgoing: undefined,
  previous: undefined,
  assembly: undefined,
  patience: undefined,
  timing: undefined,
} as const satisfies Partial<LinkState>;

/** The link as a reducer: timers are effects and come back as events. Source of the rules: docs/reference/c1218.md 3, which marks what is ours. */
export function stepLink(state: LinkState, event: LinkEvent): LinkStep {
  const step = new Step(state);
  switch (event.kind) {
    case "bytes":
      step.read(readChunk(state.reader, event.bytes, longestData(state)));
      break;
    case "timer":
      step.expire(event.timer);
      break;
    case "send":
      step.send(event.message);
      break;
    case "resize":
      step.change({ sendSize: event.send ?? state.sendSize, receiveSize: event.receive ?? state.receiveSize });
      break;
    case "patience":
      step.change({ patience: event.milliseconds });
      step.keepOpen();
      break;
    case "timing":
      step.change({ timing: inMilliseconds(event.timing) });
      step.keepOpen();
      break;
    case "rate":
      step.change({ bitsPerSecond: event.bitsPerSecond });
      break;
    case "reset":
      step.reset();
      break;
  }
  return { state: step.state, effects: step.effects };
}

function longestData(state: LinkState): number {
  return state.receiveSize.packetSize - packetOverhead;
}

function inMilliseconds({ channelTraffic, interCharacter, response, retries }: Timing): LinkState["timing"] {
  return { timeouts: { channelTraffic: channelTraffic * 1000, interCharacter: interCharacter * 1000, response: response * 1000 }, retries };
}

/** Gathers one step's changes and effects. */
class Step {
  state: LinkState;
  readonly effects: LinkEffect[] = [];

  constructor(state: LinkState) {
    this.state = state;
  }

  change(part: Partial<LinkState>): void {
    this.state = { ...this.state, ...part };
  }

  read(reading: Reading): void {
    this.change({ reader: reading.state });
    for (const found of reading.found) {
      this.effects.push({ kind: "heard", found });
      this.#hear(found);
    }
    if (isMidway(this.state.reader)) this.#arm("character", this.#times.timeouts.interCharacter);
    else this.#disarm("character");
  }

  expire(timer: LinkTimer): void {
    if (timer === "character") this.read(readQuiet(this.state.reader, longestData(this.state)));
    else if (timer === "acknowledgement") this.#repeat("unacknowledged");
    else {
      this.reset();
      this.effects.push({ kind: "silent" });
    }
  }

  send(message: Uint8Array): void {
    const { sendSize, identity, toggle } = this.state;
    const room = messageCapacity(sendSize);
    if (message.length > room) {
      throw new PsemError("too-large", `A message of ${message.length} bytes exceeds the ${room} that the negotiated packets carry. Negotiate larger packets or send parts.`, { expected: room, actual: message.length });
    }
    const packets = packetsOf(message, sendSize, identity, toggle);
    this.change({ outgoing: { packets, index: 0, repeats: 0 }, patience: undefined, toggle: packets.length % 2 === 0 ? toggle : flipped(toggle) });
    this.#transmit();
  }

  reset(): void {
    this.change({ ...baseState, bitsPerSecond: this.state.settings.bitsPerSecond });
    this.#disarm("acknowledgement");
    this.#disarm("traffic");
  }

  /** On a line, silence is counted from when a packet of either end would be over. */
  keepOpen(): void {
    const { patience, sendSize, receiveSize, bitsPerSecond } = this.state;
    const packet = airtime(Math.max(sendSize.packetSize, receiveSize.packetSize), bitsPerSecond);
    this.#arm("traffic", Math.max(patience ?? 0, this.#times.timeouts.channelTraffic) + packet);
  }

  get #times(): { readonly timeouts: LinkTimeouts; readonly retries: number } {
    return this.state.timing ?? this.state.settings;
  }

  #hear(found: Found): void {
    switch (found.kind) {
      case "ack":
        this.#acknowledged();
        break;
      case "nak":
        if (this.state.outgoing) this.#repeat("refused");
        break;
      case "bad":
        this.#write(Uint8Array.of(nak));
        break;
      case "packet":
        this.#accept(found.packet);
        break;
    }
  }

  #acknowledged(): void {
    const { outgoing } = this.state;
    if (!outgoing) return;
    this.keepOpen();
    if (outgoing.index + 1 < outgoing.packets.length) {
      this.change({ outgoing: { packets: outgoing.packets, index: outgoing.index + 1, repeats: 0 } });
      this.#transmit();
    } else this.#finish();
  }

  #finish(): void {
    this.change({ outgoing: undefined });
    this.#disarm("acknowledgement");
    this.effects.push({ kind: "sent" });
  }

  #repeat(reason: "unacknowledged" | "refused"): void {
    const { outgoing } = this.state;
    if (!outgoing) return;
    if (outgoing.repeats >= this.#times.retries) {
      this.change({ outgoing: undefined });
      this.#disarm("acknowledgement");
      this.effects.push({ kind: "failed", reason });
      return;
    }
    this.change({ outgoing: { ...outgoing, repeats: outgoing.repeats + 1 } });
    this.#transmit();
  }

  #transmit(): void {
    const packet = this.state.outgoing?.packets[this.state.outgoing.index];
    if (!packet) return;
    this.#write(packet);
    this.#arm("acknowledgement", this.#times.timeouts.response + airtime(packet.length, this.state.bitsPerSecond));
    this.keepOpen();
  }

  #accept(packet: Packet): void {
    const { settings, previous, receiveSize } = this.state;
    if (settings.identity !== undefined && packet.identity !== settings.identity) return;
    const sameToggle = previous?.toggle === packet.toggle;
    if (sameToggle && previous?.crc === packet.crc) {
      this.#write(Uint8Array.of(ack));
      this.keepOpen();
      return;
    }
    if (packet.first && packet.sequence + 1 > receiveSize.packets) {
      this.#write(Uint8Array.of(nak));
      return;
    }
    this.#write(Uint8Array.of(ack));
    this.change({ previous: { toggle: packet.toggle, crc: packet.crc }, identity: packet.identity, patience: undefined });
    this.keepOpen();
    if (this.state.outgoing) this.#finish();
    this.#assemble(packet, sameToggle);
  }

  #assemble(packet: Packet, missed: boolean): void {
    const { assembly } = this.state;
    const begins = !packet.multiple || packet.first;
    const follows = assembly !== undefined && assembly.next === packet.sequence;
    if (!begins && !follows) {
      this.change({ assembly: undefined });
      if (packet.sequence === 0) this.effects.push({ kind: "broken" });
      return;
    }
    const parts = begins ? [packet.data] : [...(assembly?.parts ?? []), packet.data];
    const gap = begins ? missed : (assembly?.missed ?? false);
    if (packet.sequence > 0) {
      this.change({ assembly: { parts, next: packet.sequence - 1, missed: gap } });
      return;
    }
    this.change({ assembly: undefined });
    this.effects.push({ kind: "received", message: concatBytes(...parts), missed: gap });
  }

  #write(bytes: Uint8Array): void {
    this.effects.push({ kind: "write", bytes });
  }

  #arm(timer: LinkTimer, milliseconds: number): void {
    this.effects.push({ kind: "arm", timer, milliseconds });
  }

  #disarm(timer: LinkTimer): void {
    this.effects.push({ kind: "disarm", timer });
  }
}
