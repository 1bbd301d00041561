import { memoryChannelPair } from "@metersmith/base/byte-channel";
import { FakeClock } from "@metersmith/base/clock";
import { untilSettled } from "@metersmith/base/until-settled";
import { expect, test } from "vitest";
import { openPsemClient, servePsem, type PsemClientOptions, type PsemServerOptions } from "../index.ts";
import { MemoryDevice } from "../testing/memory-device.ts";

function connected(clientOptions: PsemClientOptions = {}, serverOptions: PsemServerOptions = {}) {
  const clock = new FakeClock();
  const [near, far] = memoryChannelPair();
  const device = new MemoryDevice([
    [0, Uint8Array.from({ length: 40 }, (_, index) => index)],
    [6, Uint8Array.from({ length: 239 }, (_, index) => index)],
    [2049, Uint8Array.of(1, 2, 3)],
  ]);
  const server = servePsem(far, clock, device, serverOptions);
  const client = openPsemClient(near, clock, clientOptions);
  const run = <Value>(promise: Promise<Value>): Promise<Value> => untilSettled(clock, promise);
  return { clock, near, far, device, server, client, run };
}

test("a session from identification to terminate", async () => {
  const { client, device, run } = connected();
  expect(await run(client.identify())).toEqual({ standard: 0, version: 2, revision: 0, features: [] });
  expect(await run(client.negotiate(512, 4, [115_200, 9600]))).toEqual({ packetSize: 512, packets: 4, baud: 9600 });
  await run(client.logon(2, "metersmith"));
  await run(client.security("secret"));
  expect(await run(client.readTable(6))).toEqual(device.tables.get(6));
  expect(await run(client.readOffset(6, 200, 39))).toEqual(device.tables.get(6)?.slice(200));
  await run(client.writeTable(2049, Uint8Array.of(7, 8, 9)));
  await run(client.writeOffset(6, 100, Uint8Array.of(0xaa)));
  await run(client.wait(20));
  await run(client.logoff());
  await run(client.terminate());
  expect(device.tables.get(2049)).toEqual(Uint8Array.of(7, 8, 9));
  expect(device.calls).toEqual([
    "identify", "logon 2 metersmith", "security right", "read table 6", "read 39 at 200 of table 6",
    "write 3 at 0 of manufacturer table 1", "write 1 at 100 of table 6", "logoff", "terminated: terminated",
  ]);
});

test("a second session follows the first on the same link", async () => {
  const { client, device, run } = connected();
  for (const round of [1, 2]) {
    await run(client.identify());
    await run(client.logon(round, "x"));
    expect(await run(client.readTable(0))).toHaveLength(40);
    await run(client.terminate());
  }
  expect(device.calls.filter((call) => call.startsWith("terminated"))).toHaveLength(2);
});

test("calls made at once run in their order", async () => {
  const { client, run } = connected();
  const all = Promise.all([client.identify(), client.negotiate(64, 5), client.logon(1, ""), client.readTable(6), client.readTable(0)]);
  const [, , , table6, table0] = await run(all);
  expect([table6.length, table0.length]).toEqual([239, 40]);
});

test("a refusal carries its code, the table and advice, and the session goes on", async () => {
  const { client, run } = connected();
  await run(client.identify());
  await run(client.logon(1, ""));
  await expect(run(client.readTable(99))).rejects.toMatchObject({
    code: "onp",
    kind: "peer-refused",
    message: "The meter refused to read table 99: operation not possible (onp). Check that the meter has this table or procedure.",
    context: { service: "read", table: 99 },
  });
  await expect(run(client.writeTable(0, new Uint8Array(40)))).rejects.toMatchObject({ code: "isc" });
  await expect(run(client.security("wrong"))).rejects.toMatchObject({ code: "err" });
  expect(await run(client.readTable(0))).toHaveLength(40);
});

test("services out of their state are refused as isss, without reaching the device", async () => {
  const { client, device, run } = connected();
  const outOfState = async (...calls: (() => Promise<unknown>)[]): Promise<void> => {
    for (const call of calls) await expect(run(call())).rejects.toMatchObject({ code: "isss" });
  };
  const inSession = [() => client.security("secret"), () => client.readTable(0), () => client.readOffset(0, 0, 1), () => client.writeTable(0, new Uint8Array(40)), () => client.writeOffset(0, 0, new Uint8Array(1)), () => client.logoff()];
  await outOfState(...inSession, () => client.logon(1, ""), () => client.negotiate(64, 1), () => client.wait(1));
  await run(client.identify());
  await outOfState(...inSession, () => client.identify());
  await run(client.logon(1, ""));
  await outOfState(() => client.logon(1, ""), () => client.negotiate(64, 1), () => client.identify());
  expect(device.calls).toEqual(["identify", "logon 1 "]);
});

test("an answer beyond what was negotiated is refused as rstl with its size", async () => {
  const { client, run } = connected();
  await run(client.identify());
  await run(client.logon(1, ""));
  expect(client.largestRead).toBe(52);
  await expect(run(client.readTable(6))).rejects.toMatchObject({ code: "rstl", context: { table: 6, largest: 56 } });
  expect(await run(client.readOffset(6, 0, 52))).toHaveLength(52);
});

test("an identification that the base packet does not carry is refused as rstl: the meter's end goes on", async () => {
  const { client, device, run } = connected();
  const large = Uint8Array.from({ length: 60 }, () => 1);
  const { identification } = device;
  device.identification = () => ({ standard: 0, version: 2, revision: 0, features: [{ kind: "device-identity", charFormat: 1, identification: large }] });
  await expect(run(client.identify())).rejects.toMatchObject({ code: "rstl", context: { largest: 56 } });
  device.identification = identification;
  expect(await run(client.identify())).toMatchObject({ version: 2 });
});

test("a request beyond what was negotiated is not sent", async () => {
  const { client, device, run } = connected();
  await run(client.identify());
  await run(client.logon(1, ""));
  await run(client.security("secret"));
  expect(client.largestWrite).toBe(47);
  await expect(run(client.writeOffset(6, 0, new Uint8Array(48)))).rejects.toMatchObject({ code: "too-large", kind: "misuse" });
  await run(client.writeOffset(6, 0, new Uint8Array(47)));
  expect(device.calls.at(-1)).toBe("write 47 at 0 of table 6");
});

test("a client that asks for more packets than the meter gives gets what the meter gives", async () => {
  const { client, run } = connected({}, { limit: { packetSize: 128, packets: 3 } });
  await run(client.identify());
  expect(await run(client.negotiate(8192, 255))).toEqual({ packetSize: 128, packets: 3 });
  expect(client.largestRead).toBe(3 * 120 - 4);
});

test("terminate puts both ends back to base size and base baud", async () => {
  const rates: string[] = [];
  const { client, run } = connected(
    { onBaud: (rate) => rates.push(`client ${rate}`) },
    { bauds: [9600, 38_400], onBaud: (rate) => rates.push(`meter ${rate}`) },
  );
  await run(client.identify());
  expect(await run(client.negotiate(512, 4, [115_200, 38_400]))).toMatchObject({ baud: 38_400 });
  await run(client.terminate());
  await run(client.identify());
  expect(client.largestRead).toBe(52);
  expect(rates.toSorted()).toEqual(["client 38400", "client 9600", "meter 38400", "meter 9600"]);
});

test.each([
  ["packet size", (client: ReturnType<typeof connected>["client"]) => client.negotiate(15, 1)],
  ["number of packets", (client) => client.negotiate(64, 256)],
  ["bauds", (client) => client.negotiate(64, 1, [1234])],
  ["user id", (client) => client.logon(65_536, "")],
  ["user", (client) => client.logon(1, "elevenchars")],
  ["password", (client) => client.security("twenty-one characters")],
  ["password", (client) => client.security(new Uint8Array(19))],
  ["table number", (client) => client.readTable(-1)],
  ["offset", (client) => client.readOffset(1, 2 ** 24, 1)],
  ["count", (client) => client.readOffset(1, 0, 0)],
  ["table data", (client) => client.writeTable(1, new Uint8Array(65_536))],
  ["seconds to wait", (client) => client.wait(256)],
] satisfies [string, (client: ReturnType<typeof connected>["client"]) => Promise<unknown>][])(
  "an argument out of its range is refused before anything is sent: %s",
  async (field, call) => {
    const { client, device } = connected();
    await expect(call(client)).rejects.toMatchObject({ code: "bad-argument", context: { field } });
    expect(device.calls).toEqual([]);
  },
);

test("no message and no trace ever holds a password or table data", async () => {
  const lines: string[] = [];
  const trace = (line: string): void => void lines.push(line);
  const { client, run } = connected({ trace }, { trace });
  await run(client.identify());
  await run(client.logon(1, "tech"));
  await run(client.security("secret"));
  await run(client.writeOffset(6, 0, Uint8Array.of(0xde, 0xad)));
  const refusal = await run(client.security("other-pass")).catch((error: unknown) => error);
  const text = [...lines, JSON.stringify(refusal), String(refusal)].join("\n");
  expect(text).toContain("> request: accept the password");
  expect(text).not.toMatch(/secret|736563726574|other-pass|dead/i);
});

test("a cancelled call rejects with the signal's reason and the next call still gets its own answer", async () => {
  const { client, run } = connected();
  await run(client.identify());
  await run(client.logon(1, ""));
  const controller = new AbortController();
  const cancelled = client.readTable(0, { signal: controller.signal });
  const queued = client.readTable(6, { signal: controller.signal });
  const next = client.readOffset(0, 3, 2);
  controller.abort(new Error("the person pressed stop"));
  await expect(cancelled).rejects.toThrow("the person pressed stop");
  await expect(queued).rejects.toThrow("the person pressed stop");
  expect(await run(next)).toEqual(Uint8Array.of(3, 4));
});

test("a device that throws draws err and is told of as a fault; the session goes on", async () => {
  const faults: unknown[] = [];
  const { client, device, run } = connected({}, { onFault: (error) => faults.push(error) });
  device.read = () => {
    throw new Error("bug in the device");
  };
  await run(client.identify());
  await run(client.logon(1, ""));
  await expect(run(client.readTable(0))).rejects.toMatchObject({ code: "err" });
  expect(faults).toHaveLength(1);
  await run(client.logoff());
});

test("the byte that wakes a meter goes ahead of the identification, and the trace shows it", async () => {
  const lines: string[] = [];
  const { client, run } = connected({ wakeUp: true, trace: (line) => lines.push(line) });
  await run(client.identify());
  expect(lines.slice(0, 3)).toEqual(["  > wake-up byte", "> request: identify itself", "  > packet, 1 byte, toggle 0"]);
});
