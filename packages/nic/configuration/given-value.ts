import { jsonOf, type JsonValue, type Layout, maskOf, type MeterContext, TablesError, valueFromEdl, valueFromJson } from "@metersmith/tables";
import { parseEdl } from "@metersmith/tables/edl-xml";
import { NicError } from "../nic-error.ts";
import type { Form } from "./media-type.ts";
import { mustBeWhole } from "./whole-value.ts";

/** Octets that a client gave for a table, and which of its bits they are for. */
export interface GivenImage {
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
}

const largestBody = 1_048_576;
const mostFields = 256;

/** A whole table from the body of a PUT. Bits that no field names are left alone, except by octets. Throws `too-large`, `bad-value`, `not-whole`, `bad-request`. */
export function wholeTable(context: MeterContext, table: number, form: Form, body: Uint8Array): GivenImage {
  bounded(body);
  const layout = context.layout(table);
  if (form === "octets") {
    if (body.length !== layout.size) throw new NicError("bad-value", `Table ${table} has ${layout.size} octets, ${body.length} are given.`, { table, expected: layout.size, actual: body.length });
    return { bytes: body, mask: new Uint8Array(layout.size).fill(0xff) };
  }
  return fitting(() => {
    const value = form === "json" ? valueFromJson(layout, parsedJson(body)) : valueFromEdl(layout, onlyTable(body, table));
    mustBeWhole(table, layout.shape, value);
    return { bytes: context.encode(table, value), mask: maskOf(layout, layout.shape.members.map(({ name }) => name)) };
  });
}

/** Parts of a table from the body of a PATCH: a JSON object of paths and values. */
export function partsOfTable(context: MeterContext, table: number, body: Uint8Array): GivenImage {
  bounded(body);
  const given = parsedJson(body);
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw new NicError("bad-request", "Expected an object of paths and values, such as {\"TARIFF_ID\": \"A1\"}.");
  const entries = Object.entries(given) as [string, JsonValue][];
  if (entries.length === 0 || entries.length > mostFields) throw new NicError("bad-request", `Expected 1 to ${mostFields} fields, found ${entries.length}.`);
  const layout = context.layout(table);
  // Defaults stand in for all that is not given; the mask keeps them out.
  let tree = jsonOf(context.decode(table, context.encode(table, {})));
  for (const [path, value] of entries) {
    mustExist(layout, path);
    tree = replaced(tree, stepsOf(path), value);
  }
  return fitting(() => {
    const value = valueFromJson(layout, tree);
    mustBeWhole(table, layout.shape, value);
    return { bytes: context.encode(table, value), mask: maskOf(layout, entries.map(([path]) => path)) };
  });
}

/** Throws `no-such-field`. */
export function mustExist(layout: Layout, path: string): void {
  if (path !== "" && layout.part(path)) return;
  const shown = path.slice(0, 80);
  throw new NicError("no-such-field", `Table ${layout.table} (${layout.name}) has no field ${JSON.stringify(shown)} in this meter.`, { table: layout.table, field: shown });
}

function bounded(body: Uint8Array): void {
  if (body.length > largestBody) throw new NicError("too-large", `The body has ${body.length} octets; at most ${largestBody} are taken.`);
}

function parsedJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8(body)) as unknown;
  } catch (error) {
    if (error instanceof NicError) throw error;
    throw new NicError("bad-request", "The body is no JSON.", {}, error);
  }
}

function onlyTable(body: Uint8Array, table: number) {
  const { tables } = parseEdl(utf8(body));
  const [only, another] = tables;
  if (!only || another || only.number !== table) throw new NicError("bad-request", `Expected an EDL document with table ${table} and no other.`, { table });
  return only;
}

function utf8(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw new NicError("bad-request", "The body is no UTF-8.", {}, error);
  }
}

/** What the tables refuse of what was given, the client has to mend. */
function fitting<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof TablesError) throw new NicError(error.code === "bad-xml" ? "bad-request" : "bad-value", error.message, error.context, error);
    throw error;
  }
}

function replaced(tree: JsonValue, [step, ...rest]: readonly (string | number)[], value: JsonValue): JsonValue {
  if (step === undefined) return value;
  if (typeof step === "number") return (tree as readonly JsonValue[]).map((item, index) => (index === step ? replaced(item, rest, value) : item));
  const record = tree as { readonly [field: string]: JsonValue };
  return { ...record, [step]: replaced(record[step] ?? 0, rest, value) };
}

function stepsOf(path: string): (string | number)[] {
  return path.split(/[.[]/).map((step) => (step.endsWith("]") ? Number(step.slice(0, -1)) : step));
}
