import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryInRam } from "../memory/meter-memory.ts";
import { meterOnTheBench, padded, passwords } from "../testing/bench.ts";

const table = fc.oneof(fc.constantFrom(0, 6, 7, 8, 12, 22, 42, 44, 53, 54, 55), fc.nat(0xffff));
const request = fc.oneof(
  fc.record({ kind: fc.constant("read" as const), table }),
  fc.record({ kind: fc.constant("part" as const), table, offset: fc.nat(0xffffff), count: fc.nat(0xffff) }),
  fc.record({ kind: fc.constant("write" as const), table, bytes: fc.uint8Array({ maxLength: 400 }) }),
  fc.record({ kind: fc.constant("write-part" as const), table, offset: fc.oneof(fc.nat(400), fc.nat(0xffffff)), bytes: fc.uint8Array({ maxLength: 64 }) }),
  fc.record({ kind: fc.constant("password" as const), bytes: fc.uint8Array({ minLength: 20, maxLength: 20 }) }),
);

test("no request throws, and without a password none changes what is stored, whatever is asked", () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 40 }), (requests) => {
      const memory = memoryInRam();
      const bench = meterOnTheBench({ memory });
      const session = bench.session();
      for (const one of requests) {
        if (one.kind === "read") session.read(one.table);
        else if (one.kind === "part") session.readOffset(one.table, one.offset, one.count);
        else if (one.kind === "write") session.write(one.table, one.bytes);
        else if (one.kind === "write-part") session.writeOffset(one.table, one.offset, one.bytes);
        else session.security(one.bytes);
      }
      expect([...memory.pages.load().keys()]).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("a master that writes garbage into every table gets a meter that still answers", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(6, 12, 13, 16, 22, 53, 54), fc.uint8Array({ minLength: 356, maxLength: 356 })), { maxLength: 8 }), (writes) => {
      const bench = meterOnTheBench();
      const session = bench.session("master");
      for (const [number, bytes] of writes) {
        const whole = session.read(number);
        if (typeof whole !== "string") expect(session.write(number, bytes.subarray(0, whole.length))).toBe("ok");
        bench.clock.advance(86_400_000);
      }
      for (const number of [3, 23, 52, 54, 55]) expect(session.read(number)).toBeInstanceOf(Uint8Array);
      session.logoff();
      expect(session.security(padded(passwords.master))).toBe("ok");
    }),
    { numRuns: 100 },
  );
});
