import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromHex, toHex } from "@metersmith/base/bytes";
import { MeterClient } from "@metersmith/client";
import { buildImage, keySigner, publicKeyOf } from "@metersmith/images";
import { firmwareVersion2 } from "@metersmith/meter";
import { systemClock } from "@metersmith/node/system-clock";
import { connectTcp } from "@metersmith/node/tcp-channel";
import { openPsemClient } from "@metersmith/psem";
import { standardDefinitions } from "@metersmith/tables/standard";
import type { DeliveredMeter } from "../delivered-meter.ts";

const secretKey = new Uint8Array(32).fill(7);
const any = { least: { version: 0, revision: 0 }, most: { version: 255, revision: 255 } };

/** Firmware 2.0 for rx-2s in pages of 64 octets, by the key of `trustFile`. */
export function trustedImage(): Promise<Uint8Array> {
  return buildImage({
    deviceType: "rx-2s", hardware: any, firmware: any, id: "metrology", version: 0x0200, counter: 2, expiry: 4_000_000_000, pageSize: 64, content: { kind: "firmware", module: firmwareVersion2 },
  }, keySigner(secretKey));
}

/** Writes the public key into a folder; its file. */
export async function trustFile(folder: string): Promise<string> {
  const file = join(folder, "key.public.json");
  await writeFile(file, JSON.stringify({ format: "metersmith-public-key-1", kinds: ["firmware"], publicKey: toHex(publicKeyOf(secretKey)) }));
  return file;
}

/** Universal time, by procedure 10: a meter whose clock was never set takes no image. */
export async function setClock({ host, port, programmingPassword }: DeliveredMeter): Promise<void> {
  const client = new MeterClient(openPsemClient(await connectTcp(host, port), systemClock), standardDefinitions);
  await client.connect({ user: "test", userId: 1, password: fromHex(programmingPassword) });
  const at = new Date(systemClock.now());
  const parameters = Uint8Array.of(7, at.getUTCFullYear() - 2000, at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), 0x17);
  const { outcome } = await client.procedure(10, parameters);
  await client.disconnect();
  if (outcome !== "completed") throw new Error(`the meter's clock was not set: ${outcome}`);
}
