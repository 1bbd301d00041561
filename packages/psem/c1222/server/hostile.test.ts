import { quiet } from "@metersmith/base/until-settled";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attacked, password, read, untouched, whole, write, written, type Making } from "../../testing/attacked-node.ts";
import { c1222Pair, headPlace, headTitle, meterPlace, meterTitle, someKey } from "../../testing/c1222-pair.ts";
import { encodeRequest } from "../../services/encode-request.ts";
import { apTitle } from "../apdu/ap-title.ts";
import { decodeApdu } from "../apdu/decode-apdu.ts";
import { encodeApdu } from "../apdu/encode-apdu.ts";
import type { SecurityMode } from "../epsem/epsem.ts";
import { encodeSecurity } from "../epsem/session-services.ts";
import { KeyRing } from "../security/key-ring.ts";

test("the attacks below would succeed with the right key: the message itself writes", () => {
  const { made, send, tables } = attacked();
  send(made(whole));
  expect(tables.get(2049)).toEqual(written);
});

describe("no table is changed by a message that does not prove its sender", () => {
  test.each<[string, Making, string]>([
    ["in clear where protection is agreed", { mode: 0 }, "not-authentic"],
    ["under another key of the same number", { key: new Uint8Array(16) }, "not-authentic"],
    ["under a number that is not held", { id: 9 }, "unknown-key"],
  ])("%s", (_, how, code) => {
    const { made, send, tables, refused, codes } = attacked();
    send(made(whole, how));
    expect([tables.get(2049), refused, codes()]).toEqual([untouched, [code], [0x0b]]);
  });

  test("with one bit changed anywhere", () => {
    fc.assert(
      fc.property(fc.nat(), (place) => {
        const { made, send, tables, calls } = attacked();
        const message = made(whole);
        const bit = place % (8 * message.length);
        message[bit >> 3] = (message[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        send(message);
        expect([tables.get(2049), calls()]).toEqual([untouched, []]);
      }),
      { numRuns: 400 },
    );
  });

  test("sent a second time, from elsewhere, after an answer in between", () => {
    const { made, send, tables, refused, calls } = attacked();
    const message = made(whole);
    send(message);
    send(made([encodeSecurity({ password, userId: 1 }), read]));
    tables.get(2049)?.set(untouched);
    const before = calls().length;
    send(message);
    expect([tables.get(2049), refused, calls().length]).toEqual([untouched, ["replayed"], before]);
  });

  test("recorded long ago", () => {
    const { made, send, tables, refused, codes, clock } = attacked();
    const message = made(whole);
    clock.advance(902_000);
    send(message);
    expect([tables.get(2049), refused, codes().length]).toEqual([untouched, ["replayed"], 1]);
  });

  test("less protected than the session that it claims to belong to", async () => {
    const { made, send, tables, client, run, refused } = attacked({ server: { leastMode: 0 } });
    await run(Promise.all([client.logon(1, ""), client.security("secret")]));
    send(made([write], { mode: 0 }));
    send(made([write], { mode: 1 }));
    expect([tables.get(2049), refused]).toEqual([untouched, ["not-authentic", "not-authentic"]]);
  });

  test("under another key than the session that it claims to belong to", async () => {
    const other = new Uint8Array(16).fill(9);
    const keys = new KeyRing([{ id: 1, key: someKey }, { id: 2, key: other }], 1);
    const { made, send, tables, client, run, refused } = attacked({ server: { keys } });
    await run(Promise.all([client.logon(1, ""), client.security("secret")]));
    send(made([write], { key: other, id: 2 }));
    expect([tables.get(2049), refused]).toEqual([untouched, ["not-authentic"]]);
  });

  test("to another node, or without a password", () => {
    const { made, send, tables } = attacked();
    send(made(whole, { called: apTitle(".123.9999") }));
    send(made([write]));
    send(made([encodeSecurity({ password: new Uint8Array(20), userId: 1 }), write]));
    send(made([encodeSecurity({ password }), write]));
    expect(tables.get(2049)).toEqual(untouched);
  });
});

test("a key taken out of use opens nothing from its end on; the new one works before and after", () => {
  const keys = new KeyRing([{ id: 1, key: someKey }]);
  const { made, send, tables, clock } = attacked({ server: { keys } });
  const fresh = new Uint8Array(16).fill(7);
  keys.rotate({ id: 2, key: fresh }, clock.now() + 10_000);
  send(made(whole));
  expect(tables.get(2049)).toEqual(written);
  tables.get(2049)?.set(untouched);
  clock.advance(10_000);
  send(made(whole));
  expect(tables.get(2049)).toEqual(untouched);
  send(made(whole, { key: fresh, id: 2 }));
  expect(tables.get(2049)).toEqual(written);
});

describe("a session whose key is rotated while it is open", () => {
  const fresh = new Uint8Array(16).fill(7);
  const rotating = () => {
    const keys = new KeyRing([{ id: 1, key: someKey }]);
    return { ...attacked({ server: { keys } }), keys };
  };

  test("goes on under the new key, which is its key from then on", async () => {
    const { made, send, tables, client, run, clock, keys, refused } = rotating();
    await run(Promise.all([client.logon(1, ""), client.security("secret")]));
    keys.rotate({ id: 2, key: fresh }, clock.now() + 10_000);
    send(made([write], { key: fresh, id: 2 }));
    expect(tables.get(2049)).toEqual(written);
    tables.get(2049)?.set(untouched);
    send(made([write]));
    expect([tables.get(2049), refused]).toEqual([untouched, ["not-authentic"]]);
    clock.advance(10_000);
    send(made([write], { key: fresh, id: 2 }));
    expect(tables.get(2049)).toEqual(written);
  });

  test("is not taken over under the new key once the old one opens nothing any more", async () => {
    const { made, send, tables, client, run, clock, keys, refused } = rotating();
    await run(Promise.all([client.logon(1, ""), client.security("secret")]));
    keys.rotate({ id: 2, key: fresh }, clock.now() + 10_000);
    clock.advance(10_000);
    send(made([write], { key: fresh, id: 2 }));
    expect([tables.get(2049), refused]).toEqual([untouched, ["not-authentic"]]);
  });
});

test("a message heard twice at once is answered twice and done once", () => {
  const { made, send, sent, calls } = attacked();
  const message = made(whole);
  send(message);
  send(message);
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual(sent[0]);
  expect(calls().filter((call) => call.startsWith("write"))).toHaveLength(1);
});

test("answers come as the message asked: always, on an exception, never", () => {
  const { made, send, sent } = attacked();
  const absent = encodeRequest({ service: "read", table: 99 });
  const good = [encodeSecurity({ password, userId: 1 }), read];
  send(made(good, { response: "never" }));
  send(made(good, { response: "on-exception" }));
  expect(sent).toHaveLength(0);
  send(made([...good, absent], { response: "on-exception" }));
  send(made(good));
  expect(sent).toHaveLength(2);
});

test("an answer of another node is never answered: two nodes cannot keep each other busy", () => {
  const { send, sent, refused } = attacked();
  send(encodeApdu({ called: meterTitle, calling: headTitle, calledInvocation: Uint8Array.of(1), callingInvocation: Uint8Array.of(2), content: Uint8Array.of(0x80, 1, 0x0b) }));
  send(encodeApdu({ called: meterTitle, calling: headTitle, callingInvocation: Uint8Array.of(2), qualifier: 4, content: Uint8Array.of(0x80, 1, 0x30) }));
  expect([sent.length, refused]).toEqual([0, ["bad-apdu", "not-authentic"]]);
});

test("any bytes, or any protected services: no fault, bounded answers, no table changed", () => {
  const service = fc.uint8Array({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 120 }), fc.array(service, { maxLength: 5 })),
      fc.constantFrom<SecurityMode>(0, 1, 2),
      (input, mode) => {
        const { made, send, sent, tables, faultsSeen } = attacked({ server: { leastMode: 0 } });
        send(Array.isArray(input) ? made(input, { mode }) : input);
        expect([tables.get(2049), faultsSeen]).toEqual([untouched, []]);
        expect(sent.length).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 400 },
  );
});

test("any bytes on a stream leave the node as it was: the stream goes on, or is closed in the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 6 }), async (chunks) => {
      const { near, clock, faultsSeen, server, tables } = c1222Pair();
      let closed = false;
      near.listen({ received: () => {}, closed: () => (closed = true) });
      for (const chunk of chunks) near.write(chunk);
      await quiet();
      clock.advance(30_000);
      await quiet();
      if (chunks[0]?.[0] !== 0x60) expect(closed).toBe(true);
      expect([faultsSeen, server.sessions, tables.get(2049)]).toEqual([[], 0, untouched]);
    }),
    { numRuns: 30 },
  );
});

test("what a peer says falsely costs a client its answer and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }), async (garbage) => {
      const { network, client, run, tables } = c1222Pair({ over: "datagrams" });
      const attacker = network.open({ host: "203.0.113.9", port: 4 });
      const asked = client.identify().then(() => client.logon(1, "")).then(() => client.readTable(6));
      for (const bytes of garbage) attacker.send(bytes, headPlace);
      for (const bytes of garbage) attacker.send(bytes, meterPlace);
      expect(await run(asked)).toEqual(tables.get(6));
    }),
    { numRuns: 20 },
  );
});

test("a clear refusal forged on the way is not believed while the true answer comes", async () => {
  const { network, client, run, tables, send, sent } = attacked({ over: "datagrams" });
  await run(client.logon(1, ""));
  const forger = network.open(meterPlace);
  forger.listen({
    received: (bytes) => {
      const { callingInvocation } = decodeApdu(bytes).apdu;
      const content = Uint8Array.of(0x80, 1, 0x0b);
      forger.send(encodeApdu({ called: headTitle, calling: meterTitle, calledInvocation: callingInvocation, callingInvocation, content }), headPlace);
      send(bytes);
      forger.send(sent.at(-1)!, headPlace);
    },
    closed: () => {},
  });
  const asked = client.readTable(6);
  expect(await run(asked)).toEqual(tables.get(6));
});
