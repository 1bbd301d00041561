import { describe, expect, test } from "vitest";
import { encodeRequest } from "../../services/encode-request.ts";
import { attacked, password, read, untouched, whole, written } from "../../testing/attacked-node.ts";
import { apTitle } from "../apdu/ap-title.ts";
import { encodeApdu } from "../apdu/encode-apdu.ts";
import { encodeSecurity } from "../epsem/session-services.ts";

describe("over datagrams nobody's address can be flooded", () => {
  test("a recorded request under another address draws no answer, and under its own only so many", () => {
    const { made, send, sent, calls } = attacked();
    const message = made(whole);
    send(message);
    send(message, "a victim");
    expect(sent).toHaveLength(1);
    for (let again = 0; again < 200; again++) send(message);
    expect(sent.length).toBeLessThanOrEqual(40);
    expect(calls().filter((call) => call.startsWith("write"))).toHaveLength(1);
  });

  test("what proves nothing is answered 32 times in a row, then 8 times a second; proven senders are answered all the same", () => {
    const { made, send, sent, clock } = attacked();
    const identify = encodeRequest({ service: "identify" });
    for (let index = 0; index < 100; index++) send(made(whole, { id: 9 }), `victim ${index}`);
    for (let index = 0; index < 100; index++) send(made([identify], { mode: 0 }), `victim ${index}`);
    expect(sent).toHaveLength(32);
    send(made([encodeSecurity({ password, userId: 1 }), read]));
    expect(sent).toHaveLength(33);
    clock.advance(1000);
    for (let index = 0; index < 100; index++) send(made(whole, { id: 9 }));
    expect(sent).toHaveLength(41);
  });

  test("an answer to what proves nothing is hardly longer than that was", () => {
    const { made, send, sent } = attacked();
    const smallest = encodeApdu({ callingInvocation: Uint8Array.of(2), content: Uint8Array.of(0x80, 1, 0x30) });
    send(smallest);
    expect(sent[0]!.length).toBeLessThanOrEqual(3 * smallest.length);
    const longest = encodeApdu({ callingInvocation: Uint8Array.of(2), mechanism: new Uint8Array(64).fill(1), content: Uint8Array.of(0x88, ...new Uint8Array(40)) });
    send(longest);
    expect(sent[1]!.length).toBeLessThanOrEqual(longest.length);
    send(made([encodeRequest({ service: "identify" })], { mode: 0 }));
    expect(sent[2]!.length).toBeLessThanOrEqual(160);
  });
});

test("messages in clear, from as many senders as one likes, push out no proven client's answer", () => {
  const { made, send, sent, refused, calls } = attacked({ server: { sessions: 4 } });
  const message = made(whole);
  send(message);
  const identify = encodeRequest({ service: "identify" });
  for (let index = 0; index < 20; index++) send(made([identify], { mode: 0, calling: apTitle(`.9.${index}`) }));
  send(message);
  expect(sent.at(-1)).toEqual(sent[0]);
  expect([refused, calls().filter((call) => call.startsWith("write"))]).toEqual([[], ["write 3 at 0 of manufacturer table 1"]]);
});

test("an identification in clear, in a client's name, does not prolong that client's session", async () => {
  const { made, send, client, run, clock, server } = attacked({ client: { idleTimeout: 30 } });
  await run(client.logon(1, ""));
  for (let second = 0; second < 30; second++) {
    send(made([encodeRequest({ service: "identify" })], { mode: 0 }));
    clock.advance(1000);
  }
  expect(server.sessions).toBe(0);
});

test("logons in many names keep nobody out: a session without a password makes room, one with it does not", async () => {
  const { client, run, join, server, calls } = attacked({ server: { sessions: 3, longestIdle: 3600 } });
  await run(Promise.all([client.logon(1, "true"), client.security("secret")]));
  for (let index = 0; index < 20; index++) await run(join({ calling: apTitle(`.9.${index}`) }).logon(9, "flood"));
  expect(server.sessions).toBe(3);
  await run(client.writeTable(2049, written));
  const late = join({ calling: apTitle(".8") });
  await run(Promise.all([late.logon(2, "late"), late.security("secret")]));
  const later = join({ calling: apTitle(".7") });
  await run(Promise.all([later.logon(3, "later"), later.security("secret")]));
  await expect(run(join({ calling: apTitle(".6") }).logon(4, ""))).rejects.toMatchObject({ code: "bsy" });
  expect(calls().filter((call) => call === "terminated: silent")).toHaveLength(20);
});

describe("what a group hears", () => {
  test("is done where it proves its sender, and answered only where it calls this node by its title", () => {
    const { made, sendToGroup, sent, tables } = attacked();
    sendToGroup(made(whole, { called: null }));
    expect([tables.get(2049), sent]).toEqual([written, []]);
    tables.get(2049)?.set(untouched);
    sendToGroup(made(whole));
    expect([tables.get(2049), sent.length]).toEqual([written, 1]);
  });

  test("is refused in silence: a forged one, one in clear, one for another node", () => {
    const { made, sendToGroup, sent, tables } = attacked();
    sendToGroup(made(whole, { id: 9 }));
    sendToGroup(made(whole, { mode: 0 }));
    sendToGroup(made(whole, { called: apTitle(".123.9999") }));
    expect([tables.get(2049), sent]).toEqual([untouched, []]);
  });
});
