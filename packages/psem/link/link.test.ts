import { toHex } from "@metersmith/base/bytes";
import { expect, test } from "vitest";
import type { LinkEffect, LinkEvent } from "./link-event.ts";
import { defaultTimeouts } from "./link-settings.ts";
import { startLink, stepLink, type LinkState } from "./link.ts";
import { packetsOf, type Toggle } from "./packet.ts";

const settings = { timeouts: defaultTimeouts, retries: 3, identity: undefined };
const ack = Uint8Array.of(0x06);
const nak = Uint8Array.of(0x15);
const base = { packetSize: 64, packets: 1 };

/** A link under test with what it did, in short words. */
class Bench {
  state: LinkState = startLink(settings);

  do(event: LinkEvent): string[] {
    const step = stepLink(this.state, event);
    this.state = step.state;
    return step.effects.map(words).filter((word) => word !== "");
  }

  bytes(...parts: Uint8Array[]): string[] {
    return parts.flatMap((bytes) => this.do({ kind: "bytes", bytes }));
  }

  send(length: number): string[] {
    return this.do({ kind: "send", message: new Uint8Array(length) });
  }

  timer(timer: "acknowledgement" | "character" | "traffic"): string[] {
    return this.do({ kind: "timer", timer });
  }
}

function words(effect: LinkEffect): string {
  switch (effect.kind) {
    case "write":
      if (effect.bytes.length > 1) return `packet ${toHex(effect.bytes.subarray(2, 4))}`;
      return effect.bytes[0] === 0x06 ? "ack" : "nak";
    case "received":
      return `received ${effect.message.length}${effect.missed ? " after a gap" : ""}`;
    case "failed":
      return `failed: ${effect.reason}`;
    case "arm":
    case "disarm":
    case "heard":
      return "";
    default:
      return effect.kind;
  }
}

function single(toggle: Toggle, ...data: number[]): Uint8Array {
  return packetsOf(Uint8Array.from(data), base, 0, toggle)[0] ?? new Uint8Array(0);
}

test("acknowledges a good packet and hands its message up", () => {
  expect(new Bench().bytes(single(0, 0x20))).toEqual(["ack", "received 1"]);
});

test("answers a packet with a wrong CRC by NAK", () => {
  const damaged = single(0, 0x20);
  damaged[6] = 0x21;
  expect(new Bench().bytes(damaged)).toEqual(["nak"]);
});

test("acknowledges a packet that comes again with the same toggle and CRC, and discards it", () => {
  const bench = new Bench();
  bench.bytes(single(0, 0x20));
  expect(bench.bytes(single(0, 0x20))).toEqual(["ack"]);
  expect(bench.bytes(single(1, 0x20))).toEqual(["ack", "received 1"]);
});

test("says that a packet was missed where the toggle is the same and the CRC is not", () => {
  const bench = new Bench();
  bench.bytes(single(0, 0x20));
  expect(bench.bytes(single(0, 0x21))).toEqual(["ack", "received 1 after a gap"]);
});

test("changes its toggle with each new packet, over messages of several packets too", () => {
  const bench = new Bench();
  bench.do({ kind: "resize", send: { packetSize: 64, packets: 3 } });
  expect(bench.send(1)).toEqual(["packet 0000"]);
  expect(bench.bytes(ack)).toEqual(["sent"]);
  expect(bench.send(150)).toEqual(["packet e002"]);
  expect(bench.bytes(ack)).toEqual(["packet 8001"]);
  expect(bench.bytes(ack)).toEqual(["packet a000"]);
  expect(bench.bytes(ack)).toEqual(["sent"]);
  expect(bench.send(1)).toEqual(["packet 0000"]);
});

test("sends the same packet again, same toggle, on NAK and on silence, three times, then gives up", () => {
  const bench = new Bench();
  bench.send(1);
  expect(bench.bytes(nak)).toEqual(["packet 0000"]);
  expect(bench.timer("acknowledgement")).toEqual(["packet 0000"]);
  expect(bench.bytes(nak)).toEqual(["packet 0000"]);
  expect(bench.timer("acknowledgement")).toEqual(["failed: unacknowledged"]);
  expect(bench.timer("acknowledgement")).toEqual([]);
});

test("tells refusals from silence when it gives up", () => {
  const bench = new Bench();
  bench.send(1);
  expect(bench.bytes(nak, nak, nak, nak)).toEqual(["packet 0000", "packet 0000", "packet 0000", "failed: refused"]);
});

test("an acknowledged packet starts counting retries afresh", () => {
  const bench = new Bench();
  bench.do({ kind: "resize", send: { packetSize: 64, packets: 2 } });
  bench.send(100);
  bench.bytes(nak, nak, nak);
  expect(bench.bytes(ack, nak, nak, nak)).toEqual(["packet a000", "packet a000", "packet a000", "packet a000"]);
});

test("takes the peer's new packet for the acknowledgement that got lost", () => {
  const bench = new Bench();
  bench.send(1);
  expect(bench.bytes(single(0, 0x00))).toEqual(["ack", "sent", "received 1"]);
  expect(bench.timer("acknowledgement")).toEqual([]);
});

test("does not take the peer's old packet, sent again, for an acknowledgement", () => {
  const bench = new Bench();
  bench.bytes(single(0, 0x20));
  bench.send(1);
  expect(bench.bytes(single(0, 0x20))).toEqual(["ack"]);
  expect(bench.timer("acknowledgement")).toEqual(["packet 0000"]);
});

test("puts a message of several packets together", () => {
  const bench = new Bench();
  bench.do({ kind: "resize", receive: { packetSize: 64, packets: 5 } });
  const packets = packetsOf(new Uint8Array(243), { packetSize: 64, packets: 5 }, 0, 1);
  expect(bench.bytes(...packets)).toEqual(["ack", "ack", "ack", "ack", "ack", "received 243"]);
});

test("discards a message with a gap, says so at its end, and takes the next one", () => {
  const bench = new Bench();
  bench.do({ kind: "resize", receive: { packetSize: 64, packets: 5 } });
  const packets = packetsOf(new Uint8Array(243), { packetSize: 64, packets: 5 }, 0, 0);
  const gap = packets.filter((_, index) => index !== 1);
  expect(bench.bytes(...gap)).toEqual(["ack", "ack", "ack", "ack", "broken"]);
  expect(bench.bytes(single(1, 0x20))).toEqual(["ack", "received 1"]);
});

test("refuses by NAK a message of more packets than agreed", () => {
  const bench = new Bench();
  const [first] = packetsOf(new Uint8Array(100), { packetSize: 64, packets: 2 }, 0, 0);
  expect(bench.bytes(first ?? ack)).toEqual(["nak"]);
});

test("throws too-large for a message beyond what was agreed", () => {
  expect(() => new Bench().send(57)).toThrow("exceeds the 56");
});

test("gives up a begun packet after the inter-character time and asks for it again", () => {
  const bench = new Bench();
  const step = stepLink(bench.state, { kind: "bytes", bytes: single(0, 0x20).subarray(0, 5) });
  expect(step.effects).toContainEqual({ kind: "arm", timer: "character", milliseconds: 500 });
  bench.state = step.state;
  expect(bench.timer("character")).toEqual(["nak"]);
  expect(bench.bytes(single(0, 0x20))).toEqual(["ack", "received 1"]);
});

test("returns to the base state after the channel traffic time and forgets the peer's toggle", () => {
  const bench = new Bench();
  bench.do({ kind: "resize", send: { packetSize: 512, packets: 9 }, receive: { packetSize: 512, packets: 9 } });
  bench.bytes(single(0, 0x20));
  expect(bench.timer("traffic")).toEqual(["silent"]);
  expect(bench.state.sendSize).toEqual(base);
  expect(bench.bytes(single(0, 0x20))).toEqual(["ack", "received 1"]);
});

test("waits once as long as a wait service said", () => {
  const bench = new Bench();
  const arms = (event: LinkEvent): number[] => {
    const step = stepLink(bench.state, event);
    bench.state = step.state;
    return step.effects.flatMap((effect) => (effect.kind === "arm" && effect.timer === "traffic" ? [effect.milliseconds] : []));
  };
  arms({ kind: "send", message: Uint8Array.of(0) });
  expect(arms({ kind: "patience", milliseconds: 60_000 })).toEqual([60_000]);
  expect(arms({ kind: "bytes", bytes: ack })).toEqual([60_000]);
  expect(arms({ kind: "bytes", bytes: single(1, 0x20) })).toEqual([6000]);
});

test("echoes the identity it was addressed by, or ignores all but its own", () => {
  const open = new Bench();
  const [packet] = packetsOf(Uint8Array.of(0x20), base, 7, 0);
  open.bytes(packet ?? ack);
  const answer = stepLink(open.state, { kind: "send", message: Uint8Array.of(0) }).effects.find((effect) => effect.kind === "write");
  expect(answer?.bytes[1]).toBe(7);
  const own = new Bench();
  own.state = startLink({ ...settings, identity: 3 });
  expect(own.bytes(packet ?? ack)).toEqual([]);
});
