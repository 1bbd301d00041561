import type { Random } from "@metersmith/base/random";
import { seededRandom } from "@metersmith/base/random";
import type { FieldValue } from "@metersmith/tables";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FlashChip } from "../flash/flash-chip.ts";
import { CutFlash, cutsOf, isPowerCut } from "../flash/power-cut.ts";
import { memoryInRam } from "../memory/meter-memory.ts";
import { imageProcedure } from "../procedures/image-update.ts";
import { keys, smallFirmware } from "../sweep/small-images.ts";
import { bytesOf, meterOnTheBench, models, type BenchMeter } from "../testing/bench.ts";
import { refusalCodes } from "./update-refusal.ts";
import { updatePhases } from "./update-state.ts";
import { updateTable } from "./update-tables.ts";

const { context, flash } = models["rx-2s"];
const image = await smallFirmware();
const octets = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff, 0, 0);
/** Universal time, 2026-07-15 19:00:00. */
const setClock = Uint8Array.of(7, 26, 7, 15, 19, 0, 0, 0x10 | 7);

function run(bench: BenchMeter, procedure: number, parameters: Uint8Array = new Uint8Array()): number {
  const session = bench.session("programmer");
  session.write(7, Uint8Array.of(procedure & 0xff, procedure >> 8, 1, ...parameters));
  return bytesOf(session.read(8))[3] ?? -1;
}

function statusOf(bench: BenchMeter): { readonly phase: string | undefined; readonly outcome: string | undefined; readonly pages: readonly FieldValue[] } {
  const status = context.decode(updateTable.status, bytesOf(bench.session("reader").read(updateTable.status))).tree() as { readonly [field: string]: FieldValue };
  return { phase: updatePhases[Number(status["PHASE"])], outcome: refusalCodes[Number(status["OUTCOME"])], pages: status["RECEIVED"] as readonly FieldValue[] };
}

/** What a card does after any break: asks how far the meter is, and goes on from there. */
function update(bench: BenchMeter): void {
  for (let commands = 0; commands < 10; commands++) {
    const { phase, outcome } = statusOf(bench);
    if (phase === "idle" && outcome === "done") return;
    if (phase === "idle") expect(run(bench, imageProcedure.begin, octets(image.length))).toBe(0);
    else if (phase === "receiving") {
      const session = bench.session("programmer");
      for (let at = 0; at < image.length; at += 64) expect(session.writeOffset(updateTable.buffer, at, image.subarray(at, at + 64))).toBe("ok");
      expect(run(bench, imageProcedure.verify)).toBe(0);
    } else if (phase === "verified") expect(run(bench, imageProcedure.activate, octets(0))).toBe(0);
    else expect([phase, run(bench, imageProcedure.confirm)]).toEqual(["trial", 0]);
  }
  expect.unreachable("it does not finish");
}

const versionOf = (bench: BenchMeter): number => bytesOf(bench.session("reader").read(1))[14] ?? 0;
const tariffOf = (bench: BenchMeter): Uint8Array => bytesOf(bench.session("reader").read(6)).slice(0, 4);

/** Sets the clock, writes a table, updates the firmware, writes the table again. */
function life(bench: BenchMeter): void {
  expect(run(bench, 10, setClock)).toBe(0);
  expect(bench.session("programmer").writeOffset(6, 0, Uint8Array.of(1, 1, 1, 1))).toBe("ok");
  update(bench);
  expect(bench.session("programmer").writeOffset(6, 0, Uint8Array.of(2, 2, 2, 2))).toBe("ok");
}

const seed = fc.readConfigureGlobal()?.seed ?? 1;

test("[CON-16] a whole board of full size whose power goes in a life of writes and an update, wherever: it measures on with old or new firmware, and finishes when asked", () => {
  const clean = new CutFlash(new FlashChip(flash.kind));
  life(meterOnTheBench({ flash: clean, trust: { keys } }));
  expect(clean.operations).toBeGreaterThan(60);
  const random = seededRandom(seed);
  const pick = (count: number): number => Math.floor(random.next() * count);
  for (let sample = 0; sample < 40; sample++) {
    const at = pick(clean.operations);
    cutLife(at, random, `cut at operation ${at} of ${clean.operations}, seed ${seed}`);
  }
});

function cutLife(at: number, random: Random, where: string): void {
  const chip = new FlashChip(flash.kind, undefined, random);
  const memory = memoryInRam();
  const cutting = new CutFlash(chip, at, (operation) => {
    const cuts = cutsOf(operation);
    return cuts[Math.floor(random.next() * cuts.length)] ?? "before";
  });
  const options = { memory, trust: { keys } };
  const before = meterOnTheBench({ ...options, flash: cutting });
  try {
    life(before);
  } catch (error) {
    if (!isPowerCut(error)) throw error;
  }
  const back = meterOnTheBench({ ...options, flash: chip, clock: before.clock });
  expect([1, 2], where).toContain(versionOf(back));
  expect([[0, 0, 0, 0], [1, 1, 1, 1], [2, 2, 2, 2]].map(String), where).toContain(String([...tariffOf(back)].map((octet) => (octet === 0x20 ? 0 : octet))));
  back.clock.advance(3_600_000);
  back.meter.tick();
  expect(back.meter.inspect().firmwareFault, where).toBeUndefined();
  update(back);
  expect([versionOf(back), statusOf(back).outcome], where).toEqual([2, "done"]);
  for (let page = 0; page < flash.kind.geometry.protectedPages; page++) expect(chip.holds(page)).toBe(flash.kind.factory.get(page) ?? flash.kind.blank);
}
