import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { fromHex } from "@metersmith/base/bytes";
import { MeterClient } from "@metersmith/client";
import { firmwareVersion2 } from "@metersmith/meter";
import { systemClock } from "@metersmith/node/system-clock";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openPsemClient } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import { afterEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

interface Delivered {
  readonly host: string;
  readonly port: number;
  readonly programmingPassword: string;
  readonly httpsPort: number;
}

/** Universal time, by procedure 10: a meter whose clock was never set takes no image. */
async function setClock({ host, port, programmingPassword }: Delivered): Promise<void> {
  const client = new MeterClient(openPsemClient(await connectTcp(host, port), systemClock), standardDefinitions);
  await client.connect({ user: "test", userId: 1, password: fromHex(programmingPassword) });
  const now = new Date();
  const parameters = Uint8Array.of(7, now.getUTCFullYear() - 2000, now.getUTCMonth() + 1, now.getUTCDate(), now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds(), 0x17);
  expect((await client.procedure(10, parameters)).outcome).toBe("completed");
  await client.disconnect();
}

test("[FWU-1.5] [FWU-1.6] [FWU-D] keys, a signed image, a street that trusts them, and an update that table 1 confirms, to the board and by its card; an untrusted one is refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "update-"));
  undo.push(() => rm(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  const env = { ...process.env };
  const metersmith = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], { env }, (error, out, err) =>
        resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
      );
    });
  await writeFile(at("v2.wasm"), firmwareVersion2);
  for (const key of ["ours", "theirs"]) {
    expect((await metersmith("image", "keygen", at(key), "--for", "firmware")).code).toBe(0);
    const signed = await metersmith("image", "sign", "--key", at(`${key}.secret.json`), "--out", at(`${key}.image`), "--firmware", at("v2.wasm"), "--device-type", "rx-2s", "--id", "metrology", "--release", "2.0", "--counter", "2", "--expiry", "2099-01-01T00:00Z");
    expect(signed.err).toBe("");
  }

  const street = spawn(process.execPath, [main, "meters", "run", "--home", at("home"), "--count", "2", "--port", "0", "--https-port", "0", "--base", "127.84.0.0", "--trust", at("ours.public.json"), "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  undo.push(async () => {
    street.kill();
    await once(street, "exit");
  });
  await once(createInterface(street.stdout), "line");
  const [meter, other] = (JSON.parse(await readFile(at("home/as-built.json"), "utf8")) as { meters: [Delivered, Delivered] }).meters;
  env["METERSMITH_METER_PASSWORD"] = meter.programmingPassword;
  await setClock(meter);
  const address = `tcp:${meter.host}:${meter.port}`;

  const refused = await metersmith("meter", "update", address, at("theirs.image"));
  expect([refused.code, refused.out]).toEqual([5, expect.stringMatching(/^refused: firmware metrology 2\.0[^]*shows firmware 1\.0[^]*refused at verify: signature/)]);
  const done = await metersmith("meter", "update", address, at("ours.image"), "--json");
  expect(done.code).toBe(0);
  expect(JSON.parse(done.out)).toMatchObject({ ok: true, outcome: "confirmed", metrologyCheck: "passed", firmware: { before: 0x0100, after: 0x0200 } });
  const again = await metersmith("meter", "update", address, at("ours.image"));
  expect(again.out).toMatch(/^confirmed: firmware metrology 2\.0, 0 of \d+ octets sent\n[^]*shows firmware 2\.0/);

  // The other meter by way of its card, with a certificate and no password.
  delete env["METERSMITH_METER_PASSWORD"];
  await setClock(other);
  const card = `https://${other.host}:${other.httpsPort}`;
  const shown = (role: string): string[] => ["--certificate", at(`home/https/${role}.pem`), "--authority", at("home/https/authority.crt")];
  expect((await metersmith("meter", "update", card, at("ours.image"))).err).toMatch(/give --certificate FILE/);
  const reader = await metersmith("meter", "update", card, at("ours.image"), ...shown("reader"));
  expect([reader.code, reader.err]).toEqual([5, expect.stringContaining("The card refuses: With this role the meter takes no images.")]);
  const byCard = await metersmith("meter", "update", card, at("ours.image"), ...shown("programmer"));
  expect([byCard.code, byCard.out]).toEqual([0, expect.stringMatching(/^confirmed: firmware metrology 2\.0[^]*was sent \d+ octets\n[^]*showed firmware 1\.0, shows 2\.0\n[^]*passed/)]);
});
