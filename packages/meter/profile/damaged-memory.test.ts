import { encodeCbor } from "@metersmith/base/cbor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryInRam } from "../memory/meter-memory.ts";
import { bytesOf, meterOnTheBench } from "../testing/bench.ts";

const keys = ["registers", "registers.0", "registers.1", "events", "profile/0", "profile/1", "clock", "lockout"];
const tables = [3, 23, 25, 52, 55, 63, 64, 76];

test("whatever a worn memory gives back, the meter starts, answers every table at its length, and records on", () => {
  const octets = fc.uint8Array({ maxLength: 40 });
  const made = fc.oneof(octets, fc.jsonValue().map((value) => encodeCbor(value)));
  fc.assert(fc.property(fc.constantFrom(...keys), made, (key, bytes) => {
    const memory = memoryInRam();
    const before = meterOnTheBench({ memory });
    before.clock.advance(2 * 86_400_000);
    before.session("reader").read(64);
    memory.write(key, bytes);
    const bench = before.restarted();
    bench.clock.advance(3_600_000);
    const session = bench.session("reader");
    const lengths = tables.map((table) => bytesOf(session.read(table)).length);
    const whole = meterOnTheBench().session("reader");
    expect(lengths).toEqual(tables.map((table) => bytesOf(whole.read(table)).length));
  }), { numRuns: 60 });
});

test("a record of the registers from before there was a load profile is taken as it is, with an empty profile", () => {
  const memory = memoryInRam();
  const demand = { watts: 0, at: null, cumulative: 0 };
  const block = { summations: [5000, 0], demands: [demand] };
  memory.write("registers", encodeCbor({ to: 0, resets: 3, intervals: [0], blocks: [block, block, block, block, block] }));
  const session = meterOnTheBench({ memory }).session("reader");
  // NBR_DEMAND_RESETS; no NONVOL_MEM_FAILURE (bit 5 of octet 1); no valid block.
  expect([bytesOf(session.read(23))[0], (bytesOf(session.read(3))[1] ?? 0) & 0x20, bytesOf(session.read(63))[1]]).toEqual([3, 0, 0]);
});
