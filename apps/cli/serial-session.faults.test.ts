import { readFileSync } from "node:fs";
import { memoryInRam, createMeter, readMeterModel } from "@metersmith/meter";
import { MeterClient } from "@metersmith/client";
import { openSerial } from "@metersmith/node/serial-channel";
import { systemClock } from "@metersmith/node/system-clock";
import { noPseudoTerminals, pseudoTerminals } from "@metersmith/node/testing/pseudo-terminals";
import { servePsem } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { describe, expect, test } from "vitest";
import { openMeterLink } from "./meter-link.ts";

const password = new TextEncoder().encode("the-programming-one");

describe.skipIf(noPseudoTerminals)(`over pseudo-terminals${noPseudoTerminals ? ` (${noPseudoTerminals})` : ""}`, () => {
  test("a virtual meter at the other end of a serial cable is identified, read and left at the rate that both ends agreed on", async () => {
    const cable = await pseudoTerminals();
    const factory: unknown = JSON.parse(readFileSync(new URL("../../device-types/rx-2s/factory.json", import.meta.url), "utf8"));
    const meter = createMeter(readMeterModel(standardDefinitions, factory), {
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
    expect(rates).toEqual([38_400, 9600]);
    expect(lines).toContain("> request: read table 54");
    server.close();
    await cable.close();
  });
});
