import { FakeClock } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import { openPsemClient } from "../client/open-psem-client.ts";
import type { C1218Client } from "../client/psem-client.ts";
import { startOfPacket, type Toggle } from "../link/packet.ts";
import { PsemError } from "../psem-error.ts";
import { count, type FuzzFindings } from "./fuzz-server.ts";
import { HostileBytes } from "./hostile-bytes.ts";
import { OpenLine } from "./open-line.ts";

/** Calls between two looks at a client that lives long. */
const looksEvery = 1000;

interface HostileMeter {
  toggle: Toggle;
  sent: number;
  /** It goes on talking, asked or not, until the client has something that passes for an answer: without one a client ends. */
  readonly lasting: boolean;
}

/** Longest time that one call may take: all its retries, its answer's, and once more. */
const longestCall = 600_000;

/** Lets a client ask a hostile meter until that has sent `messages` messages. Throws where a call ends with anything but a value or a `PsemError`, or not at all. */
export async function fuzzClient(random: Random, messages: number, alive: () => void = () => {}): Promise<FuzzFindings> {
  const outcomes = new Map<string, number>();
  let sent = 0;
  for (let visits = 1; sent < messages; visits++) {
    // Every hundredth meter keeps its client for long, so that a leak shows.
    const most = Math.min(visits % 100 === 0 ? 20_000 : 40, messages - sent);
    sent += await visit(new HostileBytes(random), most, outcomes, alive);
  }
  return { messages: sent, outcomes };
}

/** At most so many calls on one connection; gives the messages that the meter sent. */
async function visit(hostile: HostileBytes, most: number, outcomes: Map<string, number>, alive: () => void): Promise<number> {
  const clock = new FakeClock();
  const line = new OpenLine();
  const client = openPsemClient(line, clock, { keepAlive: hostile.happens(0.2), serial: hostile.happens(0.5) });
  const meter: HostileMeter = { toggle: 0, sent: 0, lasting: most > 40 };
  for (let calls = 0; calls < most; calls++) {
    if (calls % looksEvery === looksEvery - 1) alive();
    const outcome = await ended(call(client, hostile), clock, line, hostile, meter);
    count(outcomes, outcome);
    if (outcome === "timeout" || outcome === "packet-refused" || outcome === "hung-up") break;
  }
  client.close();
  if (clock.untilNext !== undefined) throw new Error("a closed client left a timer behind");
  return meter.sent;
}

async function ended(promise: Promise<unknown>, clock: FakeClock, line: OpenLine, hostile: HostileBytes, meter: HostileMeter): Promise<string> {
  const end: { outcome?: string; bug?: unknown } = {};
  promise.then(
    () => (end.outcome = "ok"),
    (error: unknown) => {
      if (error instanceof PsemError) end.outcome = error.code;
      else end.bug = error;
    },
  );
  const start = clock.now();
  for (;;) {
    for (let turn = 0; turn < 6; turn++) await Promise.resolve();
    if ("bug" in end) throw new Error("a call of the client threw something else than a PsemError", { cause: end.bug });
    if (end.outcome !== undefined) return end.outcome;
    const asked = line.take().some(([first]) => first === startOfPacket);
    if (hostile.happens(meter.lasting ? 0.99 : asked ? 0.99 : 0)) reply(line, hostile, meter);
    else {
      const next = clock.untilNext;
      if (next === undefined || clock.now() + next - start > longestCall) throw new Error("a call of the client never ends");
      clock.advance(next);
    }
  }
}

function reply(line: OpenLine, hostile: HostileBytes, meter: HostileMeter): void {
  if (hostile.happens(0.01)) line.say(hostile.noise());
  line.say(Uint8Array.of(meter.lasting || hostile.happens(0.98) ? 0x06 : hostile.below(256)));
  if (!meter.lasting && hostile.happens(0.01)) return;
  for (const chunk of hostile.onTheLine(hostile.answer(), meter.toggle)) line.say(chunk);
  meter.sent += 1;
  if (!hostile.happens(0.02)) meter.toggle = meter.toggle === 0 ? 1 : 0;
  if (!meter.lasting && hostile.happens(0.001)) line.hangUp();
}

function call(client: C1218Client, hostile: HostileBytes): Promise<unknown> {
  const table = hostile.below(0x10000);
  switch (hostile.below(12)) {
    case 0:
      return client.identify();
    case 1:
      return client.negotiate(16 + hostile.below(500), 1 + hostile.below(8), [9600, 19_200]);
    case 2:
      return client.logon(hostile.below(0x10000), "fuzz");
    case 3:
      return client.security("nobody");
    case 4:
      return client.readOffset(table, hostile.below(100), 1 + hostile.below(100));
    case 5:
      return client.readIndex(table, [hostile.below(9)], 1);
    case 6:
      return client.writeOffset(table, 0, hostile.bytes(20));
    case 7:
      return client.wait(hostile.below(20));
    case 8:
      return hostile.happens(0.2) ? client.terminate() : client.logoff();
    case 9:
      return client.setTiming({ channelTraffic: 6, interCharacter: 1, response: 2, retries: 2 });
    default:
      return client.readTable(table);
  }
}
