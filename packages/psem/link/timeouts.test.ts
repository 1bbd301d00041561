import { memoryChannelPair, type ByteChannel } from "@metersmith/base/byte-channel";
import { concatBytes, toHex } from "@metersmith/base/bytes";
import { FakeClock } from "@metersmith/base/clock";
import { quiet, untilSettled } from "@metersmith/base/until-settled";
import { expect, test } from "vitest";
import { openPsemClient, servePsem } from "../index.ts";
import { MemoryDevice } from "../testing/memory-device.ts";
import { packetsOf, type Toggle } from "./packet.ts";

const ack = Uint8Array.of(0x06);
const base = { packetSize: 64, packets: 1 };

function packet(toggle: Toggle, ...data: number[]): Uint8Array {
  return packetsOf(Uint8Array.from(data), base, 0, toggle)[0] ?? ack;
}

const identify = packet(0, 0x20);
const logon = packet(1, 0x50, 0, 1, ...new Uint8Array(10).fill(0x20));
const readTable0 = packet(0, 0x30, 0, 0);
const accepted = packet(0, 0x00);

/** The other end by hand: what arrived since it was last asked, and when. */
function handOn(channel: ByteChannel, clock: FakeClock) {
  const arrived: [milliseconds: number, hex: string][] = [];
  const start = clock.now();
  let closed = false;
  channel.listen({ received: (bytes) => arrived.push([clock.now() - start, toHex(bytes)]), closed: () => (closed = true) });
  return {
    take: () => arrived.splice(0),
    say: async (...bytes: Uint8Array[]) => {
      channel.write(concatBytes(...bytes));
      await quiet();
    },
    pass: async (milliseconds: number) => {
      clock.advance(milliseconds);
      await quiet();
    },
    hangUp: () => channel.close(),
    isClosed: () => closed,
  };
}

function clientAlone() {
  const clock = new FakeClock();
  const [near, far] = memoryChannelPair();
  return { clock, client: openPsemClient(near, clock), hand: handOn(far, clock) };
}

function serverAlone() {
  const clock = new FakeClock();
  const [near, far] = memoryChannelPair();
  const device = new MemoryDevice([[0, Uint8Array.of(1, 2, 3)]]);
  servePsem(far, clock, device);
  return { clock, device, hand: handOn(near, clock) };
}

async function loggedOn() {
  const end = serverAlone();
  await end.hand.say(identify);
  await end.hand.say(ack);
  await end.hand.say(logon);
  await end.hand.say(ack);
  end.hand.take();
  return end;
}

test("client: a packet that nobody acknowledges is sent four times, 2 s apart, then the call times out", async () => {
  const { clock, client, hand } = clientAlone();
  await expect(untilSettled(clock, client.identify())).rejects.toMatchObject({ code: "timeout", kind: "link" });
  expect(hand.take()).toEqual([0, 2000, 4000, 6000].map((at) => [at, toHex(identify)]));
  await expect(client.readTable(0)).rejects.toMatchObject({ code: "timeout" });
});

test("client: an acknowledged request without an answer times out after the channel traffic time", async () => {
  const { clock, client, hand } = clientAlone();
  const start = clock.now();
  const call = client.identify();
  await quiet();
  await hand.say(ack);
  await expect(untilSettled(clock, call)).rejects.toThrow("took the request but did not answer for 6 s while asking it to identify itself");
  expect(clock.now() - start).toBe(6000);
});

test("client: an answer cut in the middle is refused after 500 ms and taken when it comes again", async () => {
  const { client, hand } = clientAlone();
  const call = client.identify();
  const answer = packet(0, 0x00, 0, 2, 0, 0);
  await hand.say(ack, answer.subarray(0, 9));
  await hand.pass(499);
  expect(hand.take()).toHaveLength(1);
  await hand.pass(1);
  expect(hand.take()).toEqual([[500, "15"]]);
  await hand.say(answer);
  expect(await call).toMatchObject({ version: 2 });
});

test("client: a packet refused by NAK every time ends the call as packet-refused", async () => {
  const { clock, client, hand } = clientAlone();
  const call = client.identify();
  await hand.say(Uint8Array.of(0x15, 0x15, 0x15, 0x15));
  await expect(untilSettled(clock, call)).rejects.toMatchObject({ code: "packet-refused" });
  expect(hand.take()).toHaveLength(4);
});

test("client: a meter that hangs up ends the running call, the waiting ones and all later ones", async () => {
  const { clock, client, hand } = clientAlone();
  const outcomes = Promise.allSettled([client.identify(), client.readTable(0)]);
  await quiet();
  hand.hangUp();
  expect(await untilSettled(clock, outcomes)).toMatchObject([{ reason: { code: "hung-up" } }, { reason: { code: "hung-up" } }]);
  await expect(client.terminate()).rejects.toThrow("closed the connection while asking it to identify itself");
});

test("client: closing it ends waiting calls as closed and closes the channel", async () => {
  const { clock, client, hand } = clientAlone();
  const outcome = client.identify().catch((error: { code: string }) => error.code);
  client.close();
  expect(await untilSettled(clock, outcome)).toBe("closed");
  await quiet();
  expect(hand.isClosed()).toBe(true);
});

test("client: a read whose answer was lost is asked for once more, a write is not", async () => {
  const { client, hand } = clientAlone();
  const first = client.wait(1);
  await hand.say(ack, accepted);
  await first;
  const read = client.readOffset(0, 0, 1);
  await quiet();
  hand.take();
  await hand.say(ack, packet(0, 0x03));
  expect(hand.take().map(([, hex]) => hex)).toEqual(["06", toHex(packet(0, 0x3f, 0, 0, 0, 0, 0, 0, 1))]);
  await hand.say(ack, packet(1, 0x00, 0, 1, 9, 247));
  expect(await read).toEqual(Uint8Array.of(9));
  const write = client.writeTable(7, Uint8Array.of(1));
  await hand.say(ack, packet(1, 0x00));
  await expect(write).rejects.toThrow("Whether the meter did it is not known");
});

test("server: a silent client is logged off after 6 s and finds the base state", async () => {
  const { device, hand } = await loggedOn();
  await hand.pass(5999);
  expect(device.calls).not.toContain("terminated: silent");
  await hand.pass(1);
  expect(device.calls.at(-1)).toBe("terminated: silent");
  await hand.say(readTable0);
  expect(hand.take().map(([, hex]) => hex)).toEqual(["06", toHex(packet(0, 0x0a))]);
});

test("server: wait extends the silence once", async () => {
  const { device, hand } = await loggedOn();
  await hand.say(packet(0, 0x70, 30));
  await hand.say(ack);
  await hand.pass(29_999);
  await hand.say(packet(1, 0x30, 0, 0));
  await hand.say(ack);
  expect(device.calls.at(-1)).toBe("read table 0");
  await hand.pass(6000);
  expect(device.calls.at(-1)).toBe("terminated: silent");
});

test("server: an answer that nobody acknowledges is sent four times, then the session ends", async () => {
  const { device, hand } = await loggedOn();
  await hand.say(readTable0);
  for (let second = 0; second < 8; second++) await hand.pass(1000);
  expect(hand.take().filter(([, hex]) => hex.startsWith("ee"))).toHaveLength(4);
  expect(device.calls.at(-1)).toBe("terminated: link-failed");
});

test("server: a request that comes again is acknowledged and done once", async () => {
  const { device, hand } = await loggedOn();
  await hand.say(readTable0, readTable0, readTable0);
  expect(device.calls.filter((call) => call === "read table 0")).toHaveLength(1);
});

test("server: a client that hangs up ends the session once", async () => {
  const { device, hand } = await loggedOn();
  hand.hangUp();
  await quiet();
  expect(device.calls.filter((call) => call.startsWith("terminated"))).toEqual(["terminated: hung-up"]);
});

test("server: noise does not keep a session open", async () => {
  const { device, hand } = await loggedOn();
  for (let second = 0; second < 7; second++) {
    await hand.say(Uint8Array.of(0x55, 0xee, 0x00));
    await hand.pass(1000);
  }
  expect(device.calls.at(-1)).toBe("terminated: silent");
});

test("server: a new client that begins where another vanished is answered after the channel traffic time", async () => {
  const { device, hand } = await loggedOn();
  await hand.pass(6000);
  await hand.say(identify);
  expect(device.calls.slice(-2)).toEqual(["terminated: silent", "identify"]);
});
