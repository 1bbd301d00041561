import { memoryChannelPair } from "@metersmith/base/byte-channel";
import { FakeClock } from "@metersmith/base/clock";
import { quiet, untilSettled } from "@metersmith/base/until-settled";
import { describe, expect, test } from "vitest";
import { KeyRing, openPsemClient, servePsem } from "../index.ts";
import { c1222Pair, someKey } from "../testing/c1222-pair.ts";
import { MemoryDevice } from "../testing/memory-device.ts";

/** A client of a meter; `hangsUp`: behind a connection that the meter can drop. */
function connected(hangsUp: boolean) {
  const clock = new FakeClock();
  const [near, far] = memoryChannelPair();
  const device = new MemoryDevice([[0, new Uint8Array(40)]]);
  let closed = 0;
  const watched = { listen: far.listen.bind(far), write: far.write.bind(far), close: () => (closed++, far.close()) };
  servePsem(watched, clock, device, { hangsUp });
  const client = openPsemClient(near, clock, { keepAlive: true });
  return { clock, near, device, client, run: <Value>(promise: Promise<Value>) => untilSettled(clock, promise), closed: () => closed };
}

describe("disconnect on a link of C12.18", () => {
  test.each(["base", "identified", "session"])("in state %s: the meter ends the session and drops the connection once its answer is acknowledged", async (stage) => {
    const { client, run, device, clock, closed } = connected(true);
    if (stage !== "base") await run(client.identify());
    if (stage === "session") await run(client.logon(1, ""));
    await run(client.disconnect());
    await quiet();
    expect([closed(), clock.untilNext]).toEqual([1, undefined]);
    expect(device.calls.filter((call) => call.startsWith("terminated"))).toEqual(stage === "base" ? [] : ["terminated: terminated"]);
    await expect(client.identify()).rejects.toMatchObject({ code: "closed" });
  });

  test("a connection without a session is dropped after a minute, noise or not", async () => {
    const { clock, near, client, run, device, closed } = connected(true);
    for (let second = 0; second < 60; second++) {
      expect(closed()).toBe(0);
      near.write(Uint8Array.of(0x55));
      await quiet();
      clock.advance(1000);
    }
    expect([closed(), device.calls, clock.untilNext]).toEqual([1, [], undefined]);
    await expect(run(client.identify())).rejects.toMatchObject({ code: "hung-up" });
  });

  test("one with a session is not, and is again a minute after that has ended", async () => {
    const { clock, client, run, closed } = connected(true);
    const pass = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second++) {
        clock.advance(1000);
        await quiet();
      }
    };
    await pass(59);
    await run(client.identify());
    await run(client.logon(1, ""));
    await pass(120);
    await run(client.terminate());
    await pass(59);
    expect(closed()).toBe(0);
    await pass(1);
    expect(closed()).toBe(1);
  });

  test("on a line that nobody can hang up it is not supported, and the session goes on", async () => {
    const { client, run, closed } = connected(false);
    await run(client.identify());
    await run(client.logon(1, ""));
    await expect(run(client.disconnect())).rejects.toMatchObject({ code: "sns", kind: "peer-refused", message: expect.stringContaining("hang up") as unknown });
    expect(await run(client.readTable(0))).toHaveLength(40);
    expect(closed()).toBe(0);
  });
});

describe("disconnect in C12.22", () => {
  test("over a stream the node ends the session and closes the connection behind its answer; other clients stay", async () => {
    const { client, run, server, join, near, calls } = c1222Pair();
    const other = join({ calling: { tag: 0x80, octets: Uint8Array.of(9) } });
    await run(client.logon(1, ""));
    await run(other.logon(2, ""));
    let hungUp = false;
    await run(client.disconnect());
    near.listen({ received: () => {}, closed: () => (hungUp = true) });
    await quiet();
    expect([hungUp, server.sessions]).toEqual([true, 1]);
    expect(calls()).toContain("terminated: terminated");
    expect(await run(other.readTable(0))).toHaveLength(40);
  });

  test("over datagrams there is nothing to close: the session ends", async () => {
    const { client, run, server } = c1222Pair({ over: "datagrams" });
    await run(client.logon(1, ""));
    await run(client.disconnect());
    expect(server.sessions).toBe(0);
    await expect(run(client.identify())).rejects.toMatchObject({ code: "closed" });
  });

  test("in clear, in a client's name, it ends nothing", async () => {
    const { client, run, server, join } = c1222Pair();
    await run(client.logon(1, ""));
    const forger = join({ security: { mode: 0, keys: new KeyRing([{ id: 1, key: someKey }]) } });
    await expect(run(forger.disconnect())).rejects.toMatchObject({ code: "sme" });
    expect(server.sessions).toBe(1);
  });
});
