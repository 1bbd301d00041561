import { seededRandom } from "@metersmith/base/random";
import { expect, test } from "vitest";
import { smallGeometry } from "../sweep/small-layout.ts";
import { flashKind, smallChip } from "../testing/small-flash.ts";
import { FlashChip } from "./flash-chip.ts";
import { FlashRegion } from "./flash-region.ts";
import { pagesInRam } from "./page-store.ts";
import { applyCut, CutFlash, isPowerCut } from "./power-cut.ts";
import { SharedPages } from "./shared-pages.ts";

const misuse = expect.objectContaining({ code: "flash-misuse", kind: "bug" });
const unit = new Uint8Array(64).fill(0x5a);
const page1 = smallGeometry.pageSize;

test("a unit is programmed once between two erasures of its page, as a whole", () => {
  const chip = smallChip();
  chip.program(page1, unit);
  expect(chip.read(page1 - 1, 66)).toEqual(Uint8Array.of(0xff, ...unit, 0xff));
  expect(() => chip.program(page1, unit)).toThrow(misuse);
  expect(() => chip.program(page1 + 64, unit.slice(1))).toThrow(misuse);
  expect(() => chip.program(page1 + 65, unit)).toThrow(misuse);
  chip.erase(1);
  expect(chip.erasures(1)).toBe(1);
  chip.program(page1, unit);
});

test("[CON-14] the protected area takes neither programming nor erasing, whoever asks", () => {
  const chip = smallChip();
  for (const at of [0, 64, page1 - 64]) expect(() => chip.program(at, unit)).toThrow(misuse);
  expect(() => chip.erase(0)).toThrow(misuse);
  for (const cut of ["before", "after"] as const) {
    const flash = new CutFlash(chip, 0, () => cut);
    expect(() => flash.erase(0)).toThrow();
  }
  expect(() => chip.tearErase(0, "first")).toThrow(misuse);
  expect(new FlashRegion(chip, 0, 1).isBlank(0, page1)).toBe(true);
});

test("a torn unit reads as far as it was programmed, its unstable bits at random, and takes nothing before its page is erased", () => {
  const chip = new FlashChip(flashKind(), undefined, seededRandom(3));
  chip.tearProgram(page1, unit, { octets: 2, steady: false });
  const read = Array.from({ length: 40 }, () => chip.read(page1, 4));
  expect(new Set(read.map(([first, second, , fourth]) => `${first} ${second} ${fourth}`))).toEqual(new Set(["90 90 255"]));
  // Bits that stay at 1 are steady: 5a has zeros at 0xa5.
  for (const [, , third = 0] of read) expect(third & 0x5a).toBe(0x5a);
  expect(new Set(read.map(([, , third]) => third)).size).toBeGreaterThan(1);
  chip.tearProgram(page1 + 64, unit, { octets: 0, steady: true });
  expect(new FlashRegion(chip, 1, 1).isBlank(64, 64)).toBe(true);
  for (const at of [page1, page1 + 64]) expect(() => chip.program(at, unit)).toThrow(misuse);
});

test.each([
  ["none", [0x5a, 0x5a]], ["first", [0xff, 0x5a]], ["last", [0x5a, 0xff]], ["lowered", [0x5a, 0x00]],
] as const)("an erasure that was cut (%s) leaves a page that must be erased again, however it reads", (cut, expected) => {
  const chip = smallChip();
  for (let at = 0; at < page1; at += 64) chip.program(page1 + at, unit);
  applyCut(chip, { do: "erase", page: 1 }, cut);
  expect([chip.read(page1, 1)[0], chip.read(2 * page1 - 1, 1)[0]]).toEqual(expected);
  expect(() => chip.program(page1, unit)).toThrow(misuse);
  chip.erase(1);
  chip.program(page1, unit);
});

test("after the power was cut nothing answers, and what was caught goes nowhere", () => {
  const chip = smallChip();
  const flash = new CutFlash(chip, 1, () => "after");
  flash.program(page1, unit);
  for (const use of [() => flash.program(page1 + 64, unit), () => flash.read(0, 1), () => flash.erase(1), () => flash.sync()]) {
    try {
      use();
      expect.unreachable();
    } catch (error) {
      expect(isPowerCut(error)).toBe(true);
    }
  }
  expect(flash.operations).toBe(2);
  expect(chip.read(page1 + 64, 1)[0]).toBe(0x5a);
});

test("what was synchronized is there when the host comes back, with wear and with what a cut left; what was not is gone", () => {
  const store = pagesInRam();
  const chip = new FlashChip(flashKind(), store);
  chip.erase(2);
  chip.program(2 * page1, unit);
  chip.tearProgram(3 * page1, unit, { octets: 5, steady: false });
  chip.sync();
  chip.program(2 * page1 + 64, unit);
  const back = new FlashChip(flashKind(), store);
  expect([back.ownPages, back.erasures(2), back.erasures(3)]).toEqual([2, 1, 0]);
  expect(back.read(2 * page1, 65)).toEqual(Uint8Array.of(...unit, 0xff));
  expect(back.holds(3)).toEqual(chip.holds(3));
  expect(() => back.program(3 * page1, unit)).toThrow(misuse);
});

test("a page is stored as long as what is written in it, and comes back whole", () => {
  const store = pagesInRam();
  const chip = new FlashChip(flashKind(), store);
  chip.erase(2);
  chip.erase(3);
  chip.program(3 * page1 + 128, unit);
  chip.sync();
  const lengths = [...store.load().values()].map(({ length }) => length);
  expect(lengths).toEqual([22, 22 + 192]);
  const back = new FlashChip(flashKind(), store);
  expect([2, 3].map((page) => back.holds(page))).toEqual([2, 3].map((page) => chip.holds(page)));
});

test("devices share the pages that are equal, and untouched ones hold none", () => {
  const kind = { ...flashKind(), shared: new SharedPages() };
  const [one, other, third] = [new FlashChip(kind), new FlashChip(kind), new FlashChip(kind)];
  expect(third.ownPages).toBe(0);
  for (const chip of [one, other]) {
    chip.program(page1, unit);
    chip.sync();
  }
  expect(one.holds(1)).toBe(other.holds(1));
  other.program(page1 + 64, unit);
  expect(one.read(page1 + 64, 1)[0]).toBe(0xff);
});

test("a page past its endurance keeps a bit at 0, so that what is written to it reads otherwise", () => {
  const chip = smallChip(flashKind({ ...smallGeometry, endurance: 2 }));
  const region = new FlashRegion(chip, 1, 1);
  const whole = new Uint8Array(page1).fill(0xff);
  const taken = [1, 2, 3].map(() => {
    region.erase();
    return region.write(0, whole);
  });
  expect(taken).toEqual([true, true, false]);
});
