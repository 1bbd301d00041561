import hours from "./recordings/green-button-hours.json" with { type: "json" };
import quarters from "./recordings/green-button-quarters.json" with { type: "json" };
import year from "./recordings/pysam-year.json" with { type: "json" };
import { readRecording, type Recording } from "./recorded-load.ts";

/** Loads that were recorded in the world, by name; source and licence are in each file. */
export const recordings = {
  "green-button-hours": readRecording(hours),
  "green-button-quarters": readRecording(quarters),
  "pysam-year": readRecording(year),
} as const satisfies Readonly<Record<string, Recording>>;
