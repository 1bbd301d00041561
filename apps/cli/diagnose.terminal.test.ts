import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { meterUnderTest, type MeterUnderTest } from "@metersmith/modules/testing/meter-under-test.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let meter: MeterUnderTest;

function metersmith(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: { ...process.env, METERSMITH_METER_PASSWORD: meter.registration.programmingPassword } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

beforeAll(async () => void (meter = await meterUnderTest("rx-2s", "DIAGNOSE1")));
afterAll(() => meter.stop());

test("[I2FR1] diagnose has the meter run all its diagnostics and shows them by name; a sound meter exits with 0", async () => {
  const { code, out } = await metersmith("meter", "diagnose", meter.registration.address);
  expect(out).toMatch(/15 checks, 0 failed/);
  expect(out).toMatch(/program-checksum +billing affecting +passed +0 +0 +0/);
  expect(out).toMatch(/socket-rotation +service affecting +not applicable/);
  expect(out).toMatch(/reports +none waiting/);
  expect(code).toBe(0);
});

test("as JSON it gives results, flags and waiting reports", async () => {
  const { out } = await metersmith("meter", "diagnose", meter.registration.address, "--json");
  expect(JSON.parse(out)).toMatchObject({
    ok: true, outcome: "completed", reportsWaiting: 0, flags: { UNPROGRAMMED_FLAG: true, SELF_CHK_ERROR_FLAG: false }, manufacturerFlags: [],
    checks: expect.arrayContaining([{ diagnostic: "battery", class: "billing affecting", state: "passed", value: 3600, limit: 3000, detail: 0, since: expect.any(String) as string }]) as unknown,
  });
});

test("[I2FR2] a failure is shown with its value and limit, waits to be reported, and is the exit code", async () => {
  const device = meter.meter.device();
  device.logon(1, "test");
  device.security(Uint8Array.from(Buffer.from(meter.registration.programmingPassword, "hex")));
  // SERVICE_VOLTS of DIAGNOSTICS_CONTROL_TBL: a form for 480 V on a line of 240 V.
  expect(device.writeOffset(2056, 13, Uint8Array.of(0xe0, 0x01))).toBe("ok");
  device.logoff();
  const { code, out } = await metersmith("meter", "diagnose", meter.registration.address);
  expect(out).toMatch(/15 checks, 1 failed/);
  expect(out).toMatch(/✗ +socket-voltage +safety affecting +failed +240 +480 +0/);
  expect(out).toMatch(/reports +1 waiting to be acknowledged/);
  expect(code).toBe(1);
});
