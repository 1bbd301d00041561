import { expect, test } from "vitest";
import { pagesInRam } from "../flash/page-store.ts";
import { ascii, bytesOf, meterOnTheBench, padded, passwords, type BenchMeter } from "../testing/bench.ts";

/**
 * Table 76 of rx-2s by hand: flags u8, valid u16, last u16, sequence u32, unread u16, then 448 × (YY MM DD hh mm ss, number u16, user u16, code u16 with bit 11
 * for the maker's, argument 12). Newest last.
 */
const [places, entry] = [448, 24];

function log(bench: BenchMeter): { flags: number; unread: number; sequence: number; events: [code: number, maker: boolean, user: number, time: string][] } {
  const bytes = bytesOf(bench.session("reader").read(76));
  expect(bytes.length).toBe(11 + places * entry);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [valid, last, sequence] = [view.getUint16(1, true), view.getUint16(3, true), view.getUint32(5, true)];
  const events = Array.from({ length: valid }, (_, index): [number, boolean, number, string] => {
    const back = valid - 1 - index;
    const at = 11 + ((last - back + places) % places) * entry;
    expect(view.getUint16(at + 6, true)).toBe((sequence - back) & 0xffff);
    const code = view.getUint16(at + 10, true);
    const time = [...bytes.subarray(at, at + 6)].map((part) => String(part).padStart(2, "0")).join(" ");
    return [code & 0x7ff, (code & 0x800) !== 0, view.getUint16(at + 8, true), time];
  });
  return { flags: view.getUint8(0), unread: view.getUint16(9, true), sequence, events };
}

const powerUp = 2;

test("power up, a set clock with its old and its new time, a programming, and a broken session are logged with user and time", () => {
  const bench = meterOnTheBench();
  const session = bench.meter.device();
  session.logon(77, "someone");
  session.security(padded(passwords.programmer));
  session.write(7, Uint8Array.of(10, 0, 1, 7, 26, 7, 15, 12, 0, 0, 0x10 | 7));
  session.writeOffset(53, 3, Uint8Array.of(60));
  session.writeOffset(53, 4, Uint8Array.of(0));
  session.terminated("hung-up");
  expect(log(bench).events).toEqual([
    [powerUp, false, 0, "00 01 01 00 00 00"],
    [3, false, 77, "00 01 01 00 00 00"],
    [4, false, 77, "26 07 15 12 00 00"],
    [13, false, 77, "26 07 15 12 00 00"],
    [11, false, 77, "26 07 15 12 00 00"],
  ]);
});

test("a session that ends in order, or in which no password was right, leaves nothing", () => {
  const bench = meterOnTheBench();
  const session = bench.session("reader");
  session.logoff();
  session.terminated("terminated");
  bench.session().terminated("silent");
  expect(log(bench).events).toHaveLength(1);
});

test("wrong passwords and the lockout are logged under the maker's codes; while it lasts, attempts add nothing", () => {
  const bench = meterOnTheBench();
  for (let attempt = 0; attempt < 20; attempt++) bench.session().security(padded(ascii("wrong")));
  bench.clock.advance(10_000);
  expect(log(bench).events.slice(1).map(([code, maker]) => [code, maker])).toEqual([[0, true], [0, true], [0, true], [1, true]]);
});

test("[I2NFR5] what comes more often than it may be entered is counted: the next entry says from when and how often", () => {
  let bench = meterOnTheBench();
  bench.session("programmer").write(7, Uint8Array.of(10, 0, 1, 7, 26, 7, 15, 12, 0, 0, 0x10 | 7));
  for (let restart = 0; restart < 40; restart++) {
    bench.clock.advance(60_000);
    bench = bench.restarted();
  }
  // The first and eleven more at once; the other 29 wait for the thirteenth entry.
  expect(log(bench).events.filter(([code]) => code === powerUp)).toHaveLength(12);
  bench.clock.advance(4 * 86_400_000);
  const last = log(bench);
  expect(last.events.at(-1)).toEqual([powerUp, false, 0, "26 07 15 12 40 00"]);
  const bytes = bytesOf(bench.session("reader").read(76));
  const at = 11 + (last.sequence % places) * entry + 12;
  // No diagnostic, informational, no detail, 29 times, the first at 12:12:00.
  expect([...bytes.subarray(at, at + 8)]).toEqual([0, 5, 0, 0, 0, 0, 0, 29]);
  expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 8)).toBe(Date.UTC(2026, 6, 15, 12, 12) / 1000);
});

test("procedure 5 marks entries as read; procedure 4 empties the log for the master; both are logged", () => {
  let bench = meterOnTheBench();
  for (let restart = 0; restart < 4; restart++) bench = bench.restarted();
  const master = bench.session("master");
  master.write(7, Uint8Array.of(5, 0, 1, 1, 3, 0));
  expect(bytesOf(master.read(8))[3]).toBe(0);
  // Two of five left, and the event that says so.
  expect(log(bench)).toMatchObject({ unread: 3, sequence: 6 });
  master.write(7, Uint8Array.of(4, 0, 2, 1));
  expect(bytesOf(master.read(8))[3]).toBe(0);
  expect(log(bench)).toMatchObject({ unread: 1, sequence: 7, events: [[18, false, 1, expect.any(String) as string]] });
});

test("where memory fails, an event is lost, the meter answers on, and table 3 says so", () => {
  const records = new Map<string, Uint8Array>();
  let fails = false;
  const memory = {
    pages: pagesInRam(),
    read: (key: string) => records.get(key),
    write: (key: string, bytes: Uint8Array) => {
      if (fails && key.startsWith("events")) throw new Error("worn out");
      records.set(key, bytes.slice());
    },
  };
  const bench = meterOnTheBench({ memory });
  fails = true;
  expect(bench.session().security(padded(ascii("wrong")))).toBe("err");
  expect((bytesOf(bench.session("reader").read(3))[1] ?? 0) & 0x20).toBe(0x20);
});
