import { execFileSync } from "node:child_process";
import { memoryInRam, createMeter, readMeterModel } from "@metersmith/meter";
import { MeterClient } from "@metersmith/client";
import { parseMeterAddress } from "@metersmith/node/meter-address";
import { openSerial } from "@metersmith/node/serial-channel";
import { systemClock } from "@metersmith/node/system-clock";
import { noPseudoTerminals, pseudoTerminals } from "@metersmith/node/testing/pseudo-terminals";
import { servePsem } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { describe, expect, test } from "vitest";
import rx2s from "../../device-types/rx-2s/factory.json" with { type: "json" };
import fragments from "../../device-types/rx-2s/fragment.json" with { type: "json" };
import { openMeterLink, ratesToOffer } from "./meter-link.ts";

const password = new TextEncoder().encode("the-programming-one");

/** A virtual meter that can do 9600 and 38,400 baud, at one end of a cable. */
async function meterOnCable() {
  const cable = await pseudoTerminals();
  const meter = createMeter(readMeterModel({ factory: rx2s, fragments }), {
    serial: "CABLE1", passwords: [Uint8Array.of(1), password, Uint8Array.of(2)], memory: memoryInRam(), clock: systemClock,
  });
  const far = await openSerial(cable.ends[1]);
  const rates: number[] = [];
  const server = servePsem(far, systemClock, meter.device(), {
    serial: true, bauds: [9600, 38_400],
    onBaud: (rate) => {
      rates.push(rate);
      far.setBaud(rate);
    },
  });
  const close = async (): Promise<void> => {
    server.close();
    await cable.close();
  };
  return { ends: cable.ends, rates, close };
}

/** What the terminals are set to, bits per second. */
const settings = (ends: readonly string[]): readonly string[] => ends.map((end) => execFileSync("stty", ["-F", end, "speed"], { encoding: "utf8" }).trim());

describe.skipIf(noPseudoTerminals)(`over pseudo-terminals${noPseudoTerminals ? ` (${noPseudoTerminals})` : ""}`, () => {
  test("a virtual meter at the other end of a serial cable is identified, read and left at the rate that both ends agreed on", async () => {
    const cable = await meterOnCable();
    const lines: string[] = [];
    const psem = await openMeterLink({ over: "serial", path: cable.ends[0], baud: 9600 }, { trace: (line) => lines.push(line) });
    await psem.identify();
    expect(await psem.negotiate(512, 8, [38_400])).toEqual({ packetSize: 512, packets: 8, baud: 38_400 });
    await psem.logon(1, "cable");
    await psem.security("the-programming-one");
    expect(await psem.readTable(54)).toHaveLength(356);
    await psem.terminate();
    const client = new MeterClient(psem, standardDefinitions, { clock: systemClock });
    await client.connect({ user: "again", userId: 2, password });
    expect((await client.readTable(1)).get("MFG_SERIAL_NUMBER")).toBe("CABLE1");
    await client.disconnect();
    expect(cable.rates).toEqual([38_400, 9600]);
    expect(lines).toContain("> request: read table 54");
    await cable.close();
  });

  test("a meter that sleeps is woken by a byte before the identification", async () => {
    const cable = await pseudoTerminals();
    const far = await openSerial(cable.ends[1]);
    const first = new Promise<number | undefined>((resolve) => far.listen({ received: ([byte]) => resolve(byte), closed: () => {} }));
    const psem = await openMeterLink(parseMeterAddress(`serial:${cable.ends[0]}?wake=yes`), {});
    const asked = psem.identify().catch((error: { code: string }) => error.code);
    expect(await first).toBe(0x55);
    psem.close();
    expect(await asked).toBe("closed");
    far.close();
    await cable.close();
  });

  test("asked for the fastest rate that the line can do, the client offers all up to it, the meter takes its best, and both terminals are set to it", async () => {
    const cable = await meterOnCable();
    const address = parseMeterAddress(`serial:${cable.ends[0]}?baud=9600&fastest=115200`);
    const psem = await openMeterLink(address, {});
    const client = new MeterClient(psem, standardDefinitions, { clock: systemClock });
    await client.connect({ user: "cable", userId: 1, password }, { bauds: ratesToOffer(address) });
    expect(client.negotiated).toMatchObject({ baud: 38_400 });
    expect(await client.readImage(54)).toHaveLength(356);
    expect(settings(cable.ends)).toEqual(["38400", "38400"]);
    await client.disconnect();
    await cable.close();
  });
});

test("what is offered lies between the rate at the beginning and the fastest, fastest first, as many as the service takes", () => {
  const offered = (text: string): readonly number[] => ratesToOffer(parseMeterAddress(text));
  expect(offered("serial:/dev/x?baud=9600&fastest=57600")).toEqual([57_600, 38_400, 28_800, 19_200, 14_400]);
  expect(offered("serial:/dev/x?baud=300&fastest=256000")).toEqual([256_000, 128_000, 115_200, 57_600, 38_400, 28_800, 19_200, 14_400, 9600, 4800, 2400]);
  expect([offered("serial:/dev/x"), offered("tcp:host:1")]).toEqual([[], []]);
});
