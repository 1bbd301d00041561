import { beforeEach, describe, expect, test } from "vitest";
import { UpdatedBoard } from "../testing/updated-board.ts";
import { noteLink, setBoardClock, type Errand } from "./card-errands.ts";

let board: UpdatedBoard;
let errand: Errand;
beforeEach(() => {
  board = new UpdatedBoard();
  errand = { board: board.access, role: "master", clock: board.clock };
});

async function shown(table: number, field: string): Promise<unknown> {
  const client = await board.connect();
  const value = (await client.readTable(table)).get(field);
  await client.disconnect();
  return value;
}

describe("[I2FR7] [I2FR8] the card tells the board of its links", () => {
  test.each([["home-device", 17], ["head-end", 18]] as const)("%s: failed after as many attempts as the board waits for, passed once it was reached", async (link, diagnostic) => {
    const state = (): Promise<unknown> => shown(2057, `RESULTS[${diagnostic - 1}].STATE`);
    for (let attempt = 0; attempt < 3; attempt++) await noteLink(errand, link, false, 7);
    board.meter.tick();
    expect(await state()).toBe(2);
    await noteLink(errand, link, true, 7);
    board.meter.tick();
    expect(await state()).toBe(1);
  });

  test("a level that may not is told so", async () => {
    await expect(noteLink({ ...errand, role: "reader" }, "head-end", false)).rejects.toMatchObject({ code: "board-refused" });
    await expect(noteLink({ ...errand, role: "janitor" }, "head-end", false)).rejects.toMatchObject({ code: "not-permitted" });
  });
});

describe("[I2FR6] the card sets the board's clock", () => {
  test("one that was never set gets universal time", async () => {
    await setBoardClock(errand, board.clock);
    expect([await shown(52, "CLOCK_CALENDAR"), await shown(52, "TIME_DATE_QUAL.GMT_FLAG")]).toEqual(["2026-07-15T19:00:00", true]);
  });

  test("one that shows local time goes on to; what it had run ahead the board finds", async () => {
    const client = await board.connect();
    await client.procedure(10, { SET_MASK: { SET_TIME_FLAG: true, SET_DATE_FLAG: true, SET_TIME_DATE_QUAL: true }, DATE_TIME: "2026-07-15T12:00:00", TIME_DATE_QUAL: { DAY_OF_WEEK: 3, TM_ZN_APPLIED_FLAG: true } });
    await client.disconnect();
    board.provocations.provoke({ kind: "oscillator-drift", partsPerMillion: 2000 }, board.clock.now());
    board.clock.advance(86_400_000);
    await setBoardClock(errand, board.clock);
    expect([await shown(52, "CLOCK_CALENDAR"), await shown(52, "TIME_DATE_QUAL.GMT_FLAG"), await shown(52, "TIME_DATE_QUAL.TM_ZN_APPLIED_FLAG")]).toEqual(["2026-07-16T12:00:00", false, true]);
    board.meter.tick();
    expect(await shown(2057, "RESULTS[6].STATE")).toBe(2);
  });
});
