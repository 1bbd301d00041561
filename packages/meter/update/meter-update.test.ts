import { describe, expect, test } from "vitest";
import { version1, version2 } from "../firmware/images.generated.ts";
import { firmwareOf } from "../firmware/testing/assemble.ts";
import type { FlashChip } from "../flash/flash-chip.ts";
import { regionOf, regionsOf } from "../flash/flash-layout.ts";
import type { Flash } from "../flash/flash.ts";
import { CutFlash, type FlashOperation } from "../flash/power-cut.ts";
import { smallFirmware, smallNow } from "../sweep/small-images.ts";
import { smallLayout } from "../sweep/small-layout.ts";
import type { SmallMeter } from "../sweep/small-meter.ts";
import { filled, fresh, smallMeter, smallProgram } from "../testing/small-meter.ts";
import { readSlot } from "./firmware-slot.ts";
import { UpdateRecord } from "./update-record.ts";

const day = 86_400;
const firmware = await smallFirmware();
const program = await smallProgram(0x11);
const faulty = await smallFirmware({ version: 0x0300 }, firmwareOf("(local.get $steps)"));

const codeOf = (refusal: { readonly code: string } | undefined): string | undefined => refusal?.code;
const pageOf = (operation: FlashOperation): number => (operation.do === "erase" ? operation.page : Math.floor(operation.at / 1024));
const stateOf = (chip: FlashChip): UpdateRecord["state"] => new UpdateRecord(regionsOf(chip.fork(), smallLayout.state)).state;

/** A meter with the firmware on trial. */
function onTrial(chip = fresh()): SmallMeter {
  const meter = smallMeter(chip);
  expect(meter.receive(firmware)).toBeUndefined();
  expect(meter.update.activate()).toBeUndefined();
  return meter;
}

describe("firmware", () => {
  test("[FWU-1.7] is received, verified, swapped, tried, and stays once confirmed; its counter is the least from then on", () => {
    const chip = fresh();
    const meter = smallMeter(chip);
    expect([meter.version, meter.update.state.phase]).toEqual([0x0100, "idle"]);
    expect(meter.receive(firmware)).toBeUndefined();
    expect([meter.version, meter.update.state.phase]).toEqual([0x0100, "verified"]);
    expect(meter.update.activate()).toBeUndefined();
    expect([meter.version, meter.update.state.phase, meter.update.state.counters.firmware]).toEqual([0x0200, "trial", 0]);
    expect(meter.update.active).toEqual(version2);
    expect(meter.update.confirm()).toBeUndefined();
    const after = smallMeter(chip);
    expect([after.version, after.update.state.phase, after.update.state.outcome.code, after.update.failure]).toEqual([0x0200, "idle", "done", 0]);
    expect(after.update.state.counters).toEqual({ firmware: 2, program: 0 });
  });

  test("an image below the counter is refused, and the counter does not fall, whatever follows", async () => {
    const chip = fresh();
    onTrial(chip).update.confirm();
    const meter = smallMeter(chip);
    expect(codeOf(meter.receive(await smallFirmware({ version: 0x0100, counter: 1 }, version1)))).toBe("counter");
    meter.update.abort();
    expect(meter.receive(await smallFirmware({ version: 0x0100, counter: 2 }, version1))).toBeUndefined();
    meter.update.activate();
    meter.update.revert();
    expect([meter.version, meter.update.state.counters.firmware]).toEqual([0x0200, 2]);
  });

  test.each([
    ["by command", "reverted", 0, (meter: SmallMeter): void => void meter.update.revert()],
    ["when its time is over", "time", undefined, (meter: SmallMeter): void => {
      meter.now = smallNow + day;
      meter.update.tick();
    }],
  ] as const)("goes back to what was before, %s", (_, outcome, failure, end) => {
    const chip = fresh();
    const meter = onTrial(chip);
    end(meter);
    for (const one of [meter, smallMeter(chip)]) {
      expect([one.version, one.update.active, one.update.state.phase, one.update.state.outcome.code]).toEqual([0x0100, version1, "idle", outcome]);
      if (failure === undefined) expect(one.update.failure).toBeGreaterThan(0);
      else expect(one.update.failure).toBe(failure);
    }
  });

  test("goes back when it was started three times and nobody confirmed it", () => {
    const chip = fresh();
    onTrial(chip);
    const versions = [1, 2, 3].map(() => smallMeter(chip, { now: smallNow + 60 }).version);
    expect(versions).toEqual([0x0200, 0x0200, 0x0100]);
    expect(stateOf(chip).outcome.code).toBe("boots");
  });

  test("that fails the metrology health check goes back at once, and can never be confirmed", () => {
    const chip = fresh();
    const meter = smallMeter(chip);
    expect(meter.receive(faulty)).toBeUndefined();
    expect(codeOf(meter.update.activate())).toBe("self-test");
    expect([meter.version, meter.update.state.phase, meter.update.state.outcome.code]).toEqual([0x0100, "idle", "self-test"]);
    expect(codeOf(meter.update.confirm())).toBe("phase");
    expect(meter.update.failure).toBeGreaterThan(0);
  });
});

describe("a program", () => {
  test("[FWU-1.7] fills the other bank whole, switches, and has its procedures run once", () => {
    const chip = fresh();
    const ran: number[] = [];
    const meter = smallMeter(chip, { ran: (procedure) => void ran.push(procedure) });
    meter.tables.write(6, 0, Uint8Array.of(1, 2, 3));
    expect(meter.receive(program)).toBeUndefined();
    expect(meter.tables.image(12)).not.toEqual(filled(12, 0x11));
    expect(meter.update.activate()).toBeUndefined();
    expect(ran).toEqual([3]);
    const after = smallMeter(chip, { ran: (procedure) => void ran.push(procedure) });
    expect([after.tables.image(12), after.tables.image(13), after.tables.image(6)?.slice(0, 3)]).toEqual([filled(12, 0x11), filled(13, 0x11), Uint8Array.of(1, 2, 3)]);
    expect(after.tables.program).toEqual({ id: "TOU", version: 0x11, update: 1 });
    expect([ran, after.update.state.outcome.code, after.update.state.counters.program, after.update.failure]).toEqual([[3], "done", 0x11, undefined]);
  });

  test("whose procedure does not complete says which; its tables are in force", async () => {
    const ran: number[] = [];
    const meter = smallMeter(fresh(), { ran: (procedure) => void ran.push(procedure) });
    meter.receive(await smallProgram(0x12, {}, [9, 3]));
    expect(meter.update.activate()).toMatchObject({ code: "procedure", place: 9 });
    expect([ran, meter.tables.image(12), meter.update.state.counters.program]).toEqual([[9], filled(12, 0x12), 0x12]);
  });
});

describe("the swap", () => {
  /** Programs what it should not, so many times, where the program memory's module begins. */
  function wrongly(chip: FlashChip, times: number): Flash {
    let left = times;
    return {
      geometry: chip.geometry,
      read: (at, length) => chip.read(at, length),
      erase: (page) => chip.erase(page),
      sync: () => chip.sync(),
      program(at, bytes) {
        const wrong = at === 5 * 1024 + 256 && left-- > 0;
        chip.program(at, wrong ? bytes.map((octet) => octet & 0x7f) : bytes);
      },
    };
  }

  test.each([[1, 0x0200, "none"], [2, 0x0200, "none"], [3, 0x0100, "copy"], [100, 0x0100, "copy"]] as const)("[CON-13] copies again where the copy reads wrong: %i times wrong", (times, version, outcome) => {
    const meter = smallMeter(wrongly(fresh(), times));
    meter.receive(firmware);
    meter.update.activate();
    expect([meter.version, meter.update.state.outcome.code]).toEqual([version, outcome]);
  });

  test.each([["firmware", firmware], ["program", program]] as const)("[CON-15] of %s: the flag is set before the first copied octet, and cleared after the copy was verified", (_, image) => {
    const chip = fresh();
    const seen: string[] = [];
    const watched = new CutFlash(chip, Infinity, undefined, (operation) => {
      // Pages 1 and 2 are the state's own, 7 is the buffer.
      if (pageOf(operation) >= 3 && pageOf(operation) <= 6) seen.push(stateOf(chip).phase);
    });
    const meter = smallMeter(watched);
    meter.receive(image);
    expect(seen).toEqual([]);
    meter.update.activate();
    expect(seen.length).toBeGreaterThan(3);
    expect(new Set(seen)).toEqual(new Set(image === firmware ? ["saving", "installing"] : ["applying"]));
    expect(["trial", "idle"]).toContain(stateOf(chip).phase);
    if (image === firmware) expect(readSlot(regionOf(chip, smallLayout.program))?.module).toEqual(version2);
  });

  test("[CON-16] cut within the copy, it is begun again at the next start, and nobody has to ask", () => {
    const clean = fresh();
    const operations: FlashOperation[] = [];
    const meter = smallMeter(new CutFlash(clean, Infinity, undefined, (operation) => void operations.push(operation)));
    meter.receive(firmware);
    const first = operations.length;
    meter.update.activate();
    const within = operations.findIndex((operation, at) => at >= first && operation.do === "program" && pageOf(operation) === 5) + 3;
    const chip = fresh();
    const cut = smallMeter(new CutFlash(chip, within, () => ({ octets: 32, steady: false })));
    cut.receive(firmware);
    expect(() => cut.update.activate()).toThrow(expect.objectContaining({ code: "power-cut" }));
    expect(readSlot(regionOf(chip, smallLayout.program))).toBeUndefined();
    expect(stateOf(chip).phase).toBe("installing");
    const back = smallMeter(chip);
    expect([back.version, back.update.state.phase]).toEqual([0x0200, "trial"]);
  });

  test("[CON-14] reads its own addresses from nowhere that a download could write: the protected area is as the factory made it after any update", () => {
    const chip = fresh();
    const before = chip.holds(0);
    onTrial(chip).update.revert();
    const meter = smallMeter(chip);
    meter.receive(program);
    meter.update.activate();
    expect(chip.holds(0)).toBe(before);
    expect(before.bytes.slice(0, 4)).toEqual(new TextEncoder().encode("MSMT"));
  });
});

describe("activation at a time", () => {
  test("waits through a loss of power, and happens when the time has come", () => {
    const chip = fresh();
    const meter = smallMeter(chip);
    meter.receive(firmware);
    expect(meter.update.activate(smallNow + day)).toBeUndefined();
    const later = smallMeter(chip, { now: smallNow + day - 1 });
    later.update.tick();
    expect([later.version, later.update.state.phase, later.update.dueAt]).toEqual([0x0100, "scheduled", smallNow + day]);
    later.now = smallNow + day;
    later.update.tick();
    expect([later.version, later.update.state.phase]).toEqual([0x0200, "trial"]);
  });

  test("is refused where it would be before the image's own time or after its end, or the clock is not set", async () => {
    const meter = smallMeter(fresh());
    meter.receive(await smallFirmware({ activation: smallNow + 100, expiry: smallNow + 200 }));
    const codes = [undefined, smallNow + 99, smallNow + 200].map((at) => codeOf(meter.update.activate(at)));
    expect(codes).toEqual(["early", "early", "expired"]);
    meter.now = undefined;
    expect(codeOf(meter.update.activate(smallNow + 150))).toBe("clock");
    meter.now = smallNow;
    expect(meter.update.activate(smallNow + 150)).toBeUndefined();
  });

  test("is given up where the image has expired meanwhile; the meter says so and waits for a command", () => {
    const meter = smallMeter(fresh());
    meter.receive(firmware);
    meter.update.activate(smallNow + day);
    meter.now = smallNow + 40 * day;
    meter.update.tick();
    expect([meter.version, meter.update.state.phase, meter.update.state.outcome.code]).toEqual([0x0100, "verified", "expired"]);
    expect(meter.update.abort()).toBeUndefined();
  });
});

test("firmware whose program memory was damaged runs from the reserve; without one nothing runs; either way an image mends it", () => {
  const chip = fresh();
  const meter = onTrial(chip);
  meter.update.confirm();
  chip.erase(5);
  const mended = chip.fork();
  expect(smallMeter(chip).version).toBe(0x0100);
  const fromReserve = smallMeter(mended);
  expect([fromReserve.receive(firmware), fromReserve.update.activate(), fromReserve.version]).toEqual([undefined, undefined, 0x0200]);
  expect([fromReserve.update.revert(), fromReserve.version]).toEqual([undefined, 0x0100]);
  chip.erase(6);
  const empty = smallMeter(chip);
  expect([empty.version, empty.update.active]).toEqual([undefined, new Uint8Array()]);
  expect([empty.receive(firmware), empty.update.activate(), empty.version]).toEqual([undefined, undefined, 0x0200]);
});

test("a reception that power interrupted goes on with the pages that are not whole", () => {
  const chip = fresh();
  const meter = smallMeter(chip);
  meter.update.begin(firmware.length);
  meter.update.write(0, firmware.subarray(0, 128));
  const back = smallMeter(chip);
  expect([back.update.state.phase, back.update.state.size]).toEqual(["receiving", firmware.length]);
  expect(codeOf(back.update.verify())).toBe("incomplete");
  expect(back.send(firmware) ?? back.update.verify()).toBeUndefined();
});
