import { readFileSync } from "node:fs";
import { createMeter, memoryInRam, readMeterModel } from "@metersmith/meter";
import { FakeClock } from "@metersmith/base/clock";
import { readStudy } from "@metersmith/protection";
import { expect, test } from "vitest";
import { deviceTypeOf } from "./files.ts";
import { protectionTableOf } from "./protection-table.ts";

const file = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
const study = (change: (file: StudyShape) => void = () => {}): ReturnType<typeof readStudy> => {
  const changed = structuredClone(file("examples/protection/four-homes.json")) as StudyShape;
  change(changed);
  return readStudy(changed);
};

interface StudyShape {
  meter: { rating: { breakingAmperes: number }; setting: { overcurrent: { dial: number; reset: unknown }[]; conditions: unknown[]; limit?: unknown; settledSeconds: number } };
}

const model = readMeterModel({ factory: file("device-types/rx-2s/factory.json"), fragments: file("device-types/rx-2s/fragment.json") });

test.each<[string, (file: StudyShape) => void]>([
  ["the example", () => {}],
  ["without a limit, an element that is held", ({ meter: { setting } }) => {
    delete setting.limit;
    setting.overcurrent.push({ ...setting.overcurrent[0]!, dial: 4.125, reset: 2.5 });
  }],
])("[OCP-3] what a study sets is what a meter reads from the table: %s", async (_, change) => {
  const asStudied = study(change);
  const { table, octets } = protectionTableOf(asStudied, await deviceTypeOf("rx-2s"));
  expect(table).toBe(2065);
  expect(model.protection?.read(octets)).toEqual({ protection: asStudied.meter, problem: undefined });
});

test("[OCP-1] a meter takes the table over a session, and is in order", async () => {
  const { octets } = protectionTableOf(study(), await deviceTypeOf("rx-2s"));
  const password = new TextEncoder().encode("master-password-20ch");
  const meter = createMeter(model, { serial: "S1", passwords: [password.slice(1), password.slice(2), password], memory: memoryInRam(), clock: new FakeClock(Date.UTC(2026, 6, 15)) });
  const session = meter.device();
  session.logon(1, "test");
  session.security(password);
  expect(session.write(2065, octets)).toBe("ok");
  expect(meter.inspect().serviceSwitch).toMatchObject({ closed: true, problem: undefined });
});

test("a study of another switch, a type without one, and what the table cannot hold exactly are refused", async () => {
  const rx2s = await deviceTypeOf("rx-2s");
  expect(() => protectionTableOf(study(({ meter: { rating } }) => void (rating.breakingAmperes = 320)), rx2s)).toThrow("another switch than that of rx-2s: BREAKING_CURRENT differs");
  await expect(deviceTypeOf("ix-4s").then((type) => protectionTableOf(study(), type))).rejects.toThrow("ix-4s has no service switch");
  expect(() => protectionTableOf(study(({ meter: { setting } }) => void (setting.overcurrent[0]!.dial = 4.00005)), rx2s)).toThrow("dial: the table holds thousandths");
  expect(() => protectionTableOf(study(({ meter: { setting } }) => void (setting.settledSeconds = 5e6)), rx2s)).toThrow("settledSeconds: the table holds thousandths up to");
  expect(() => protectionTableOf(study(({ meter: { setting } }) => void setting.conditions.push(setting.conditions[0], setting.conditions[0])), rx2s)).toThrow("holds 4 conditions, not 5");
});
