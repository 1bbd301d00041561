import { expect, test } from "vitest";
import { c1222Pair, type PairOptions } from "../../testing/c1222-pair.ts";
import { apTitle } from "../apdu/ap-title.ts";

const ways: readonly PairOptions[] = [0, 1, 2].flatMap((mode) => [
  { over: "stream", mode: mode as 0 | 1 | 2 },
  { over: "datagrams", mode: mode as 0 | 1 | 2 },
]);

test.each(ways)("a session from identification to logoff over $over in security mode $mode", async (way) => {
  const { client, run, tables, calls, server, faultsSeen, refused } = c1222Pair(way);
  expect(await run(client.identify())).toMatchObject({ standard: 3, features: [{ kind: "security-mechanism" }, { kind: "sessions", sessionless: true }] });
  await run(client.negotiate(1024, 32));
  await run(client.logon(2, "metersmith"));
  await run(client.security("secret"));
  expect(server.sessions).toBe(1);
  expect(await run(client.readTable(64))).toEqual(tables.get(64));
  expect(await run(client.readOffset(6, 200, 39))).toEqual(tables.get(6)?.slice(200));
  await run(client.writeTable(2049, Uint8Array.of(7, 8, 9)));
  await run(client.writeOffset(6, 100, Uint8Array.of(0xaa)));
  await run(client.wait(20));
  await run(client.logoff());
  expect([tables.get(2049), tables.get(6)?.[100], server.sessions]).toEqual([Uint8Array.of(7, 8, 9), 0xaa, 0]);
  expect([faultsSeen, refused]).toEqual([[], []]);
  expect(calls().slice(1)).toEqual([
    "logon 2 metersmith", "security right", "read table 64", "read 39 at 200 of table 6",
    "write 3 at 0 of manufacturer table 1", "write 1 at 100 of table 6", "logoff", "terminated: terminated",
  ]);
});

test.each(ways)("without sessions each message carries user and password, over $over in security mode $mode", async (way) => {
  const { client, run, tables, calls, server } = c1222Pair({ ...way, client: { sessionless: true } });
  await run(client.logon(9, "tech"));
  await run(client.security("secret"));
  expect(calls()).toEqual([]);
  expect(await run(Promise.all([client.readTable(0), client.readTable(6)]))).toEqual([tables.get(0), tables.get(6)]);
  await run(client.writeTable(2049, Uint8Array.of(4, 5, 6)));
  await run(client.terminate());
  const message = ["logon 9 ", "security right"];
  expect(calls()).toEqual([
    ...message, "read table 0", "read table 6", "terminated: terminated",
    ...message, "write 3 at 0 of manufacturer table 1", "terminated: terminated",
  ]);
  expect(server.sessions).toBe(0);
});

test("without sessions a wrong password refuses the services behind it in its own words", async () => {
  const { client, run, tables } = c1222Pair({ client: { sessionless: true } });
  await run(client.logon(9, "tech"));
  await run(client.security("wrong"));
  await expect(run(client.writeTable(2049, Uint8Array.of(4, 5, 6)))).rejects.toMatchObject({ code: "err", message: expect.stringContaining("accept the password") });
  expect(tables.get(2049)).toEqual(Uint8Array.of(1, 2, 3));
});

test("calls made at once travel in one message, answers in their order", async () => {
  const lines: string[] = [];
  const { client, run, tables, near } = c1222Pair({ client: { trace: (line) => lines.push(line) } });
  let messages = 0;
  const write = near.write.bind(near);
  near.write = (bytes) => (messages++, write(bytes));
  const together = Promise.all([client.logon(1, ""), client.security("secret"), client.readTable(0), client.readTable(6)]);
  expect((await run(together)).slice(2)).toEqual([tables.get(0), tables.get(6)]);
  expect(messages).toBe(1);
  expect(lines.filter((line) => line.startsWith(">"))).toHaveLength(4);
});

test("a refused service does not keep the others of its message from being served", async () => {
  const { client, run, tables } = c1222Pair();
  await run(client.logon(1, ""));
  const outcomes = await run(Promise.allSettled([client.readTable(99), client.readTable(0), client.writeTable(6, new Uint8Array(239))]));
  expect(outcomes).toMatchObject([
    { status: "rejected", reason: { code: "onp", context: { table: 99 } } },
    { status: "fulfilled", value: tables.get(0) },
    { status: "rejected", reason: { code: "isc", context: { table: 6 } } },
  ]);
});

test("a session survives the end of its connection and goes on over another", async () => {
  const { client, run, server, near, join, tables } = c1222Pair();
  await run(client.logon(1, ""));
  near.close();
  await expect(run(client.readTable(0))).rejects.toMatchObject({ code: "hung-up" });
  expect(server.sessions).toBe(1);
  expect(await run(join({}).readTable(0))).toEqual(tables.get(0));
});

test("an idle session ends after the time agreed; a message prolongs it, a wait once more", async () => {
  const { client, run, server, clock, calls } = c1222Pair({ client: { idleTimeout: 30 } });
  await run(client.logon(1, ""));
  clock.advance(29_999);
  await run(client.wait(100));
  clock.advance(129_999);
  expect(server.sessions).toBe(1);
  clock.advance(1);
  expect(server.sessions).toBe(0);
  expect(calls().at(-1)).toBe("terminated: silent");
  await expect(run(client.readTable(0))).rejects.toMatchObject({ code: "isss" });
});

test("the session with the shorter time ends first, whichever was opened first", async () => {
  const { client, run, server, clock, join } = c1222Pair({ client: { idleTimeout: 200 } });
  await run(client.logon(1, ""));
  await run(join({ calling: apTitle(".9"), idleTimeout: 10 }).logon(2, ""));
  expect(server.sessions).toBe(2);
  clock.advance(10_000);
  expect(server.sessions).toBe(1);
  clock.advance(190_000);
  expect(server.sessions).toBe(0);
});

test("sessions of two clients are two", async () => {
  const { client, run, join, calls } = c1222Pair();
  const other = join({ calling: apTitle(".9") });
  await run(client.logon(1, "one"));
  await run(other.logon(2, "two"));
  await run(client.security("secret"));
  await run(client.writeTable(2049, Uint8Array.of(6, 6, 6)));
  await expect(run(other.writeTable(2049, Uint8Array.of(7, 7, 7)))).rejects.toMatchObject({ code: "isc" });
  expect(calls()).toContain("logon 2 two");
});

test("a logon in an open session begins a new one: the client may have lost the old", async () => {
  const { client, run, server, calls } = c1222Pair();
  await run(client.logon(1, "first"));
  await run(client.logon(1, "second"));
  expect(server.sessions).toBe(1);
  expect(calls()).toEqual(["logon 1 first", "terminated: terminated", "logon 1 second"]);
});

test("sessions beyond the limit are refused as busy", async () => {
  const { client, run } = c1222Pair({ server: { sessions: 0 } });
  await expect(run(client.logon(1, ""))).rejects.toMatchObject({ code: "bsy" });
});

test("an answer beyond the largest is refused as rstl with its size", async () => {
  const { client, run } = c1222Pair({ server: { largestAnswer: 1024 } });
  await run(client.logon(1, ""));
  await expect(run(client.readTable(64))).rejects.toMatchObject({ code: "rstl", context: { largest: expect.any(Number) } });
  expect(await run(client.readOffset(64, 0, 700))).toHaveLength(700);
});

test("answers of one message share its room: what no longer fits is refused, not lost", async () => {
  const { client, run } = c1222Pair({ server: { largestAnswer: 4000 } });
  await run(client.logon(1, ""));
  const outcomes = await run(Promise.allSettled([client.readTable(64), client.readTable(64), client.readTable(0)]));
  expect(outcomes).toMatchObject([{ status: "fulfilled" }, { reason: { code: "rstl" } }, { status: "fulfilled" }]);
});

test("a request beyond the message is not sent", async () => {
  const { client, run, calls } = c1222Pair({ client: { largestMessage: 512 } });
  expect([client.largestRead, client.largestWrite]).toEqual([252, 247]);
  await expect(run(client.writeTable(64, new Uint8Array(300)))).rejects.toMatchObject({ code: "too-large", kind: "misuse" });
  expect(calls()).toEqual([]);
});

test("no trace and no message ever holds a password or table data", async () => {
  const lines: string[] = [];
  const trace = (line: string): void => void lines.push(line);
  const { client, run } = c1222Pair({ client: { trace }, server: { trace } });
  await run(client.logon(1, "tech"));
  await run(client.security("secret"));
  await run(client.writeOffset(6, 0, Uint8Array.of(0xde, 0xad)));
  const refusal = await run(client.security("other-pass").catch((error: unknown) => error));
  const text = [...lines, JSON.stringify(refusal), String(refusal)].join("\n");
  expect(text).toContain("request: accept the password");
  expect(text).not.toMatch(/secret|736563726574|other-pass|dead/i);
});

test("a cancelled call rejects with the signal's reason and the next call still gets its own answer", async () => {
  const { client, run, tables } = c1222Pair();
  await run(client.logon(1, ""));
  const controller = new AbortController();
  const cancelled = client.readTable(0, { signal: controller.signal });
  await Promise.resolve();
  const queued = client.readTable(0, { signal: controller.signal });
  const next = client.readTable(6);
  controller.abort(new Error("the person pressed stop"));
  await expect(cancelled).rejects.toThrow("the person pressed stop");
  await expect(queued).rejects.toThrow("the person pressed stop");
  expect(await run(next)).toEqual(tables.get(6));
});

test("a device that throws draws err and is told of as a fault; the session goes on", async () => {
  const { client, run, devices, faultsSeen } = c1222Pair();
  await run(client.logon(1, ""));
  devices[0]!.read = () => {
    throw new Error("bug in the device");
  };
  await expect(run(client.readTable(0))).rejects.toMatchObject({ code: "err" });
  expect(faultsSeen).toHaveLength(1);
  await run(client.logoff());
});

test.each([false, true])("the largest read and write that a client offers go through (without a session: %s)", async (sessionless) => {
  const { client, run, tables } = c1222Pair({ client: { sessionless } });
  tables.set(64, new Uint8Array(20_000));
  await run(Promise.all([client.logon(1, ""), client.security("secret")]));
  expect(await run(client.readOffset(64, 1, client.largestRead))).toHaveLength(client.largestRead);
  await run(client.writeOffset(64, 1, new Uint8Array(client.largestWrite).fill(7)));
  expect(tables.get(64)?.lastIndexOf(7)).toBe(client.largestWrite);
});
