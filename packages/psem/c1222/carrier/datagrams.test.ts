import { FakeClock } from "@metersmith/base/clock";
import { quiet } from "@metersmith/base/until-settled";
import fc from "fast-check";
import { expect, test } from "vitest";
import { c1222Pair, headTitle, meterTitle } from "../../testing/c1222-pair.ts";
import { decodeApdu } from "../apdu/decode-apdu.ts";
import { encodeApdu } from "../apdu/encode-apdu.ts";
import { defaultReassembly, emptyReassembly, takeSegment } from "../apdu/reassembly.ts";
import { asSegment, segmented, type Segment } from "../apdu/segment.ts";
import { KeyRing } from "../security/key-ring.ts";
import { ApduSplitter } from "./apdu-splitter.ts";

const whole = encodeApdu({ called: meterTitle, calling: headTitle, callingInvocation: Uint8Array.of(5), content: Uint8Array.from({ length: 3000 }, (_, index) => index & 0xff) });
const pieces = segmented(whole, decodeApdu(whole).apdu, 548);
const segmentsOf = (messages: readonly Uint8Array[], sender = "a"): readonly Segment[] => messages.map((piece) => asSegment(decodeApdu(piece).apdu, sender)!);

/** What comes out of segments one after the other. */
function assembled(segments: readonly Segment[], limits = defaultReassembly): readonly (Uint8Array | undefined)[] {
  let state = emptyReassembly;
  return segments.map((segment, index) => {
    const step = takeSegment(state, segment, index, limits);
    state = step.state;
    return step.whole;
  });
}

test("a large message becomes segments of the size asked for, which begin with its titles and full size", () => {
  expect(pieces.map(({ length }) => length).every((length) => length <= 548)).toBe(true);
  expect(pieces).toHaveLength(Math.ceil(whole.length / (548 - 45)));
  expect(decodeApdu(pieces[1]!).apdu).toMatchObject({ called: meterTitle, calling: headTitle, fullSize: whole.length, callingInvocation: Uint8Array.of(5) });
  expect(segmented(whole, decodeApdu(whole).apdu, whole.length)).toEqual([whole]);
});

test("segments give the message once, in any order and any of them more than once", () => {
  const shuffled = fc.shuffledSubarray([...segmentsOf(pieces), ...segmentsOf(pieces)], { minLength: 2 * pieces.length });
  fc.assert(
    fc.property(shuffled, (segments) => {
      const out = assembled(segments).filter((message) => message !== undefined);
      expect(out.length).toBeGreaterThanOrEqual(1);
      expect(out[0]).toEqual(whole);
    }),
  );
});

test("segments of two senders, or of two messages, are not mixed", () => {
  const [first, second] = [segmentsOf(pieces, "a"), segmentsOf(pieces, "b")];
  const mixed = first.map((segment, index) => (index % 2 === 0 ? segment : second[index]!));
  expect(assembled(mixed).every((message) => message === undefined)).toBe(true);
});

test("a segment that contradicts one before it, or does not fit, ends the message", () => {
  const [first, ...others] = segmentsOf(pieces);
  const forged = { ...first!, bytes: first!.bytes.map((octet) => octet ^ 1) };
  expect(assembled([forged, first!, ...others]).every((message) => message === undefined)).toBe(true);
  expect(assembled([{ ...first!, fullSize: 1e9 }, { ...first!, offset: whole.length }]).every((message) => message === undefined)).toBe(true);
});

test("messages being put together are bounded in number, size and time", () => {
  let state = emptyReassembly;
  const part = (message: string, fullSize: number): Segment => ({ message, fullSize, offset: 0, bytes: Uint8Array.of(1) });
  for (let index = 0; index < 100; index++) state = takeSegment(state, part(`${index}`, 65_536), index, defaultReassembly).state;
  expect([...state.keys()]).toEqual(Array.from({ length: 64 }, (_, index) => `${index + 36}`));
  expect(takeSegment(state, part("large", 65_537), 100, defaultReassembly).state.has("large")).toBe(false);
  expect([...takeSegment(state, part("late", 10), 40_000, defaultReassembly).state.keys()]).toEqual(["late"]);
});

test("what is held is bounded by what has arrived: the oldest messages make room, and no message is of countless pieces", () => {
  let state = emptyReassembly;
  for (let index = 0; index < 40; index++) {
    state = takeSegment(state, { message: `${index}`, fullSize: 65_536, offset: 0, bytes: new Uint8Array(60_000) }, index, defaultReassembly).state;
  }
  expect([...state.keys()]).toEqual(Array.from({ length: 17 }, (_, index) => `${index + 23}`));
  let crumbs = emptyReassembly;
  for (let index = 0; index < 600; index++) {
    const crumb = { message: "crumbs", fullSize: 65_536, offset: 2 * index, bytes: Uint8Array.of(1) };
    crumbs = takeSegment(crumbs, crumb, 0, defaultReassembly).state;
    expect(crumbs.get("crumbs")?.pieces.size ?? 0).toBeLessThanOrEqual(defaultReassembly.segments);
  }
});

test("a stream that brings an octet now and then is closed once its message is too long on the way", async () => {
  const { near, clock, server } = c1222Pair();
  let closed = false;
  near.listen({ received: () => {}, closed: () => (closed = true) });
  for (const octet of whole.subarray(0, 10)) {
    near.write(Uint8Array.of(octet));
    await quiet();
    expect(closed).toBe(false);
    clock.advance(3000);
    await quiet();
  }
  expect([closed, server.sessions]).toEqual([true, 0]);
});

test("a segment that covers another in part ends the message", () => {
  const [first] = segmentsOf(pieces);
  const shifted = { ...first!, offset: 3, bytes: first!.bytes.slice(3) };
  const step = takeSegment(takeSegment(emptyReassembly, first!, 0, defaultReassembly).state, shifted, 0, defaultReassembly);
  expect(step.state.size).toBe(0);
});

test("a stream is cut into its messages wherever its chunks end", () => {
  const messages = [whole, pieces[0]!, pieces[6]!];
  const stream = Uint8Array.from(messages.flatMap((message) => [...message]));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const splitter = new ApduSplitter(65_536);
      const out: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = sizes[turn % sizes.length]!;
        out.push(...splitter.take(stream.subarray(at, at + size)));
        at += size;
      }
      expect(out).toEqual(messages);
      expect(splitter.midway).toBe(false);
    }),
  );
});

test.each([
  ["no message begins there", Uint8Array.of(0x61, 1, 2)],
  ["an indefinite length", Uint8Array.of(0x60, 0x80)],
  ["a length beyond the largest message", Uint8Array.of(0x60, 0x83, 1, 0, 0)],
])("a stream out of step is given up: %s", (_, bytes) => {
  expect(() => new ApduSplitter(65_536).take(bytes)).toThrow(expect.objectContaining({ code: "bad-apdu" }));
});

test("a message that never ends closes its stream", async () => {
  const { near, clock, run } = c1222Pair();
  const closed = new Promise<void>((resolve) => near.listen({ received: () => {}, closed: () => resolve() }));
  near.write(Uint8Array.of(0x60, 0x40, 1, 2, 3));
  await run(closed);
  expect(clock.now() - new FakeClock().now()).toBe(30_000);
});

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

test.each(seeds)("over a network that loses, doubles, delays and damages datagrams a session does everything once (seed %i)", async (seed) => {
  const faults = { lose: 0.05, duplicate: 0.1, corrupt: 0.02, delay: 300 };
  const { client, run, tables, calls, faultsSeen } = c1222Pair({ over: "datagrams", faults, seed, client: { attempts: 20, timeout: 1000 } });
  await run(client.logon(1, "x"));
  await run(client.security("secret"));
  for (let round = 0; round < 5; round++) {
    await run(client.writeTable(2049, Uint8Array.of(round, round, round)));
    expect(await run(client.readOffset(64, 100 * round, 700))).toEqual(tables.get(64)?.slice(100 * round, 100 * round + 700));
  }
  expect(tables.get(2049)).toEqual(Uint8Array.of(4, 4, 4));
  expect(calls().filter((call) => call.startsWith("write"))).toHaveLength(5);
  expect(faultsSeen).toEqual([]);
});

test("where nothing gets through, a call fails after its attempts and the next one works when the network does", async () => {
  const faults = { lose: 1 };
  const { client, run, clock } = c1222Pair({ over: "datagrams", faults });
  const start = clock.now();
  await expect(run(client.identify())).rejects.toMatchObject({ code: "timeout", kind: "link", message: expect.stringContaining("asked 3 times") });
  expect(clock.now() - start).toBe(15_000);
  faults.lose = 0;
  expect(await run(client.identify())).toMatchObject({ standard: 3 });
});

test("over a stream a message is sent once: what was given to it arrives, or the stream ends", async () => {
  const { client, run, clock, far } = c1222Pair({ client: { timeout: 2000 } });
  let heard = 0;
  far.listen({ received: () => heard++, closed: () => {} });
  const start = clock.now();
  await expect(run(client.identify())).rejects.toMatchObject({ code: "timeout", message: expect.not.stringContaining("times") });
  expect([clock.now() - start, heard]).toEqual([2000, 1]);
});

test("a closed stream fails every call, now and later", async () => {
  const { client, run, server } = c1222Pair();
  const asked = client.identify();
  server.close();
  await expect(run(asked)).rejects.toMatchObject({ code: "hung-up", kind: "link" });
  await expect(run(client.identify())).rejects.toMatchObject({ code: "hung-up" });
});

test("wrong keys are told of where no true answer comes", async () => {
  const keys = new KeyRing([{ id: 1, key: new Uint8Array(16) }]);
  const { client, run, refused } = c1222Pair({ server: { keys } });
  await expect(run(client.readTable(0))).rejects.toMatchObject({ code: "sme", message: expect.stringContaining("as far as an unprotected answer can be believed") });
  expect(refused).toEqual(["not-authentic"]);
});
