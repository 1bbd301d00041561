import { readFileSync } from "node:fs";
import { readMeterModel, type MeterModel } from "@metersmith/meter";

/** rx-2s, whose updates are swept. */
export function sweptModel(): MeterModel {
  const file = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../device-types/rx-2s/${name}`, import.meta.url), "utf8"));
  return readMeterModel({ factory: file("factory.json"), fragments: file("fragment.json") });
}
