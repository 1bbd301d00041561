import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromHex } from "@metersmith/base/bytes";
import { homePath } from "@metersmith/node/home";
import { parseJsonFile } from "@metersmith/programs";
import { z } from "zod";

const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

const asBuilt = z.object({
  meters: z.array(z.object({ serial: z.string(), host: z.string(), port: z.int(), programmingPassword: z.string().regex(/^([0-9a-f]{2}){1,20}$/) })),
});

/** A meter of the street that `npm start` runs, by its serial number: its maker's record is in the installation's state, readable by its owner. */
export async function findOnStreet(serial: string): Promise<{ host: string; port: number; password: Uint8Array } | undefined> {
  const file = join(homePath(process.env, projectFolder), "street", "as-built.json");
  if (!/^[A-Za-z0-9]{1,16}$/.test(serial) || !existsSync(file)) return undefined;
  const record = asBuilt.safeParse(parseJsonFile(await readFile(file, "utf8"), file));
  const meter = record.data?.meters.find((one) => one.serial === serial);
  return meter && { host: meter.host, port: meter.port, password: fromHex(meter.programmingPassword) };
}
