import { describe, expect, test } from "vitest";
import gx1 from "../../../device-types/gx-1/fragment.json" with { type: "json" };
import ix4s from "../../../device-types/ix-4s/fragment.json" with { type: "json" };
import px9s from "../../../device-types/px-9s/fragment.json" with { type: "json" };
import rx2s from "../../../device-types/rx-2s/fragment.json" with { type: "json" };
import wx1 from "../../../device-types/wx-1/fragment.json" with { type: "json" };
import { firmwareOf } from "../firmware/testing/assemble.ts";
import { imageProcedure } from "../procedures/image-update.ts";
import { keys, smallFirmware } from "../sweep/small-images.ts";
import { bytesOf, meterOnTheBench, models } from "../testing/bench.ts";
import { DiagnosedMeter } from "../testing/diagnosed-meter.ts";
import { smallProgram } from "../testing/small-meter.ts";
import { refusalCodes } from "./update-refusal.ts";
import { updatePhases } from "./update-state.ts";
import { updateTable } from "./update-tables.ts";

const image = await smallFirmware();
const faulty = await smallFirmware({ version: 0x0300 }, firmwareOf("(local.get $steps)"));
const six = models["rx-2s"].images.get(6) ?? new Uint8Array();
const program = await smallProgram(9, { content: { kind: "program", steps: [{ do: "write", table: 6, bytes: six.map(() => 0x41), mask: six.map((_, at) => (at < 4 ? 0xff : 0)) }] } });

const octets = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
const completed = [0, 0, 0, 0];
const refusal = (result: number, code: (typeof refusalCodes)[number], place = 0): number[] => [result, refusalCodes.indexOf(code), place & 0xff, place >> 8];

/** The head-end's side, as a card would play it: tables and procedures only. */
class UpdatedMeter extends DiagnosedMeter {
  constructor() {
    super({ trust: { keys } });
  }

  send(bytes: Uint8Array, piece = 192): void {
    const session = this.bench.session("programmer");
    for (let at = 0; at < bytes.length; at += piece) expect(session.writeOffset(updateTable.buffer, at, bytes.subarray(at, at + piece))).toBe("ok");
    session.logoff();
  }

  receive(bytes: Uint8Array): number[] {
    expect(this.run(imageProcedure.begin, octets(bytes.length))).toEqual(completed);
    this.send(bytes);
    return this.run(imageProcedure.verify);
  }

  activate(at = 0): number[] {
    return this.run(imageProcedure.activate, octets(at));
  }

  /** Phase and outcome by name, version that runs. */
  status(): [string | undefined, string | undefined, number] {
    const status = this.read(updateTable.status);
    return [updatePhases[Number(status["PHASE"])], refusalCodes[Number(status["OUTCOME"])], Number(status["FIRMWARE_VERSION"])];
  }

  get shownVersion(): number {
    return Number(this.read(1)["FW_VERSION"]);
  }
}

test("[FWU-1.7] [FWU-1.8] [CON-11] firmware comes by table writes into the buffer and by procedures into force; table 1 shows what runs, the status how it ended", () => {
  const meter = new UpdatedMeter();
  expect([meter.shownVersion, meter.status()]).toEqual([1, ["idle", "none", 0x0100]]);
  expect(meter.receive(image)).toEqual(completed);
  meter.restart();
  expect([meter.shownVersion, meter.status()]).toEqual([1, ["verified", "none", 0x0100]]);
  expect(meter.activate()).toEqual(completed);
  expect([meter.shownVersion, meter.status()]).toEqual([2, ["trial", "none", 0x0200]]);
  meter.pass(2);
  expect(meter.run(imageProcedure.confirm)).toEqual(completed);
  expect(meter.status()).toEqual(["idle", "done", 0x0200]);
  expect(meter.read(updateTable.status)).toMatchObject({ IMAGE_ID: "metrology", KIND: 2, FIRMWARE_COUNTER: 2, PROGRAM_COUNTER: 0, UPDATE_NUMBER: 1 });
  meter.restart();
  expect([meter.shownVersion, meter.status()]).toEqual([2, ["idle", "done", 0x0200]]);
});

test("registers go on through an update of the firmware: what was drawn before it was measured by the old", () => {
  const meter = new UpdatedMeter();
  const energy = (): number => Number((meter.read(23)["TOT_DATA_BLOCK"] as { readonly SUMMATIONS: readonly (number | string)[] }).SUMMATIONS[0]);
  // Entry 0 of table 12: W, delivered only, quadrants 1 and 4. Version 1 takes what is received for delivered, version 2 does not.
  expect(meter.bench.session("programmer").writeOffset(12, 0, Uint8Array.of(0x00, 0x40, 0x02, 0x00))).toBe("ok");
  meter.provoke({ kind: "line-reversed" });
  meter.pass(1);
  const before = energy();
  meter.receive(image);
  meter.bench.clock.advance(3_600_000);
  meter.activate();
  expect(energy() - before).toBe(3000);
  meter.pass(1);
  expect(energy() - before).toBe(3000);
});

test("a page that power interrupted is sent again; the status says which pages are there", () => {
  const meter = new UpdatedMeter();
  const long = new Uint8Array(3 * 4096).map((_, at) => at % 251);
  meter.run(imageProcedure.begin, octets(long.length));
  const session = meter.bench.session("programmer");
  for (const at of [0, 2 * 4096]) expect(session.writeOffset(updateTable.buffer, at, long.subarray(at, at + 4096))).toBe("ok");
  expect(session.writeOffset(updateTable.buffer, 4096, long.subarray(4096, 6000 - 6000 % 64))).toBe("ok");
  meter.restart();
  expect(meter.read(updateTable.status)).toMatchObject({ RECEIVED: [0, 2], SIZE: long.length, PAGE_OCTETS: 4096, UNIT_OCTETS: 64, BUFFER_OCTETS: 90_112 });
  meter.send(long);
  expect(meter.run(imageProcedure.verify)).toEqual(refusal(3, "image"));
});

test("activation waits for its time, through a loss of power", () => {
  const meter = new UpdatedMeter();
  meter.receive(image);
  const at = Math.floor(meter.bench.clock.now() / 1000) + 3600;
  expect(meter.activate(at)).toEqual(completed);
  expect(meter.read(updateTable.status)["ACTIVATE_AT"]).toBe(at);
  meter.restart();
  meter.tick();
  expect(meter.status()[0]).toBe("scheduled");
  meter.pass(1);
  expect(meter.status()).toEqual(["trial", "none", 0x0200]);
});

test("[FWU-1.7] firmware that fails the health check is taken back; the diagnostics, the flag and a report say so, until one succeeds", () => {
  const meter = new UpdatedMeter();
  meter.receive(faulty);
  expect(meter.activate()).toEqual(refusal(3, "self-test"));
  expect([meter.shownVersion, meter.status()]).toEqual([1, ["idle", "self-test", 0x0100]]);
  meter.tick();
  expect(meter.flags().standard).toContain("ROM_FAILURE");
  expect(meter.events().at(-1)).toMatchObject({ code: 4, manufacturer: true, diagnostic: 4, detail: refusalCodes.indexOf("self-test") });
  expect(meter.bench.meter.reports.pending.map(({ diagnostic }) => diagnostic)).toContain(4);
  meter.receive(image);
  meter.activate();
  meter.run(imageProcedure.confirm);
  meter.tick();
  expect(meter.events().at(-1)).toMatchObject({ code: 9, manufacturer: true, detail: 4 });
});

test("a trial that nobody confirms ends after a day, by itself", () => {
  const meter = new UpdatedMeter();
  meter.receive(image);
  meter.activate();
  meter.pass(23);
  expect(meter.shownVersion).toBe(2);
  meter.pass(2);
  expect([meter.shownVersion, meter.status()]).toEqual([1, ["idle", "time", 0x0100]]);
});

test("[FWU-1.7] a program comes the same way, and its tables are in force as a whole, also after a restart", () => {
  const meter = new UpdatedMeter();
  expect(meter.receive(program)).toEqual(completed);
  expect(bytesOf(meter.bench.session("reader").read(6)).slice(0, 4)).not.toEqual(Uint8Array.of(0x41, 0x41, 0x41, 0x41));
  expect(meter.activate()).toEqual(completed);
  meter.restart();
  expect(bytesOf(meter.bench.session("reader").read(6)).slice(0, 6)).toEqual(Uint8Array.of(0x41, 0x41, 0x41, 0x41, six[4] ?? 0, six[5] ?? 0));
  expect(meter.read(updateTable.status)).toMatchObject({ PROGRAM_ID: "TOU", PROGRAM_VERSION: 9, PROGRAM_UPDATE: 1, PROGRAM_COUNTER: 9 });
  meter.tick();
  expect(meter.flags().standard).not.toContain("SELF_CHK_ERROR");
});

describe("refused", () => {
  test("by worn out memory, as such, and nothing breaks; table 3 says so", () => {
    const meter = new UpdatedMeter();
    expect(meter.receive(image)).toEqual(completed);
    meter.provoke({ kind: "memory-worn-out" });
    expect([meter.activate(), meter.run(imageProcedure.abort)]).toEqual([refusal(3, "memory"), refusal(3, "memory")]);
    expect(meter.bench.session("programmer").writeOffset(6, 0, Uint8Array.of(1))).toBe("err");
    meter.tick();
    expect([meter.shownVersion, meter.status()[0], meter.flags().standard.includes("NONVOL_MEM_FAILURE")]).toEqual([1, "verified", true]);
    meter.relieve("memory-worn-out");
    expect([meter.activate(), meter.shownVersion]).toEqual([completed, 2]);
  });

  test("octets that the buffer does not take, with `err`; they are sent again once it does", () => {
    const meter = new UpdatedMeter();
    meter.run(imageProcedure.begin, octets(image.length));
    const session = meter.bench.session("programmer");
    expect(session.writeOffset(updateTable.buffer, 0, image.subarray(0, 128))).toBe("ok");
    meter.provoke({ kind: "memory-worn-out" });
    expect(session.writeOffset(updateTable.buffer, 128, image.subarray(128, 192))).toBe("err");
    meter.relieve("memory-worn-out");
    meter.send(image);
    expect(meter.run(imageProcedure.verify)).toEqual(completed);
  });

  test("by a meter that trusts nobody, or whose clock is not set", () => {
    const meter = new DiagnosedMeter();
    meter.run(imageProcedure.begin, octets(image.length));
    const session = meter.bench.session("master");
    for (let at = 0; at < image.length; at += 64) session.writeOffset(updateTable.buffer, at, image.subarray(at, at + 64));
    expect(meter.run(imageProcedure.verify)).toEqual(refusal(3, "signature"));
  });

  test("with the reason in table 8: nothing under way, too large, twice, octets missing", () => {
    const meter = new UpdatedMeter();
    expect(meter.activate()).toEqual(refusal(3, "phase"));
    expect(meter.run(imageProcedure.begin, octets(90_113))).toEqual(refusal(2, "too-large"));
    expect(meter.run(imageProcedure.begin, Uint8Array.of(1))).toEqual([2]);
    expect(meter.run(imageProcedure.begin, octets(1000))).toEqual(completed);
    expect(meter.run(imageProcedure.begin, octets(1000))).toEqual(refusal(3, "phase"));
    expect(meter.run(imageProcedure.verify)).toEqual(refusal(3, "incomplete"));
    expect(meter.run(imageProcedure.abort)).toEqual(completed);
    expect(meter.run(imageProcedure.abort, Uint8Array.of(1))).toEqual([2]);
  });

  test("octets outside the image (`iar`), and where none may come or others came (`dlk`)", () => {
    const meter = new UpdatedMeter();
    const session = meter.bench.session("programmer");
    const piece = new Uint8Array(64);
    expect(session.writeOffset(updateTable.buffer, 0, piece)).toBe("dlk");
    meter.run(imageProcedure.begin, octets(1000));
    expect([[960, piece], [1, piece], [0, piece.slice(1)], [0, new Uint8Array()], [0xff_ffff, piece]].map(([at, bytes]) => session.writeOffset(updateTable.buffer, at as number, bytes as Uint8Array))).toEqual(Array(5).fill("iar"));
    expect(session.writeOffset(updateTable.buffer, 0, piece)).toBe("ok");
    expect(session.writeOffset(updateTable.buffer, 0, piece.fill(1))).toBe("dlk");
    expect(session.write(updateTable.buffer, new Uint8Array(90_112))).toBe("iar");
  });

  test("by level: the reader sees the status and does nothing, nobody reads the buffer, without a password there is nothing", () => {
    const bench = meterOnTheBench({ trust: { keys } });
    const [nobody, reader, programmer] = [bench.session(), bench.session("reader"), bench.session("programmer")];
    expect([nobody, reader, programmer].map((session) => (typeof session.read(updateTable.status) === "string" ? "refused" : "read"))).toEqual(["refused", "read", "read"]);
    expect([nobody, reader].map((session) => session.writeOffset(updateTable.buffer, 0, new Uint8Array(64)))).toEqual(["isc", "isc"]);
    expect(bench.session("master").read(updateTable.buffer)).toBe("isc");
    for (const number of Object.values(imageProcedure)) {
      reader.write(7, Uint8Array.of(number & 0xff, number >> 8, 1, ...octets(64)));
      expect(bytesOf(reader.read(8))[3]).toBe(5);
    }
  });
});

test("the device types describe phases, outcomes and tables of updates alike, as they are", () => {
  const part = (fragments: readonly { readonly name: string }[]): unknown => fragments.find(({ name }) => name === "metersmith-updates");
  expect(part(rx2s)).toBeDefined();
  for (const other of [ix4s, px9s, wx1, gx1]) expect(part(other)).toEqual(part(rx2s));
  for (const { context } of Object.values(models)) {
    expect(updatePhases.map((_, at) => context.definitions.label("UPDATE_PHASE", at))).toEqual(updatePhases);
    expect([...refusalCodes, undefined].map((_, at) => context.definitions.label("UPDATE_OUTCOME", at))).toEqual([...refusalCodes, undefined]);
  }
});
