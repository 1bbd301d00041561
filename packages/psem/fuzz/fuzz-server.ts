import { concatBytes } from "@metersmith/base/bytes";
import { FakeClock } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import { startOfPacket, type Toggle } from "../link/packet.ts";
import { servePsem } from "../server/serve-psem.ts";
import { responseOf } from "../services/response-code.ts";
import { GuardedDevice } from "./guarded-device.ts";
import { HostileBytes } from "./hostile-bytes.ts";
import { aliveEvery, inLives } from "./lives.ts";
import { OpenLine } from "./open-line.ts";

export interface FuzzFindings {
  readonly messages: number;
  /** How often each outcome was seen: answers of the meter, or what calls of the client ended with. */
  readonly outcomes: ReadonlyMap<string, number>;
}

/** Attacks a meter's end with `messages` messages. Throws where it throws, answers with what is no packet, or lets somebody write without the password. */
export function fuzzServer(random: Random, messages: number, alive: () => void = () => {}): FuzzFindings {
  const outcomes = new Map<string, number>();
  inLives(messages, (line, most) => attackLine(new HostileBytes(random), most, line % 2 === 1, outcomes, alive));
  return { messages, outcomes };
}

function attackLine(hostile: HostileBytes, messages: number, trusting: boolean, outcomes: Map<string, number>, alive: () => void): void {
  const clock = new FakeClock();
  const line = new OpenLine();
  const device = new GuardedDevice(trusting);
  const faults: unknown[] = [];
  servePsem(line, clock, device, { onFault: (fault) => faults.push(fault), bauds: [9600, 19_200], serial: hostile.happens(0.5), limit: { packetSize: 128, packets: 4 } });
  let toggle: Toggle = 0;
  const kept: Uint8Array[] = [];
  for (let sent = 0; sent < messages; sent++) {
    if (!hostile.happens(0.02)) toggle = toggle === 0 ? 1 : 0;
    const asked = hostile.happens(0.004) ? hostile.opening() : [hostile.request()];
    for (const request of asked) {
      for (const chunk of hostile.onTheLine(request, toggle)) kept.push(chunk);
      if (asked.length > 1) toggle = toggle === 0 ? 1 : 0;
    }
    // Now and then several requests arrive in one piece.
    if (!hostile.happens(0.1)) for (const chunk of hostile.happens(0.5) ? [concatBytes(...kept.splice(0))] : kept.splice(0)) line.say(chunk);
    acknowledge(line, hostile, outcomes);
    if (hostile.happens(0.03)) clock.advance(hostile.below(8000));
    if (hostile.happens(0.002)) toggle = 0;
    if (sent % aliveEvery === 0) alive();
  }
  line.hangUp();
  if (faults.length > 0) throw new Error("the meter's end threw", { cause: faults[0] });
  if (clock.untilNext !== undefined) throw new Error("a closed line left a timer behind");
  device.verify();
}

function acknowledge(line: OpenLine, hostile: HostileBytes, outcomes: Map<string, number>): void {
  // Each answer may be of several packets, each waiting for its acknowledgement; repetitions end by the meter's own count.
  for (let turn = 0; turn < 40; turn++) {
    const packets = line.take().filter((bytes) => bytes[0] === startOfPacket);
    if (packets.length === 0) return;
    for (const packet of packets) {
      const code = packet[6];
      if (packet[3] === 0 && code !== undefined) count(outcomes, responseOf(code)?.mnemonic ?? "inside a table");
      if (hostile.happens(0.95)) line.say(Uint8Array.of(0x06));
      else if (hostile.happens(0.5)) line.say(Uint8Array.of(0x15));
    }
  }
  throw new Error("the meter's end goes on sending");
}

export function count(outcomes: Map<string, number>, outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}
