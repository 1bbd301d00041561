import { expect, test } from "vitest";
import { memoryInRam } from "../memory/meter-memory.ts";
import { ascii, bytesOf, meterOnTheBench, padded, passwords } from "../testing/bench.ts";

test("without a password only what table 44 gives to anyone is readable, and nothing is writable", () => {
  const session = meterOnTheBench().session();
  expect(bytesOf(session.read(0)).length).toBe(19 + 10 + 3 + 2 + 3 + 10 + 3);
  expect(bytesOf(session.read(1)).length).toBe(32);
  for (const table of [3, 5, 6, 23, 42, 44, 52, 54, 55]) expect(session.read(table)).toBe("isc");
  expect(session.write(6, new Uint8Array(230))).toBe("isc");
  expect(session.write(7, new Uint8Array(4))).toBe("isc");
});

test("a table that the meter lacks and one that nobody can write are `onp`, a clearance that is missing is `isc`, a wrong range is `iar`", () => {
  const bench = meterOnTheBench();
  const programmer = bench.session("programmer");
  expect(programmer.read(65)).toBe("onp");
  expect(programmer.read(0x1000 | 54)).toBe("onp");
  for (const table of [0, 3, 23, 25, 52, 55, 63, 64, 76]) expect(programmer.write(table, bytesOf(programmer.read(table)))).toBe("onp");
  expect(programmer.write(42, new Uint8Array(63))).toBe("isc");
  expect(programmer.write(53, new Uint8Array(5))).toBe("iar");
  expect(programmer.writeOffset(53, 5, new Uint8Array(2))).toBe("iar");
  expect(programmer.writeOffset(53, 6, new Uint8Array(0))).toBe("iar");
  expect(programmer.writeOffset(7, 0, new Uint8Array(3))).toBe("iar");
  expect(programmer.readOffset(53, 6, 1)).toBe("iar");
  expect(programmer.readOffset(53, 2, 0)).toHaveLength(4);
  const reader = bench.session("reader");
  expect(reader.write(53, new Uint8Array(6))).toBe("isc");
  expect(bytesOf(reader.read(54)).length).toBe(3 * (60 + 12 + 40) + 4 * 5);
});

test("a password is accepted padded with zeros or with spaces, and logging off forgets it", () => {
  const bench = meterOnTheBench();
  for (const pad of [0x00, 0x20]) {
    const session = bench.session();
    expect(session.security(padded(passwords.reader, pad))).toBe("ok");
    expect(session.read(5)).toHaveLength(20);
    session.logoff();
    expect(session.read(5)).toBe("isc");
  }
});

test("neither a prefix nor padding alone opens a level", () => {
  const session = meterOnTheBench().session();
  expect(session.security(padded(ascii("reader-passwor")))).toBe("err");
  expect(session.security(new Uint8Array(20))).toBe("err");
});

test("the fourth wrong password in a row waits: even the right one is refused until the delay is over, and a restart does not shorten it", () => {
  const bench = meterOnTheBench();
  const wrong = padded(ascii("wrong"));
  for (let attempt = 0; attempt < 3; attempt++) expect(bench.session().security(wrong)).toBe("err");
  const { lockedUntil, failures } = bench.meter.inspect().lockout;
  expect([failures, lockedUntil - bench.clock.now()]).toEqual([3, 10_000]);
  const again = bench.restarted();
  expect(again.session().security(padded(passwords.master))).toBe("err");
  bench.clock.advance(10_000);
  expect(again.session().security(wrong)).toBe("err");
  expect(again.meter.inspect().lockout.lockedUntil - bench.clock.now()).toBe(20_000);
  bench.clock.advance(20_000);
  expect(again.session().security(padded(passwords.master))).toBe("ok");
  expect(again.meter.inspect().lockout).toEqual({ failures: 0, lockedUntil: 0 });
});

test("passwords read back as zeros; writing them back changes none, writing one changes that one, a blank one is refused", () => {
  const bench = meterOnTheBench();
  const master = bench.session("master");
  const table = bytesOf(master.read(42));
  // 3 × (20 octets, group bits): levels 1, 1+2, 1+2+4.
  expect([...table].flatMap((octet, index) => (octet === 0 ? [] : [[index, octet]]))).toEqual([[20, 1], [41, 3], [62, 7]]);
  expect(master.write(42, table)).toBe("ok");
  expect(master.writeOffset(42, 0, padded(ascii("new-reader")))).toBe("ok");
  expect(master.writeOffset(42, 21, padded(ascii(""), 0x20))).toBe("iar");
  const session = bench.restarted().session();
  expect(session.security(padded(passwords.reader))).toBe("err");
  expect(session.security(padded(ascii("new-reader")))).toBe("ok");
  expect(session.security(padded(passwords.programmer))).toBe("ok");
  expect(bench.session("programmer").read(42)).toBe("isc");
});

test("a write is in non-volatile memory before it is answered; where memory fails, nothing changes and table 3 says so", () => {
  const whole = memoryInRam();
  let fails = false;
  const pages = {
    load: () => whole.pages.load(),
    save: (changed: ReadonlyMap<number, Uint8Array>) => {
      if (fails) throw new Error("worn out");
      whole.pages.save(changed);
    },
  };
  const bench = meterOnTheBench({ memory: { ...whole, pages } });
  const session = bench.session("programmer");
  expect(session.writeOffset(53, 3, Uint8Array.of(60))).toBe("ok");
  expect(bytesOf(meterOnTheBench({ memory: whole }).session("reader").read(53))[3]).toBe(60);
  fails = true;
  expect(session.writeOffset(53, 3, Uint8Array.of(30))).toBe("err");
  expect(bytesOf(session.read(53))[3]).toBe(60);
  // ED_STD_STATUS1 bit 5 NONVOL_MEM_FAILURE, octet 1 of table 3, least significant first.
  expect(bytesOf(session.read(3))[1]! & 0x20).toBe(0x20);
  // What was refused does not come back later.
  fails = false;
  expect(session.writeOffset(53, 5, Uint8Array.of(1))).toBe("ok");
  expect(bytesOf(bench.restarted().session("reader").read(53))[3]).toBe(60);
});
