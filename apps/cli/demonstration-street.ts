import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromHex } from "@metersmith/base/bytes";
import { homePath } from "@metersmith/node/home";
import { type MeterAddress, parseMeterAddress } from "@metersmith/node/meter-address";
import { parseJsonFile } from "@metersmith/programs";
import type { SecurityKey } from "@metersmith/psem";
import { z } from "zod";

const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

const octets = (count: string): z.ZodString => z.string().regex(new RegExp(`^([0-9a-f]{2}){${count}}$`));

const asBuilt = z.object({
  meters: z.array(z.object({
    serial: z.string(), host: z.string(), port: z.int(), programmingPassword: octets("1,20"),
    c1222: z.object({ title: z.string(), udpPort: z.int(), keys: z.array(z.object({ id: z.int(), key: octets("16") })) }),
  })),
});

/** A meter of the street that `npm start` runs, with what its maker's record says of it. */
export interface StreetMeter {
  readonly where: MeterAddress;
  readonly password: Uint8Array;
  /** For C12.22 in modes 1 and 2. */
  readonly key?: SecurityKey;
}

/**
 * Finds `RX260001`, over C12.18, or `c1222:RX260001[?transport=udp&mode=1&calling=.9]`, over C12.22 and in mode 2 unless said otherwise: the maker's record
 * is in the installation's state, or in the folder `home` of a neighbourhood, readable by its owner. Undefined where no such meter is there.
 */
export async function findOnStreet(address: string, home?: string): Promise<StreetMeter | undefined> {
  const [, scheme, serial, query = ""] = /^(c1222:)?([A-Za-z0-9]{1,16})(?:\?(.*))?$/.exec(address) ?? [];
  if (scheme === undefined && query !== "") return undefined;
  const file = join(home ?? join(homePath(process.env, projectFolder), "street"), "as-built.json");
  if (serial === undefined || !existsSync(file)) return undefined;
  const record = asBuilt.safeParse(parseJsonFile(await readFile(file, "utf8"), file));
  const meter = record.data?.meters.find((one) => one.serial === serial);
  if (!meter) return undefined;
  const { host, port, c1222 } = meter;
  const password = fromHex(meter.programmingPassword);
  if (scheme === undefined) return { where: { over: "tcp", host, port }, password };
  const newest = c1222.keys.at(-1);
  const known = `called=${c1222.title}&key=${newest?.id ?? 0}`;
  const wanted = [query, /(^|&)mode=/.test(query) ? "" : "mode=2", known].filter((part) => part !== "").join("&");
  const parsed = parseMeterAddress(`c1222:${host}:${/(^|&)transport=udp(&|$)/.test(query) ? c1222.udpPort : port}?${wanted}`);
  // Whom a session belongs to: without a title, to the way that its messages come.
  const where = parsed.over === "c1222" && parsed.calling === undefined ? { ...parsed, calling: ".9" } : parsed;
  return { where, password, ...(newest ? { key: { id: newest.id, key: fromHex(newest.key) } } : {}) };
}
