import { describe, expect, test } from "vitest";
import { encodeRequest } from "../../services/encode-request.ts";
import { attacked, read, untouched, whole, write, written } from "../../testing/attacked-node.ts";
import { someKey } from "../../testing/c1222-pair.ts";
import { decodeApdu } from "../apdu/decode-apdu.ts";
import { networkCode } from "../epsem/session-services.ts";
import { KeyRing } from "../security/key-ring.ts";

const vectorOf = (message: Uint8Array) => decodeApdu(message).apdu.authentication?.iv;
const identify = encodeRequest({ service: "identify" });
const otherKey = new Uint8Array(16).fill(9);
const other = { key: otherKey, id: 2 } as const;

/** A node with two keys, and a client's session under the first in which the password was given. */
async function overheard() {
  const keys = new KeyRing([{ id: 1, key: someKey }, { id: 2, key: otherKey }], 1);
  const node = attacked({ server: { keys } });
  await node.run(Promise.all([node.client.logon(1, "true"), node.client.security("secret")]));
  return node;
}

describe("who holds another key of the node does not get into a client's session by its title", () => {
  test("not by an identification, which everybody may send", async () => {
    const { made, send, tables, refused, client, run } = await overheard();
    send(made([identify], other));
    send(made([write], other));
    expect([tables.get(2049), refused]).toEqual([untouched, ["not-authentic"]]);
    await run(client.writeTable(2049, written));
    expect(tables.get(2049)).toEqual(written);
  });

  test.each([
    ["that is none", Uint8Array.of(0x50)],
    ["cut short", Uint8Array.of(0x50, 0, 1, 0x41)],
  ])("not behind a logon %s", async (_, logon) => {
    const { made, send, tables, calls } = await overheard();
    const before = calls().length;
    send(made([logon, write, read], other));
    expect([tables.get(2049), calls().slice(before)]).toEqual([untouched, []]);
  });

  test("nor does it end it so", async () => {
    const { made, send, server, client, run } = await overheard();
    send(made([Uint8Array.of(0x50), Uint8Array.of(networkCode.disconnect)], other));
    send(made([Uint8Array.of(0x50), encodeRequest({ service: "terminate" })], other));
    expect(server.sessions).toBe(1);
    await run(client.writeTable(2049, written));
  });

  test("a logon of its own begins a session without the client's rights", async () => {
    const { made, send, tables, client, run } = await overheard();
    const logon = encodeRequest({ service: "logon", userId: 1, user: new Uint8Array(10).fill(32) });
    send(made([logon, write], other));
    expect(tables.get(2049)).toEqual(untouched);
    await expect(run(client.writeTable(2049, written))).rejects.toMatchObject({ code: "sme" });
  });
});

test("a session begun in clear, where that is allowed, stays its client's: a protected message in its name does not turn it into one", async () => {
  const { made, send, client, run, tables } = attacked({ mode: 0, server: { keys: new KeyRing([{ id: 1, key: someKey }]), leastMode: 0 } });
  await run(Promise.all([client.logon(1, ""), client.security("secret")]));
  send(made([identify]));
  await run(client.writeTable(2049, written));
  expect(tables.get(2049)).toEqual(written);
});

describe("a message that somebody kept back", () => {
  test("is refused once its vector is too old, also where another message of that second was taken", () => {
    const { made, send, tables, refused, clock } = attacked();
    // Every other message has the same vector: those of this maker count two seconds in turn.
    const [taken, , kept] = [made(whole), made(whole), made(whole)];
    expect(vectorOf(kept)).toEqual(vectorOf(taken));
    send(taken);
    tables.get(2049)?.set(untouched);
    clock.advance(3_600_000);
    send(kept);
    expect([tables.get(2049), refused]).toEqual([untouched, ["replayed"]]);
  });
});

test("a message without a calling title, recorded and sent from elsewhere, is not done again", () => {
  const { made, send, tables, refused } = attacked();
  for (const calling of [null, { tag: 0x80, octets: new Uint8Array(0) }] as const) {
    const message = made(whole, { calling });
    send(message, "the client");
    expect(tables.get(2049)).toEqual(written);
    tables.get(2049)?.set(untouched);
    send(message, "somebody else");
    expect([tables.get(2049), refused.splice(0)]).toEqual([untouched, ["replayed"]]);
  }
});

describe("old messages, sent by somebody who recorded them", () => {
  test("do not cost the client the answer to its last one", () => {
    const { made, send, sent, calls, clock } = attacked();
    const old = made(whole);
    clock.advance(3_600_000);
    const last = made(whole);
    send(last, "the client");
    send(old, "the client");
    send(last, "the client");
    expect(sent.at(-1)).toEqual(sent[0]);
    expect(calls().filter((call) => call.startsWith("write"))).toHaveLength(1);
  });

  test("draw no more answers than what proves nothing", () => {
    const { made, send, sent, clock } = attacked();
    const recorded = Array.from({ length: 100 }, () => made(whole));
    clock.advance(3_600_000);
    for (const old of recorded) send(old, "a victim");
    expect(sent).toHaveLength(32);
  });
});
