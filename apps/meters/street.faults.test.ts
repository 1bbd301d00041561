import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromHex } from "@metersmith/base/bytes";
import { MeterClient, programMeter, type ProgramReport } from "@metersmith/client";
import { systemClock } from "@metersmith/node/system-clock";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openPsemClient } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { afterEach, expect, test } from "vitest";
import type { DeliveredMeter } from "./delivered-meter.ts";
import { planOf } from "./testing/meter-in-memory.ts";

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function forkStreet(home: string): Promise<{ child: ChildProcess; meter: DeliveredMeter }> {
  const child = fork(fileURLToPath(new URL("main.ts", import.meta.url)), ["--home", home, "--count", "1", "--port", "0", "--base", "127.78.0.0"], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  undo.push(async () => void (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL") && (await once(child, "exit"))));
  child.send({ kind: "start", config: {} });
  const [message] = (await once(child, "message")) as [{ kind: string; meters: DeliveredMeter[] }];
  expect(message.kind).toBe("ready");
  return { child, meter: message.meters[0]! };
}

async function program({ host, port, programmingPassword }: DeliveredMeter, onWrite?: (done: number) => void): Promise<ProgramReport> {
  const client = new MeterClient(openPsemClient(await connectTcp(host, port), systemClock), standardDefinitions);
  await client.connect({ user: "test", userId: 1, password: fromHex(programmingPassword) });
  const report = await programMeter(client, planOf("rx-2s", "aps-et-2-tou"), { clock: systemClock }, { onProgress: ({ step, done }) => step === "write" && onWrite?.(done) });
  await client.disconnect();
  return report;
}

test("a street that is killed in the middle of a program keeps every write that it acknowledged", async () => {
  const home = await mkdtemp(join(tmpdir(), "street-"));
  undo.push(() => rm(home, { recursive: true }));
  const first = await forkStreet(home);
  const broken = await program(first.meter, (done) => done === 4 && first.child.kill("SIGKILL"));
  expect(broken).toMatchObject({ outcome: "failed", failure: { kind: "link" } });
  expect(broken.written.length).toBeGreaterThanOrEqual(4);
  const second = await forkStreet(home);
  const rest = await program(second.meter);
  expect(rest.outcome).toBe("verified");
  const acknowledged = new Set(broken.written.map(({ table, offset }) => `${table}/${offset}`));
  expect(rest.written.filter(({ table, offset }) => acknowledged.has(`${table}/${offset}`))).toEqual([]);
});

test("a street ends by itself when its supervisor's channel closes", async () => {
  const home = await mkdtemp(join(tmpdir(), "street-"));
  undo.push(() => rm(home, { recursive: true }));
  const { child } = await forkStreet(home);
  const exit = once(child, "exit");
  child.disconnect();
  expect((await exit)[0]).toBe(0);
});
