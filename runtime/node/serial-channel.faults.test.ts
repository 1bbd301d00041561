import type { ByteChannel } from "@metersmith/base/byte-channel";
import { concatBytes } from "@metersmith/base/bytes";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSerial } from "./serial-channel.ts";
import { noPseudoTerminals, pseudoTerminals, type PseudoTerminals } from "./testing/pseudo-terminals.ts";

/** Resolves when so many bytes have arrived. */
function arrived(channel: ByteChannel, count: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    channel.listen({
      received: (chunk) => {
        chunks.push(chunk.slice());
        const all = concatBytes(...chunks);
        if (all.length >= count) resolve(all);
      },
      closed: (reason) => reject(reason ?? new Error("closed")),
    });
  });
}

test("a port that is not there is a link failure in words", async () => {
  await expect(openSerial("/dev/metersmith-no-such-port")).rejects.toMatchObject({
    kind: "link",
    code: "not-reachable",
    message: "Opening the serial port /dev/metersmith-no-such-port failed: there is no such port. Check that the probe is plugged in, and the name.",
  });
});

describe.skipIf(noPseudoTerminals)(`over pseudo-terminals${noPseudoTerminals ? ` (${noPseudoTerminals})` : ""}`, () => {
  let cable: PseudoTerminals;
  beforeEach(async () => void (cable = await pseudoTerminals()));
  afterEach(() => cable.close());

  test("bytes of all values go both ways in order, also around a change of the rate", async () => {
    const [near, far] = [await openSerial(cable.ends[0]), await openSerial(cable.ends[1], { baud: 9600 })];
    const all = Uint8Array.from({ length: 256 }, (_, value) => value);
    const there = arrived(far, 512);
    near.write(all);
    near.setBaud(57_600);
    near.write(all.toReversed());
    expect(await there).toEqual(concatBytes(all, all.toReversed()));
    const back = arrived(near, 256);
    far.write(all);
    expect(await back).toEqual(all);
    near.close();
    far.close();
  });

  test("what is written before close still leaves, and close is told once", async () => {
    const [near, far] = [await openSerial(cable.ends[0]), await openSerial(cable.ends[1])];
    const there = arrived(far, 3);
    const closed = new Promise((resolve) => near.listen({ received: () => {}, closed: resolve }));
    near.write(Uint8Array.of(1, 2, 3));
    near.close();
    near.close();
    near.write(Uint8Array.of(4));
    expect(await there).toEqual(Uint8Array.of(1, 2, 3));
    expect(await closed).toBeUndefined();
    far.close();
  });

  test("a port that another program holds is told as taken", async () => {
    const near = await openSerial(cable.ends[0]);
    await expect(openSerial(cable.ends[0])).rejects.toMatchObject({ kind: "link", code: "port-taken" });
    near.close();
  });
});
