import { beforeEach, describe, expect, test } from "vitest";
import { cutAt, firmwareImage, longModule, programImage, UpdatedBoard } from "../testing/updated-board.ts";
import { handOver, type HandoverReport } from "./hand-over.ts";

const firmware = await firmwareImage();
const long = await firmwareImage({ content: { kind: "firmware", module: longModule(40_000) } });

let board: UpdatedBoard;
beforeEach(async () => {
  board = new UpdatedBoard();
  await board.setClock();
});

async function handed(image: Uint8Array, options: Parameters<typeof handOver>[2] = {}, level = 1): Promise<HandoverReport> {
  const client = await board.connect(level);
  const report = await handOver(client, image, options);
  await client.disconnect();
  return report;
}

describe("[FWU-C] [FWU-1.6] the card hands an image to the board over C12.18, by tables and procedures", () => {
  test("[FWU-D] [FWU-1.8] firmware: what the card reports is what table 1 shows, after a passed metrology check, and lasts", async () => {
    const report = await handed(firmware);
    expect(report).toMatchObject({
      outcome: "confirmed", metrologyCheck: "passed", firmware: { before: 0x0100, after: 0x0200 }, octets: { total: firmware.length, sent: firmware.length },
      image: { kind: "firmware", id: "metrology", version: 0x0200 }, status: { phase: "idle", outcome: "done", counters: { firmware: 2 } },
    });
    board.restart();
    expect(board.meter.inspect().firmware).toMatchObject({ version: 2 });
  });

  test("a program: in force as a whole, by its name and version", async () => {
    const report = await handed(await programImage("NORTH"));
    expect(report).toMatchObject({ outcome: "confirmed", firmware: { before: 0x0100, after: 0x0100 }, status: { programId: "TOU-1", programVersion: 3 } });
    expect(report).not.toHaveProperty("metrologyCheck");
    const client = await board.connect();
    expect((await client.readTable(6)).text("OWNER_NAME")).toBe("NORTH");
    await client.disconnect();
  });

  test("steps are told in their order", async () => {
    const steps: string[] = [];
    await handed(firmware, { onProgress: ({ step, done, total }) => done === total && steps.push(step) });
    expect(steps).toEqual(["begin", "send", "verify", "activate", "read back", "confirm"]);
  });

  test("the same image again changes nothing, and is confirmed by what is read back", async () => {
    await handed(firmware);
    expect(await handed(firmware)).toMatchObject({ outcome: "confirmed", octets: { sent: 0 }, status: { outcome: "done" } });
  });
});

describe("[FWU-1.7] at its time", () => {
  test("the board activates it by itself, and a later hand-over confirms", async () => {
    const at = Math.floor(board.clock.now() / 1000) + 3600;
    expect(await handed(firmware, { at })).toMatchObject({ outcome: "scheduled", firmware: { before: 0x0100, after: 0x0100 }, status: { activateAt: at } });
    expect(await handed(firmware, { at })).toMatchObject({ outcome: "scheduled", octets: { sent: 0 } });
    board.clock.advance(3_660_000);
    board.meter.tick();
    expect(await handed(firmware, { at })).toMatchObject({ outcome: "confirmed", octets: { sent: 0 }, firmware: { before: 0x0200, after: 0x0200 }, metrologyCheck: "passed" });
  });

  test("one that waits can be had at once", async () => {
    await handed(firmware, { at: Math.floor(board.clock.now() / 1000) + 3600 });
    expect(await handed(firmware)).toMatchObject({ outcome: "confirmed", octets: { sent: 0 }, firmware: { after: 0x0200 } });
  });
});

describe("[FWU-1.7] an interrupted hand-over goes on", () => {
  test("cut at any write, with or without a loss of power: what is whole is not sent again, and the board runs old or new", async () => {
    let cuts = 0;
    for (let chunk = 8; ; chunk += 7) {
      board = new UpdatedBoard();
      await board.setClock();
      const client = await board.connect(1, cutAt(chunk));
      const cut = await handOver(client, long).catch(() => undefined);
      if (cut?.outcome === "confirmed") break;
      cuts++;
      if (cuts % 2 === 0) board.restart();
      const report = await handed(long);
      expect(report, `cut at ${chunk}`).toMatchObject({ outcome: "confirmed", firmware: { after: 0x0200 }, metrologyCheck: "passed" });
    }
    expect(cuts).toBeGreaterThan(5);
  });

  test("only the pages that are missing are sent", async () => {
    const client = await board.connect();
    const stop = new AbortController();
    await expect(handOver(client, long, { signal: stop.signal, onProgress: ({ step, done }) => step === "send" && done >= 3 * 4096 && stop.abort(new Error("stopped")) })).rejects.toThrow("stopped");
    const report = await handed(long);
    expect(report.outcome).toBe("confirmed");
    expect(report.octets.sent).toBe(long.length - 3 * 4096);
  });

  test("another image takes the place of one that was begun", async () => {
    const client = await board.connect();
    const stop = new AbortController();
    await expect(handOver(client, long, { signal: stop.signal, onProgress: ({ step, done }) => step === "send" && done >= 4096 && stop.abort(new Error("stopped")) })).rejects.toThrow("stopped");
    expect(await handed(firmware)).toMatchObject({ outcome: "confirmed", octets: { sent: firmware.length } });
    // Of the same length, and refused before.
    const expired = await firmwareImage({ expiry: Date.UTC(2026, 0, 1) / 1000, counter: 5 });
    const other = await firmwareImage({ counter: 5 });
    expect(expired).toHaveLength(other.length);
    expect(await handed(expired)).toMatchObject({ outcome: "refused", refusal: { code: "expired" } });
    expect(await handed(other)).toMatchObject({ outcome: "confirmed", status: { counters: { firmware: 5 } } });
  });
});

describe("[FWU-1.8] the board's refusal reaches the report, with step and reason, and the board runs what it ran", () => {
  test.each<[string, () => Promise<Uint8Array>, object]>([
    ["another device type", () => firmwareImage({ deviceType: "ix-4s" }), { step: "verify", code: "device-type" }],
    ["an expired one", () => firmwareImage({ expiry: Date.UTC(2026, 0, 1) / 1000 }), { step: "verify", code: "expired" }],
    ["a flipped bit of the module", async () => firmware.map((octet, at) => (at === firmware.length - 3 ? octet ^ 1 : octet)), { step: "verify" }],
    ["a module of another version than its manifest says", () => firmwareImage({ version: 0x0300 }), { step: "verify", code: "content" }],
  ])("%s", async (_, image, refusal) => {
    expect(await handed(await image())).toMatchObject({ outcome: "refused", refusal, firmware: { before: 0x0100, after: 0x0100 } });
  });

  test("a level that may not", async () => {
    expect(await handed(firmware, {}, 0)).toMatchObject({ outcome: "refused", refusal: { step: "begin", code: "not permitted", result: 5 } });
  });

  test("a counter below the board's", async () => {
    await handed(await firmwareImage({ counter: 9 }));
    expect(await handed(await firmwareImage({ counter: 8 }))).toMatchObject({ outcome: "refused", refusal: { step: "verify", code: "counter" }, firmware: { after: 0x0200 } });
  });
});
