import { expect, test } from "vitest";
import { systemClock } from "./system-clock.ts";

test("fires once when the delay is over, and not when cancelled", async () => {
  const fired: string[] = [];
  systemClock.after(0, () => fired.push("cancelled")).cancel();
  await new Promise<void>((resolve) => {
    systemClock.after(1, () => {
      fired.push("due");
      resolve();
    });
  });
  expect(fired).toEqual(["due"]);
});
