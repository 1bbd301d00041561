import { PsemError } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { expect, test } from "vitest";
import { inSession } from "./in-session.ts";
import { MeterClient } from "./meter-client.ts";
import { general, TableServer } from "./testing/table-server.ts";

const credentials = { user: "x", userId: 1, password: "x" };

/** Notes how a session ends. */
function bench() {
  const server = new TableServer(new Map([[0, general([0, 7, 8])]]));
  const ended: string[] = [];
  server.logoff = async () => void ended.push("logoff");
  server.terminate = async () => void ended.push("terminate");
  server.close = () => void ended.push("close");
  return { server, ended, meter: new MeterClient(server, standardDefinitions) };
}

test("what is done in a session is its result, and the session is ended", async () => {
  const { meter, ended } = bench();
  expect(await inSession(meter, credentials, async ({ identification }) => identification?.version)).toBe(1);
  expect(ended).toEqual(["logoff", "terminate", "close"]);
});

test.each<[string, unknown]>([
  ["a refusal", PsemError.refusal("onp", "read table 9")],
  ["a cancellation", new DOMException("stopped", "AbortError")],
  ["a bug", new TypeError("bug")],
])("after %s the session is ended, and the caller learns of it", async (_, reason) => {
  const { meter, ended } = bench();
  await expect(inSession(meter, credentials, () => Promise.reject(reason))).rejects.toBe(reason);
  expect(ended).toEqual(["logoff", "terminate", "close"]);
});

test("a wrong password leaves no session open", async () => {
  const { server, meter, ended } = bench();
  server.security = () => Promise.reject(PsemError.refusal("err", "accept the password"));
  await expect(inSession(meter, credentials, async () => {})).rejects.toMatchObject({ code: "err" });
  expect(ended).toEqual(["logoff", "terminate", "close"]);
});

test("a meter that takes no log-off, because it never let anybody log on, is terminated all the same", async () => {
  const { server, meter, ended } = bench();
  server.logon = () => Promise.reject(PsemError.refusal("bsy", "log on user 1"));
  server.logoff = () => Promise.reject(PsemError.refusal("isss", "log off"));
  await expect(inSession(meter, credentials, async () => {})).rejects.toMatchObject({ code: "bsy" });
  expect(ended).toEqual(["terminate", "close"]);
});

test("a meter that does not answer is not asked to end anything, nor is one that never said who it is", async () => {
  const { server, meter, ended } = bench();
  await expect(inSession(meter, credentials, () => Promise.reject(new PsemError("timeout", "no answer")))).rejects.toMatchObject({ code: "timeout" });
  server.identify = () => Promise.reject(PsemError.refusal("sme", "identify itself"));
  await expect(inSession(new MeterClient(server, standardDefinitions), credentials, async () => {})).rejects.toMatchObject({ code: "sme" });
  expect(ended).toEqual([]);
});
