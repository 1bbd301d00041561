import type { ByteChannel } from "@metersmith/base/byte-channel";
import { concatBytes } from "@metersmith/base/bytes";
import { connect as connectSocket } from "node:net";
import { expect, test, vi } from "vitest";
import { connectTcp, listenTcp } from "./tcp-channel.ts";

const here = "127.0.0.1";

/** Everything a channel hears until it closes. */
function heard(channel: ByteChannel): Promise<{ bytes: Uint8Array; reason: Error | undefined }> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve) => {
    channel.listen({ received: (chunk) => chunks.push(chunk.slice()), closed: (reason) => resolve({ bytes: concatBytes(...chunks), reason }) });
  });
}

/** A listener and the first channel that reaches it. */
async function listening() {
  const { promise, resolve } = Promise.withResolvers<ByteChannel>();
  const listener = await listenTcp(here, 0, resolve);
  return { listener, arrived: promise };
}

test("bytes go both ways in order, and what came before somebody listens is kept", async () => {
  const { listener, arrived } = await listening();
  const near = await connectTcp(here, listener.port);
  near.write(Uint8Array.of(1, 2));
  near.write(Uint8Array.of(3));
  const far = await arrived;
  far.write(new Uint8Array(100_000).fill(7));
  far.close();
  const { bytes, reason } = await heard(near);
  expect(bytes).toEqual(new Uint8Array(100_000).fill(7));
  expect(reason).toBeUndefined();
  await listener.close();
});

test("what is written before close arrives, then both ends are closed without a reason", async () => {
  const { listener, arrived } = await listening();
  const near = await connectTcp(here, listener.port);
  near.write(Uint8Array.of(1, 2, 3));
  near.close();
  const far = await heard(await arrived);
  expect(far).toEqual({ bytes: Uint8Array.of(1, 2, 3), reason: undefined });
  await listener.close();
});

test("nobody listening is a link failure in words", async () => {
  const listener = await listenTcp(here, 0, () => {});
  const { port } = listener;
  await listener.close();
  await expect(connectTcp(here, port)).rejects.toMatchObject({
    kind: "link",
    code: "refused",
    message: `Connecting to ${here} port ${port} failed: nothing listens there. Check the port, and that the other end runs.`,
  });
});

test("a taken port is a link failure in words", async () => {
  const listener = await listenTcp(here, 0, () => {});
  const { port } = listener;
  await expect(listenTcp(here, port, () => {})).rejects.toMatchObject({ kind: "link", code: "port-taken", context: { port } });
  await listener.close();
});

test("an aborted attempt rejects with the signal's reason", async () => {
  const controller = new AbortController();
  const attempt = connectTcp(here, 9, { signal: controller.signal });
  controller.abort(new Error("stopped"));
  await expect(attempt).rejects.toThrow("stopped");
  await expect(connectTcp(here, 9, { signal: controller.signal })).rejects.toThrow("stopped");
});

test("a connection that the other end resets tells its listener why", async () => {
  const { listener, arrived } = await listening();
  const socket = connectSocket({ host: here, port: listener.port });
  const far = await arrived;
  const outcome = heard(far);
  socket.resetAndDestroy();
  expect((await outcome).reason).toMatchObject({ kind: "link", code: "broken" });
  await listener.close();
});

test("closing the listener ends its connections", async () => {
  const { listener } = await listening();
  const near = await connectTcp(here, listener.port);
  const outcome = heard(near);
  await listener.close();
  expect((await outcome).bytes).toHaveLength(0);
});

test("connections beyond the limit are closed at once", async () => {
  const { promise, resolve } = Promise.withResolvers<ByteChannel>();
  const listener = await listenTcp(here, 0, resolve, { connections: 1 });
  const first = await connectTcp(here, listener.port);
  await promise;
  const second = await connectTcp(here, listener.port);
  expect((await heard(second)).bytes).toHaveLength(0);
  first.close();
  await listener.close();
});

test("a connection that has long been quiet makes room for a new one; one that is heard does not", async () => {
  const channels: ByteChannel[] = [];
  const arrivals = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const yields = { connections: 2, yieldsAfter: 0 };
  const listener = await listenTcp(here, 0, (channel) => arrivals[channels.push(channel) - 1]?.resolve(), yields);
  const first = await connectTcp(here, listener.port);
  await arrivals[0]?.promise;
  const second = await connectTcp(here, listener.port);
  await arrivals[1]?.promise;
  const spoken = new Promise<void>((resolve) => channels[0]?.listen({ received: () => resolve(), closed: () => {} }));
  first.write(Uint8Array.of(1));
  await spoken;
  const displaced = heard(second);
  const third = await connectTcp(here, listener.port);
  await arrivals[2]?.promise;
  expect((await displaced).bytes).toHaveLength(0);
  const answered = heard(first);
  channels[0]?.write(Uint8Array.of(2));
  channels[0]?.close();
  expect((await answered).bytes).toEqual(Uint8Array.of(2));
  third.close();
  await listener.close();
});

test("an attempt that is not answered is given up after 10 s, or what was asked for", async () => {
  const { listener } = await listening();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    for (const [options, seconds] of [[{}, 10], [{ timeout: 3000 }, 3]] as const) {
      // The clock runs before the event loop does, so nobody can have answered.
      const attempt = connectTcp(here, listener.port, options);
      vi.advanceTimersByTime(seconds * 1000);
      await expect(attempt).rejects.toMatchObject({ kind: "link", code: "connect-timeout", message: expect.stringContaining(`no answer within ${seconds} s`) as unknown });
    }
  } finally {
    vi.useRealTimers();
    await listener.close();
  }
});

test("a connection on which nothing moves is closed after its idle time", async () => {
  const { promise, resolve } = Promise.withResolvers<ByteChannel>();
  const listener = await listenTcp(here, 0, resolve, { idle: 1 });
  const near = await connectTcp(here, listener.port);
  await promise;
  expect((await heard(near)).bytes).toHaveLength(0);
  await listener.close();
});

test("where one address holds all connections, another gets its place; the first keeps the rest and gets no further one", async () => {
  const listener = await listenTcp(here, 0, (channel) => channel.listen({ received: (bytes) => channel.write(bytes), closed: () => {} }), { connections: 3 });
  const greedy: ByteChannel[] = [];
  for (let index = 0; index < 3; index++) greedy.push(await connectTcp(here, listener.port));
  const [first, ...kept] = greedy;
  const displaced = heard(first!);
  expect((await heard(await connectTcp(here, listener.port))).bytes).toHaveLength(0);
  const other = connectSocket({ host: here, port: listener.port, localAddress: "127.0.0.2" });
  other.write("x");
  expect(await new Promise((resolve) => other.once("data", (bytes) => resolve(bytes.toString())))).toBe("x");
  expect((await displaced).bytes).toHaveLength(0);
  for (const channel of kept) {
    const echo = new Promise((resolve) => channel.listen({ received: (bytes) => resolve(bytes.slice()), closed: resolve }));
    channel.write(Uint8Array.of(1));
    expect(await echo).toEqual(Uint8Array.of(1));
  }
  await listener.close();
  other.destroy();
});
