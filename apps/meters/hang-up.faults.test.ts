import { equalBytes } from "@metersmith/base/bytes";
import type { ByteChannel } from "@metersmith/base/byte-channel";
import { programMeter, type ProgramReport } from "@metersmith/client";
import { describe, expect, test } from "vitest";
import { cutAt, MeterInMemory, planOf, programmer } from "./testing/meter-in-memory.ts";

const cases = [["rx-2s", "aps-et-2-tou"], ["ix-4s", "sce-gs-2-tou-b-single-phase"]] as const;

/** The tables of a meter as they are now, past any link. */
function images(bench: MeterInMemory, tables: readonly number[]): Map<number, Uint8Array> {
  const device = bench.meter.device();
  device.logon(0, "");
  device.security(new TextEncoder().encode("master".padEnd(20, "\0")));
  return new Map(tables.map((table) => [table, device.read(table) as Uint8Array]));
}

/** The report accounts for every octet: what is not in `written` or `inDoubt` is as it was, what is in `written` is there. */
function accountedFor(before: ReadonlyMap<number, Uint8Array>, after: ReadonlyMap<number, Uint8Array>, report: ProgramReport): void {
  const expected = new Map([...before].map(([table, bytes]) => [table, bytes.slice()]));
  for (const { table, offset, bytes } of report.written) expected.get(table)!.set(bytes, offset);
  const withDoubt = new Map([...expected].map(([table, bytes]) => [table, bytes.slice()]));
  if (report.inDoubt) withDoubt.get(report.inDoubt.table)!.set(report.inDoubt.bytes, report.inDoubt.offset);
  for (const [table, bytes] of after) {
    const known = equalBytes(bytes, expected.get(table)!) || equalBytes(bytes, withDoubt.get(table)!);
    expect(known, `table ${table} holds what the report does not tell`).toBe(true);
  }
}

describe.each(cases)("a %s under %s", (id, rate) => {
  const plan = planOf(id, rate);
  const tables = plan.writes.map(({ table }) => table);

  test("hanging up at every write, before or after it is stored: the report says what is there, and the next run finishes", async () => {
    const clean = await new MeterInMemory(id).program(plan);
    // The procedure that sets the clock is a write too.
    const writes = clean.written.length + 1;
    for (const when of ["before", "unanswered"] as const) {
      for (let afterWrites = 0; afterWrites < writes; afterWrites++) {
        const bench = new MeterInMemory(id, undefined, { hangUp: { afterWrites, when } });
        const before = images(bench, tables);
        const report = await bench.program(plan);
        expect(report.outcome).toBe("failed");
        expect(report.failure).toMatchObject({ kind: "link", code: "hung-up" });
        expect(report.written).toEqual(clean.written.slice(0, afterWrites));
        if (afterWrites < clean.written.length) expect(report.inDoubt).toEqual(clean.written[afterWrites]);
        else expect(report).toMatchObject({ clock: "in-doubt" });
        accountedFor(before, images(bench, tables), report);
        bench.restart();
        const rest = await bench.program(plan);
        expect(rest.outcome, `${when} write ${afterWrites}`).toBe("verified");
        expect(rest.written.length).toBe(clean.written.length - afterWrites - (when === "unanswered" && afterWrites < clean.written.length ? 1 : 0));
      }
    }
  });

  test("hanging up at every packet and acknowledgement of the session: nothing is untold, and the next run finishes", async () => {
    const counting = new MeterInMemory(id);
    let chunks = 0;
    const counted = (near: ByteChannel, far: ByteChannel): readonly [ByteChannel, ByteChannel] => {
      const end = (channel: ByteChannel): ByteChannel => ({ listen: (listener) => channel.listen(listener), close: () => channel.close(), write: (bytes) => void (chunks++, channel.write(bytes)) });
      return [end(near), end(far)];
    };
    await counting.program(plan, {}, counting.connect(counted));
    expect(chunks).toBeGreaterThan(100);
    let finished = 0;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const bench = new MeterInMemory(id);
      const before = images(bench, tables);
      const client = bench.connect(cutAt(chunk));
      let report: ProgramReport | undefined;
      try {
        await client.connect({ user: "bench", userId: 7, password: programmer });
        report = await programMeter(client, plan, { clock: bench.clock });
      } catch (error) {
        expect(error).toMatchObject({ name: "PsemError", kind: "link" });
      }
      await client.disconnect();
      const after = images(bench, tables);
      if (report) accountedFor(before, after, report);
      else for (const [table, bytes] of after) expect(bytes).toEqual(before.get(table));
      if (report?.outcome === "verified") finished += 1;
      bench.restart();
      expect((await bench.program(plan)).outcome, `cut at ${chunk} of ${chunks}`).toBe("verified");
    }
    // Only cuts after the last read, in the logging off, leave a session that was verified.
    expect(finished).toBeLessThan(12);
  });
});
