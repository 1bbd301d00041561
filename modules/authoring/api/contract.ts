import { z } from "zod";

/** A device type that programs can be built for. */
export const deviceTypeSummary = z.object({
  id: z.string(),
  name: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  version: z.string(),
  digest: z.string(),
  /** What the type holds, e.g. "seasons": 4. */
  limits: z.record(z.string(), z.number()),
});
export type DeviceTypeSummary = z.infer<typeof deviceTypeSummary>;

/** Something the tariff says, or the import noticed, for a person to read. */
export const note = z.object({ field: z.string(), message: z.string() });

/** One byte range of a table and the parameter it came from. */
export const buildReportRow = z.object({
  parameter: z.string(),
  table: z.number().int(),
  field: z.string(),
  offset: z.number().int(),
  octets: z.number().int(),
  value: z.string(),
});

/** Octets of a table under a mask (1 = this bit counts), both lowercase hexadecimal. */
export const maskedImage = z.object({
  table: z.number().int(),
  name: z.string(),
  bytes: z.string().regex(/^([0-9a-f]{2})*$/),
  mask: z.string().regex(/^([0-9a-f]{2})*$/),
});

/** A program as it travels between sites: everything needed to build it again and to compare. Our format. */
export const programDocument = z.object({
  format: z.literal("metersmith-program/1"),
  code: z.string().regex(/^[A-Z0-9][A-Z0-9-]{0,7}$/, "1 to 8 capital letters, digits or dashes: it goes into the meter's TARIFF_ID"),
  version: z.number().int().min(1).max(65_535),
  name: z.string().min(1).max(120),
  deviceType: z.object({ id: z.string(), version: z.string(), digest: z.string() }),
  /** Platform-independent parameters; their schema belongs to `packages/programs`. */
  parameters: z.unknown(),
  tariff: z.object({ file: z.string(), name: z.string(), utility: z.string(), source: z.string().optional() }),
  staysInBilling: z.array(note),
  warnings: z.array(note),
  build: z.object({ digest: z.string(), writes: z.array(maskedImage), checks: z.array(maskedImage) }),
});
export type ProgramDocument = z.infer<typeof programDocument>;

/** A tariff, the answers to what it does not say (the program's code among them), and the type of meter to build for. */
export const createProgram = z.object({
  deviceType: z.string(),
  tariffFile: z.string().min(1).max(200),
  /** A rate as OpenEI's rate database gives it (URDB JSON). */
  tariff: z.unknown(),
  answers: z.unknown(),
});
export type CreateProgram = z.infer<typeof createProgram>;

export const programSummary = z.object({
  id: z.uuid(),
  code: z.string(),
  version: z.number().int(),
  name: z.string(),
  deviceType: z.string(),
  tariffName: z.string(),
  tariffFile: z.string(),
  digest: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
});
export type ProgramSummary = z.infer<typeof programSummary>;

export const programDetail = programSummary.extend({
  document: programDocument,
  report: z.array(buildReportRow),
});
export type ProgramDetail = z.infer<typeof programDetail>;
