import { z } from "zod";
import { quantityNames } from "../parameters/quantity.ts";
import { mappingRuleSchema } from "../mapping/rules.ts";

const tableId = z.int().min(0).max(4095);
const label = z.string().min(1).max(120);
const prose = z.string().max(2000);
/** A field of a table, or a record of it: `EX1_SW_VENDOR`, `CALENDAR_FUNC.NBR_SEASONS`. */
const fieldName = z.string().min(1).max(200);

/** `manifest.json`: what the type is, and by what a meter of it is recognized in table 1. */
export const manifestSchema = z.strictObject({
  format: z.literal("metersmith-device-type-1"),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected lowercase letters, digits and -"),
  version: z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, "expected a version like 1.0.0"),
  title: label,
  about: prose.optional(),
  manufacturer: z.strictObject({ name: label, code: z.string().min(1).max(4) }),
  model: z.string().min(1).max(8),
  commodity: z.enum(["electricity", "water", "gas"]),
});

/** `mapping.json`: how parameters become fields, and what is written, checked, never written. */
export const mappingSchema = z.strictObject({
  format: z.literal("metersmith-mapping-1"),
  rules: z.array(mappingRuleSchema).min(1).max(500),
  /** In the order of writing. The table with the program's identity goes last. */
  writes: z.array(tableId).min(1).max(200),
  /** `fields`: what must be as the factory made it; all of the table where absent. */
  checks: z.array(z.strictObject({ table: tableId, fields: z.array(fieldName).min(1).max(200).optional() })).max(200),
  /** Parameters that this type's tables do not hold, besides those that no type's do, and why that is no loss. */
  oneWay: z.array(z.strictObject({ parameter: fieldName, why: prose })).max(200).optional(),
  neverWritten: z.array(z.strictObject({ table: tableId, why: prose })).max(400),
});

/** `limits.json`: what the dimension tables do not say. */
export const limitsSchema = z.strictObject({
  format: z.literal("metersmith-limits-1"),
  /** Lengths of demand interval that the meter can average over, minutes. */
  demandIntervalMinutes: z.array(z.int().min(1).max(1440)).min(1).max(60),
  /** Tiers may change at multiples of this many minutes. */
  tierSwitchStepMinutes: z.int().min(1).max(60),
  /** Changes of tier in one day. */
  tierSwitchesPerDay: z.int().min(1).max(1440),
});

/** `defaults.json`: values of parameters that a program leaves open. */
export const defaultsSchema = z.strictObject({
  format: z.literal("metersmith-defaults-1"),
  demandIntervalMinutes: z.int().min(1).max(1440),
  /** Which registers to give the places that no tariff asks for, in order. */
  fillRegisters: z.array(z.enum(quantityNames)).max(40),
  /** Other values, by path in the parameters (`demand.resetExclusionMinutes`). They count in every program, also where their group is absent. */
  parameters: z.record(z.string().regex(/^[a-zA-Z]+(?:\.[a-zA-Z-]+)+$/), z.union([z.string().max(200), z.number(), z.boolean()])).optional(),
});

/** `policy.json`: which fields each role may change. A table without `fields` may change whole. */
export const policySchema = z.strictObject({
  format: z.literal("metersmith-policy-1"),
  roles: z.record(z.string().regex(/^[a-z][a-z-]{0,39}$/), z.strictObject({
    about: prose,
    setClock: z.boolean(),
    allow: z.array(z.strictObject({ table: tableId, fields: z.array(fieldName).min(1).max(200).optional() })).max(200),
  })),
});

const release = z.string().regex(/^\d{1,3}\.\d{1,3}$/, "expected a release like 1.0, as table 1 shows it");
/** From the first release on, and below the second one; without it, all that follow. */
const releases = z.array(z.strictObject({ from: release, below: release.optional() })).min(1).max(40);

/** `firmware.json`: for which releases of a meter's hardware and firmware (table 1) the type speaks. Without the file, for all. */
export const firmwareSchema = z.strictObject({ format: z.literal("metersmith-firmware-1"), hardware: releases, firmware: releases });

/** `display.json`: how to show what the standard does not name: the type's own tables, and codes that no definition names. */
export const displaySchema = z.strictObject({
  format: z.literal("metersmith-display-1"),
  tables: z.array(z.strictObject({
    table: tableId,
    title: label,
    fields: z.array(z.strictObject({ field: fieldName, title: label, codes: z.record(z.string().regex(/^\d{1,10}$/, "expected a code"), label).optional() })).max(400),
  })).max(200),
  /** Words for a code that neither the definitions nor `codes` name; `{code}` stands for the number. */
  unknownCode: z.string().min(1).max(120).refine((text) => text.includes("{code}"), "expected a text with {code}"),
});

/** `factory.json`: the tables as the factory ships them; this package reads the dimensions and the identity of it. */
export const factorySchema = z.looseObject({
  deviceType: z.string(),
  tables: z.record(z.string().regex(/^\d{1,4}$/, "expected a table number"), z.unknown()),
});

export type Manifest = z.output<typeof manifestSchema>;
export type Mapping = z.output<typeof mappingSchema>;
export type Limits = z.output<typeof limitsSchema>;
export type Defaults = z.output<typeof defaultsSchema>;
export type FirmwareCompatibility = z.output<typeof firmwareSchema>;
export type Display = z.output<typeof displaySchema>;
export type Policy = z.output<typeof policySchema>;
