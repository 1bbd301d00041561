import { digestOfValue, type Digest } from "@metersmith/base/digest";
import { maskOf, TablesError, type TableId } from "@metersmith/tables";
import { expandCalendar } from "../calendar/expand.ts";
import { meterClock, type MeterClock } from "../calendar/meter-clock.ts";
import type { DeviceType } from "../device-type/device-type.ts";
import { limitFindings } from "../device-type/fit.ts";
import { notHeld } from "../device-type/held.ts";
import { ProgramsError, refusal } from "../errors.ts";
import { errorsAmong, type Finding } from "../finding.ts";
import { FieldDraft } from "../mapping/field-draft.ts";
import { primitiveFor } from "../mapping/primitives.ts";
import { catalogOf } from "../mapping/registers.ts";
import type { RuleOf } from "../mapping/rules.ts";
import type { Parameters } from "../parameters/schema.ts";
import { validateParameters } from "../parameters/validate.ts";
import { checkedTables } from "./checked-tables.ts";
import { completedBy } from "./completed.ts";
import { reportOf, type BuildReportRow } from "./report.ts";

/** One table of a build: whole image, and the bits of it that count (1). */
export interface BuildTable {
  readonly table: TableId;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
}

/** A program for meters of one type: the same parameters and type give the same bytes and digest, always and everywhere. */
export interface Build {
  readonly deviceType: { readonly id: string; readonly version: string; readonly digest: Digest };
  readonly program: { readonly code: string; readonly name: string; readonly version: number };
  readonly parametersDigest: Digest;
  readonly clock: MeterClock;
  /** In the order of writing. */
  readonly writes: readonly BuildTable[];
  /** What a meter must have already. */
  readonly checks: readonly BuildTable[];
  readonly neverWritten: readonly { readonly table: TableId; readonly name: string; readonly why: string }[];
  /** Of the writes and checks, the build mark left blank. */
  readonly digest: Digest;
  /** Parameters of groups among `whereHeld` that the type does not hold. */
  readonly leftOut: readonly string[];
  /** For every field written or checked: the parameter behind it, its place and its octets. */
  readonly report: readonly BuildReportRow[];
}

/**
 * Throws `parameters-invalid` or `exceeds-limit`, naming the tariff's file and each field with the limit that it breaks, and
 * `mapping-impossible` where the mapping contradicts itself.
 */
export function buildProgram(type: DeviceType, given: Parameters): Build {
  const file = given.tariff.file;
  const invalid = errorsAmong(validateParameters(given));
  if (invalid.length > 0) throw refusal("parameters-invalid", file, invalid);
  const { parameters, reason } = completedBy(type, given);
  const calendar = expandCalendar(parameters);
  const clock = meterClock(parameters.clock, parameters.calendar.years);
  const held = notHeld(type, given);
  const beyond: Finding[] = [...errorsAmong(limitFindings(type, given, calendar)), ...held.errors];
  if (beyond.length > 0) throw refusal("exceeds-limit", file, beyond);

  const draft = new FieldDraft();
  const { limits, defaults, mapping } = type.files;
  const refuse = (field: string, message: string): void => void beyond.push({ severity: "error", field, message });
  const catalog = catalogOf(mapping.rules);
  const places = (table: TableId, array: string): number => {
    const part = type.context.layout(table).part(array);
    return part?.shape.kind === "array" ? part.shape.count : 0;
  };
  for (const rule of mapping.rules) primitiveFor(rule).write({ parameters, calendar, clock, dimension: type.dimension, limits, defaults, catalog, reason, places, refuse }, draft);
  const checks = checkedTables(type, draft, refuse);
  if (beyond.length > 0) throw refusal("exceeds-limit", file, beyond);
  const blank = mapping.writes.filter((table) => draft.fields(table).length > 0).map((table) => draftedTable(type, draft, table, file));
  const digest = digestOfBuild(type, blank, checks);
  const marks = mapping.rules.filter((rule): rule is RuleOf<"build-mark"> => rule.use === "build-mark");
  const writes = blank.map((image) => marks.reduce((marked, mark) => markBuild(type, marked, mark, digest), image));
  return {
    deviceType: { id: type.id, version: type.version, digest: type.digest },
    program: parameters.program,
    parametersDigest: digestOfValue(given),
    clock, writes, checks,
    neverWritten: mapping.neverWritten.map(({ table, why }) => ({ table, why, name: type.context.has(table) ? type.context.layout(table).name : `table ${table}` })),
    digest,
    leftOut: held.leftOut,
    report: [...writes.flatMap((image) => reportOf(type, image, draft.fields(image.table), "written")), ...checks.flatMap((image) => reportOf(type, image, draft.fields(image.table), "checked"))],
  };
}

/** A field that cannot hold its value (a text too long, a number too large) is the mapping's fault or the parameter's: both are named. */
function draftedTable(type: DeviceType, draft: FieldDraft, table: TableId, file: string): BuildTable {
  const fields = draft.fields(table);
  try {
    const layout = type.context.layout(table);
    const mask = maskOf(layout, fields.map(({ path }) => path));
    // Defaults of fields that the program leaves alone are not the program's.
    const bytes = type.context.encode(table, draft.tree(table)).map((octet, index) => octet & (mask[index] ?? 0));
    return { table, name: layout.name, bytes, mask };
  } catch (cause) {
    if (!(cause instanceof TablesError)) throw cause;
    const parameter = fields.find(({ path }) => path === cause.context["field"])?.parameter ?? "";
    throw new ProgramsError("mapping-impossible", `${file}: ${parameter === "" ? "" : `${parameter}: `}mapping.json of ${type.id}: ${cause.message}`, {
      context: { ...cause.context, file: "mapping.json" }, cause,
    });
  }
}

function digestOfBuild(type: DeviceType, writes: readonly BuildTable[], checks: readonly BuildTable[]): Digest {
  const images = (tables: readonly BuildTable[]): unknown => tables.map(({ table, bytes, mask }) => ({ table, bytes, mask }));
  return digestOfValue({ deviceType: type.id, writes: images(writes), checks: images(checks) });
}

/** The meter keeps the beginning of the build's digest, so that a read-back tells which build it runs. */
function markBuild(type: DeviceType, image: BuildTable, mark: RuleOf<"build-mark">, digest: Digest): BuildTable {
  const leaf = image.table === mark.table ? type.context.layout(image.table).find(mark.field) : undefined;
  if (!leaf) return image;
  const text = digest.slice("sha256:".length, "sha256:".length + mark.digits);
  const encoded = type.context.encode(image.table, { [mark.field]: text });
  const bytes = image.bytes.slice();
  bytes.set(encoded.subarray(leaf.offset, leaf.offset + leaf.width), leaf.offset);
  return { ...image, bytes };
}
