import { toHex } from "@metersmith/base/bytes";
import { expect, test } from "vitest";
import { bytesOf, meterOnTheBench } from "./testing/bench.ts";

test("[TDL-2] a table that the model's fragment adds is served like any other: defaults from the factory, readable by its access rules, written by nobody", () => {
  const reader = meterOnTheBench({ deviceType: "ix-4s" }).session("reader");
  // 240 V, 216 V, 264 V, most significant octet first, and 40 as FLOAT32.
  expect(toHex(bytesOf(reader.read(2048)))).toBe("00f000d8010842200000");
  expect(meterOnTheBench({ deviceType: "ix-4s" }).session().read(2048)).toBe("isc");
  expect(meterOnTheBench({ deviceType: "ix-4s" }).session("master").write(2048, new Uint8Array(10))).not.toBe("ok");
  expect(meterOnTheBench({ deviceType: "rx-2s" }).session("master").read(2048)).toBe("onp");
});
