import fc from "fast-check";
import { expect, test } from "vitest";
import { blankPage, halfErasedPage, programmedPage, tornPage, type FlashPage } from "./flash-page.ts";
import { pageFrom, storedPage } from "./stored-page.ts";

const geometry = { pages: 1, pageSize: 512, unit: 64, endurance: 10, protectedPages: 0 };
const units = geometry.pageSize / geometry.unit;
/** Octets as they lie in pages: blank ones often, at the end too. */
const unit = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(0xff) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xff }) }), { minLength: geometry.unit, maxLength: geometry.unit }).map((octets) => Uint8Array.from(octets));
const step = fc.oneof(
  fc.record({ do: fc.constant("program" as const), at: fc.nat(units - 1), octets: unit }),
  fc.record({ do: fc.constant("tear" as const), at: fc.nat(units - 1), octets: unit, cut: fc.record({ octets: fc.nat(geometry.unit), steady: fc.boolean() }) }),
  fc.record({ do: fc.constant("erase" as const), cut: fc.constantFrom("none", "first", "last", "lowered", "unstable") }),
);

test("whatever was written in it or left by a cut, a page comes back as it was, with the units that were begun and its unstable octets", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 12 }), fc.nat(0xffff_ffff), (steps, erasures) => {
    let page: FlashPage = blankPage(geometry);
    for (const one of steps) {
      if (one.do === "erase") page = halfErasedPage(page, geometry, one.cut);
      else if (one.do === "program") page = programmedPage(page, geometry, one.at * geometry.unit, one.octets);
      else page = tornPage(page, geometry, one.at * geometry.unit, one.octets, one.cut);
    }
    expect(pageFrom(storedPage(page, erasures), geometry)).toEqual({ page, erasures });
  }));
});

test("a unit that was programmed with blank octets takes nothing more after it came back", () => {
  const page = programmedPage(blankPage(geometry), geometry, 448, new Uint8Array(64).fill(0xff));
  const stored = storedPage(page, 1);
  expect(stored.length).toBe(6 + units);
  expect(pageFrom(stored, geometry)?.page.begun).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1));
});

test("what was stored in full is read, too", () => {
  const page = programmedPage(blankPage(geometry), geometry, 0, new Uint8Array(64).fill(0x5a));
  const short = storedPage(page, 7);
  const full = new Uint8Array(6 + units + geometry.pageSize).fill(0xff);
  full.set(short);
  expect(pageFrom(full, geometry)).toEqual({ page, erasures: 7 });
});

test("octets that are no page are none, and throw nothing", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), (stored) => {
    const read = pageFrom(stored, geometry);
    if (read) expect(read.page.bytes.length).toBe(geometry.pageSize);
  }));
  expect(pageFrom(new Uint8Array(6 + units + geometry.pageSize + 1), geometry)).toBeUndefined();
});
