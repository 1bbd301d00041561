import { expect, test } from "vitest";
import { checkMetrology } from "../firmware/health-check.ts";
import { inThreadRunner } from "../firmware/in-thread-runner.ts";
import { firmwareOf } from "../firmware/testing/assemble.ts";
import { faultyFirmware } from "./faulty-firmware.ts";

test("is what its text says, and fails the metrology health check", () => {
  expect(faultyFirmware).toEqual(firmwareOf("(local.get $steps)"));
  expect(checkMetrology(inThreadRunner(), faultyFirmware)?.reason).toBe("wrong-result");
});
