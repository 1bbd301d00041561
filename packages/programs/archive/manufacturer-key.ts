import { fromHex } from "@metersmith/base/bytes";
import { z } from "zod";
import { readShape } from "../json-file.ts";
import type { TrustedManufacturer } from "./manufacturer-trust.ts";

const time = z.iso.datetime({ error: "expected a time in UTC such as 2026-11-25T00:00:00Z" });

/** The JSON document in which a manufacturer's public key is handed to those who take its device types. */
export const manufacturerKeySchema = z.strictObject({
  format: z.literal("metersmith-manufacturer-key-1"),
  manufacturer: z.strictObject({ code: z.string().min(1).max(4), name: z.string().min(1).max(120) }),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits"),
  from: time.optional(),
  until: time.optional(),
});

/** Throws `bad-key` with file and field. */
export function readManufacturerKey(document: unknown, file: string): TrustedManufacturer {
  const { manufacturer, publicKey, from, until } = readShape(manufacturerKeySchema, document, file, "bad-key");
  const seconds = (text: string): number => Date.parse(text) / 1000;
  return { ...manufacturer, publicKey: fromHex(publicKey), ...(from === undefined ? {} : { from: seconds(from) }), ...(until === undefined ? {} : { until: seconds(until) }) };
}
