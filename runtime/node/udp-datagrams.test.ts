import type { DatagramAddress, Datagrams } from "@metersmith/base/datagrams";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { openUdp } from "./udp-datagrams.ts";

/** The next datagram. */
function next(datagrams: Datagrams): Promise<{ readonly bytes: Uint8Array; readonly from: DatagramAddress }> {
  return new Promise((resolve) => {
    datagrams.listen({ received: (bytes, from) => resolve({ bytes, from }), closed: () => {} });
  });
}

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === "::1"));

test.each(hasIPv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"])("a datagram and its answer go from one socket to another on %s", async (host) => {
  const near = await openUdp({ host });
  const far = await openUdp({ host });
  const asked = next(far);
  near.send(Uint8Array.of(1, 2, 3), far.address);
  const { bytes, from } = await asked;
  expect(bytes).not.toBeInstanceOf(Buffer);
  expect([bytes, from]).toEqual([Uint8Array.of(1, 2, 3), near.address]);
  const answered = next(near);
  far.send(new Uint8Array(1200).fill(7), from);
  expect((await answered).bytes).toEqual(new Uint8Array(1200).fill(7));
  near.close();
  far.close();
});

test("a port that is taken is a link failure in words", async () => {
  const first = await openUdp({ host: "127.0.0.1" });
  await expect(openUdp({ host: "127.0.0.1", port: first.address.port })).rejects.toMatchObject({ kind: "link", code: "port-taken" });
  first.close();
});

test("a group that is no multicast address is a link failure", async () => {
  await expect(openUdp({ host: "127.0.0.1", groups: ["127.0.0.1"] })).rejects.toMatchObject({ kind: "link" });
});

test("what is sent to the group of C12.22 is heard by who joined it", async () => {
  const heard = await openUdp({ groups: ["224.0.2.4"], groupsOn: "127.0.0.1" });
  const asked = next(heard);
  const near = await openUdp({ host: "127.0.0.1" });
  near.send(Uint8Array.of(9), { host: "224.0.2.4", port: heard.address.port });
  expect((await asked).bytes).toEqual(Uint8Array.of(9));
  near.close();
  heard.close();
});

test("closing tells the listener, without a reason", async () => {
  const socket = await openUdp({ host: "127.0.0.1" });
  const closed = new Promise<Error | undefined>((resolve) => socket.listen({ received: () => {}, closed: resolve }));
  socket.close();
  expect(await closed).toBeUndefined();
});
