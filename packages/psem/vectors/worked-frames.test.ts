import { fromHex, toHex } from "@metersmith/base/bytes";
import { expect, test } from "vitest";
import { packetsOf } from "../link/packet.ts";
import { emptyReader, readChunk } from "../link/packet-reader.ts";
import { decodeRequest } from "../services/decode-request.ts";
import { encodeRequest } from "../services/encode-request.ts";
import { workedFrames } from "./worked-frames.ts";

const size = { packetSize: 64, packets: 1 };

test.each(workedFrames)("builds the packet of another implementation: $name", ({ hex, request }) => {
  expect(packetsOf(encodeRequest(request), size, 0, 0).map(toHex)).toEqual([toHex(fromHex(hex))]);
});

test.each(workedFrames)("reads the packet of another implementation: $name", ({ hex, request }) => {
  const { found, state } = readChunk(emptyReader, fromHex(hex), 56);
  expect(state).toEqual(emptyReader);
  expect(found).toHaveLength(1);
  const [only] = found;
  if (only?.kind !== "packet") throw new Error(`found ${only?.kind}`);
  expect(decodeRequest(only.packet.data)).toEqual(request);
});
