import { memoryChannelPair, type ByteChannel } from "@metersmith/base/byte-channel";
import { FakeClock } from "@metersmith/base/clock";
import { quiet, untilSettled } from "@metersmith/base/until-settled";
import { expect, test } from "vitest";
import { openPsemClient, servePsem, type PsemClient } from "../index.ts";
import { startOfPacket } from "../link/packet.ts";
import { c1222Pair } from "../testing/c1222-pair.ts";
import { MemoryDevice } from "../testing/memory-device.ts";

/** What becomes of the chunks that one end sends: `undefined` where one is lost. */
type Schedule = (chunk: Uint8Array) => Uint8Array | undefined;

const passes: Schedule = (chunk) => chunk;
const dead: Schedule = () => undefined;
const onlyAcknowledgements: Schedule = (chunk) => (chunk[0] === startOfPacket ? undefined : chunk);

/** The next packet loses its last octets, once. */
function cutOnce(): Schedule {
  let cut = false;
  return (chunk) => {
    if (cut || chunk[0] !== startOfPacket) return chunk;
    cut = true;
    return chunk.subarray(0, -3);
  };
}

function scheduled(channel: ByteChannel, direction: { schedule: Schedule }): ByteChannel {
  return {
    listen: (listener) => channel.listen(listener),
    close: () => channel.close(),
    write(bytes) {
      const left = direction.schedule(bytes);
      if (left) channel.write(left);
    },
  };
}

/** A session with a logon, whose line goes by a schedule from then on; counts milliseconds since. */
async function loggedOn() {
  const clock = new FakeClock();
  const [near, far] = memoryChannelPair();
  const [toMeter, toClient] = [{ schedule: passes }, { schedule: passes }];
  const device = new MemoryDevice([[0, Uint8Array.of(1, 2, 3)]]);
  let ended: { readonly reason: string; readonly after: number } | undefined;
  let start = clock.now();
  device.terminated = (reason) => (ended ??= { reason, after: clock.now() - start });
  servePsem(scheduled(far, toClient), clock, device);
  const client = openPsemClient(scheduled(near, toMeter), clock);
  await untilSettled(clock, client.identify());
  await untilSettled(clock, client.logon(1, ""));
  start = clock.now();
  return { clock, client, toMeter, toClient, elapsed: () => clock.now() - start, ended: () => ended };
}

const read = (client: PsemClient): Promise<string> => client.readTable(0).then((bytes) => `read ${bytes.join(" ")}`, (error: { code: string }) => error.code);

interface Row {
  readonly time: string;
  readonly toMeter: () => Schedule;
  readonly toClient: () => Schedule;
  /** How a read ends, and after how many milliseconds. */
  readonly client: readonly [outcome: string, milliseconds: number];
  /** How the session ends at the meter, and after how many. */
  readonly meter: readonly [reason: string, milliseconds: number] | undefined;
}

const line = (schedule: Schedule) => () => schedule;

/** docs/reference/c1218.md 3: 2 s for an acknowledgement, four attempts; 500 ms within a packet; 6 s for an answer and for silence. */
const rows: readonly Row[] = [
  { time: "acknowledgement, at the client", toMeter: line(dead), toClient: line(passes), client: ["timeout", 8000], meter: ["silent", 6000] },
  { time: "answer, at the client; acknowledgement, at the meter", toMeter: line(passes), toClient: line(onlyAcknowledgements), client: ["timeout", 6000], meter: ["link-failed", 8000] },
  { time: "inter-character, at the meter", toMeter: cutOnce, toClient: line(passes), client: ["read 1 2 3", 500], meter: undefined },
  { time: "inter-character, at the client", toMeter: line(passes), toClient: cutOnce, client: ["read 1 2 3", 500], meter: undefined },
  { time: "both directions dead", toMeter: line(dead), toClient: line(dead), client: ["timeout", 8000], meter: ["silent", 6000] },
];

test.each(rows)("C12.18, $time", async ({ toMeter, toClient, client: [outcome, milliseconds], meter }) => {
  const end = await loggedOn();
  end.toMeter.schedule = toMeter();
  end.toClient.schedule = toClient();
  const outcomes = read(end.client);
  expect(await untilSettled(end.clock, outcomes)).toBe(outcome);
  expect(end.elapsed()).toBe(milliseconds);
  if (!meter) return expect(end.ended()).toBeUndefined();
  for (let second = 0; second < 10; second++) {
    end.clock.advance(1000);
    await quiet();
  }
  expect(end.ended()).toEqual({ reason: meter[0], after: meter[1] });
});

const ways = ["datagrams", "stream"] as const;
const asked = { datagrams: 15_000, stream: 5000 };

test.each(ways)("C12.22 over %s: a client waits 5 s for an answer, over datagrams three times; the node ends the session when it is idle for the time granted", async (over) => {
  const faults = { lose: 0 };
  const { client, run, clock, server, near } = c1222Pair({ over, faults, client: { idleTimeout: 40 } });
  await run(client.logon(1, ""));
  const start = clock.now();
  faults.lose = 1;
  near.write = () => {};
  expect(await run(read(client))).toBe("timeout");
  expect(clock.now() - start).toBe(asked[over]);
  clock.advance(39_999 - asked[over]);
  expect(server.sessions).toBe(1);
  clock.advance(1);
  expect(server.sessions).toBe(0);
});
