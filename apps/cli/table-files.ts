import { readFile } from "node:fs/promises";
import { fromHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";
import { parseJsonFile } from "@metersmith/programs";
import { type DecodedTable, type Definitions, imagesFromEdl, MeterContext, TablesError, valueFromJson } from "@metersmith/tables";
import { parseEdl } from "@metersmith/tables/edl-xml";
import { standardDefinitions } from "@metersmith/tables/standard";
import { findDeviceType } from "./files.ts";

/** Where dimensions and formats come from: a device type, images of the meter's own tables, or both. */
export interface DimensionOptions {
  readonly deviceType?: string;
  /** `0=table0.hex` */
  readonly image?: readonly string[];
}

export interface Dimensions {
  readonly definitions: Definitions;
  /** Missing where only an EDL document could tell. */
  readonly context?: MeterContext;
}

/** Wire number of a table from text: `54`, or `2051` and `MT3` for manufacturer table 3. */
export function tableNumberOf(text: string): number {
  const manufacturer = /^MT ?(\d{1,4})$/i.exec(text)?.[1];
  const number = manufacturer === undefined ? Number(text) : 2048 + Number(manufacturer);
  if (!Number.isInteger(number) || number < 0 || number > 4095 || text.trim() === "") {
    throw new Failure("misuse", "table", `a table is a number from 0 to 4095, or MT3 for manufacturer table 3, not “${text}”`);
  }
  return number;
}

export async function dimensionsOf({ deviceType, image = [] }: DimensionOptions): Promise<Dimensions> {
  const type = deviceType === undefined ? undefined : await findDeviceType(deviceType);
  const definitions = type?.definitions ?? standardDefinitions;
  const images: [number, Uint8Array][] = [];
  for (const pair of image) {
    const [, number, file] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (number === undefined || file === undefined) throw new Failure("misuse", "image", `--image takes a table and a file, as 0=table0.hex, not “${pair}”`);
    images.push([tableNumberOf(number), octetsIn(await readFile(file), file)]);
  }
  images.sort(([a], [b]) => a - b);
  const [first] = images;
  let context = first?.[0] === 0 ? MeterContext.of(definitions, new Map([first])) : type?.context;
  for (const [number, bytes] of images) context = context?.with(number, bytes);
  return context ? { definitions, context } : { definitions };
}

export function needContext({ context }: Dimensions): MeterContext {
  if (context) return context;
  throw new Failure("misuse", "dimensions", "which meter? Add --device-type, or --image 0=FILE (and the dimension tables) as read from it");
}

/** The tables in a file: octets (hexadecimal or binary, with --table), canonical JSON, or an EDL document. */
export async function readTables(file: string, dimensions: Dimensions, table?: number): Promise<{ context: MeterContext; tables: DecodedTable[] }> {
  const content = await readFile(file);
  const start = content.subarray(0, 200).toString("latin1").trimStart();
  try {
    if (start.startsWith("<")) {
      const { context, images } = imagesFromEdl(dimensions.definitions, parseEdl(content.toString("utf8"), file), dimensions.context);
      return { context, tables: [...images].map(([number, bytes]) => context.decode(number, bytes)) };
    }
    const context = needContext(dimensions);
    if (start.startsWith("{")) return { context, tables: jsonTables(parseJsonFile(content.toString("utf8"), file), context, file, table) };
    if (table === undefined) throw new Failure("misuse", "table", `${file} holds octets: say which table they are with --table`);
    return { context, tables: [context.decode(table, octetsIn(content, file))] };
  } catch (error) {
    if (!(error instanceof TablesError)) throw error;
    throw new Failure(error.kind, error.code, `${file}: ${error.message}`, { file, ...error.context }, error);
  }
}

function jsonTables(json: unknown, context: MeterContext, file: string, table: number | undefined): DecodedTable[] {
  const entries = typeof json === "object" && json !== null && "tables" in json ? json.tables : [{ table, value: json }];
  if (!Array.isArray(entries)) throw new Failure("input", "json", `${file}: "tables" must be a list of {table, value}`, { file, field: "tables" });
  return entries.map((entry: unknown) => {
    const { table: number, value } = (typeof entry === "object" && entry !== null ? entry : {}) as { table?: unknown; value?: unknown };
    if (typeof number !== "number") throw new Failure("misuse", "table", `${file}: say which table the values are of, with --table or {"tables":[{"table":54,"value":…}]}`, { file });
    return context.decode(number, context.encode(number, valueFromJson(context.layout(number), value)));
  });
}

/** Hexadecimal digits where the file is all digits and white space, otherwise the octets themselves. */
function octetsIn(content: Buffer, file: string): Uint8Array {
  const text = content.toString("latin1");
  if (!/^[\s0-9a-fA-F]+$/.test(text)) return new Uint8Array(content);
  if (text.replace(/\s/g, "").length % 2 === 1) throw new Failure("input", "hex", `${file}: an odd number of hexadecimal digits`, { file });
  return fromHex(text);
}
