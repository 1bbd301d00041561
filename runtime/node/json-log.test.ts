import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFileLog } from "./json-log.ts";

function logged(write: (log: ReturnType<typeof openFileLog>) => void): { text: string; mode: number } {
  const folder = mkdtempSync(join(tmpdir(), "metersmith-log-"));
  try {
    const path = join(folder, "app.log");
    const log = openFileLog(path, "app", () => Date.UTC(2026, 10, 21, 7, 5, 9));
    write(log);
    log.close();
    return { text: readFileSync(path, "utf8"), mode: statSync(path).mode & 0o777 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("each entry is one line of JSON with its time, and only the owner reads the file", () => {
  const { text, mode } = logged((log) => log.info("meter read", { serial: "A1", octets: 12n, note: "two\nlines" }));
  expect(text.split("\n")).toHaveLength(2);
  expect(JSON.parse(text)).toEqual({ at: "2026-11-21T07:05:09.000Z", level: "info", app: "app", message: "meter read", serial: "A1", octets: "12", note: "two\nlines" });
  expect(mode).toBe(0o600);
});

test("secrets do not enter it: by the name of a field at any depth, or inside an address", () => {
  const { text } = logged((log) => {
    log.warn("sign-in", { password: "hunter2", nested: [{ sessionToken: "hunter2", Authorization: "hunter2", databaseUrl: "hunter2" }] });
    log.error("no answer from postgres://owner:hunter2@127.0.0.1/site", { error: new Error("mqtt://street:hunter2@host refused") });
  });
  expect(text).not.toContain("hunter2");
  expect(text).toContain("[hidden]");
});

test("fields that cannot be written are left out, and the rest is there", () => {
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  const { text } = logged((log) => log.info("looped", loop));
  expect(JSON.parse(text)).toMatchObject({ message: "looped", fields: expect.stringContaining("circular") });
});
