import { expect, test } from "vitest";
import { usability, type Library } from "../index.ts";

const day = 86_400;
const at = 1_790_000_000;
const library: Library = { snapshot: 7, targets: new Map(), timestampExpires: at + 2 * day, snapshotExpires: at + 35 * day, rolesExpire: at + 180 * day, since: at };

test.each([
  [0, "current", ["update-firmware", "add-device-type", "install-program", "compare-program"]],
  [2 * day - 1, "current", ["update-firmware", "add-device-type", "install-program", "compare-program"]],
  [2 * day, "stale", ["install-program", "compare-program"]],
  [35 * day - 1, "stale", ["install-program", "compare-program"]],
  [35 * day, "old", ["compare-program"]],
  [180 * day, "unusable", []],
  [-1, "unusable", []],
])("[MFG-3] %d s after the last synchronization a library is %s", (later, currency, may) => {
  expect(usability(library, at + later)).toMatchObject({ currency, may });
});

test("[MFG-3] it says for whoever holds the tool what it is, since when, and what is missing", () => {
  expect(usability(library, at + 20 * day).says).toBe("Library 7, synchronized 20 days ago: stale. Programs may be installed and compared; no firmware, no new device types.");
  expect(usability(undefined, at).says).toContain("no library yet");
  expect(usability(library, at - 7200).says).toContain("clock is 2 hours before");
});

test("a role that expires first takes the rungs above with it", () => {
  expect(usability({ ...library, rolesExpire: at + day }, at + day)).toMatchObject({ currency: "unusable", may: [] });
  expect(usability({ ...library, snapshotExpires: at + day }, at + day)).toMatchObject({ currency: "old" });
});
