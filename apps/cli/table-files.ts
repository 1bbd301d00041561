import { Failure } from "@metersmith/base/errors";
import { parseJsonFile } from "@metersmith/programs";
import { type DecodedTable, type Definitions, imagesFromEdl, imagesInOrder, MeterContext, tableNumber, TablesError, type TableValues, valueFromJson } from "@metersmith/tables";
import { parseEdl } from "@metersmith/tables/edl-xml";
import { standardDefinitions } from "@metersmith/tables/standard";
import { findDeviceType, readOctets } from "./files.ts";
import { formOfFile, octetsOf, type TableForm, utf8Of } from "./table-form.ts";

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
  const number = manufacturer === undefined ? Number(/^\d{1,4}$/.exec(text)?.[0] ?? Number.NaN) : 2048 + Number(manufacturer);
  if (Number.isNaN(number) || number > 4095) {
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
    const table = tableNumberOf(number);
    if (images.some(([other]) => other === table)) throw new Failure("misuse", "image", `--image gives table ${tableNumber(table)} twice`);
    images.push([table, octetsOf(await readOctets(file), formOfFile(file), file)]);
  }
  images.sort(([a], [b]) => a - b);
  const [first] = images;
  let context = first?.[0] === 0 ? MeterContext.of(definitions, new Map([first])) : type?.context;
  for (const [number, bytes] of images) context = context?.with(number, bytes);
  return context ? { definitions, context } : { definitions };
}

export interface TablesOfFile {
  readonly context: MeterContext;
  readonly tables: readonly DecodedTable[];
}

export function needContext({ context }: Dimensions): MeterContext {
  if (context) return context;
  throw new Failure("misuse", "dimensions", "which meter? Add --device-type, or --image 0=FILE (and the dimension tables) as read from it");
}

/** The tables in a file: octets of one table, canonical JSON, or an EDL document. `table`: which table the octets are, or which of several is meant. */
export async function readTables(file: string, dimensions: Dimensions, { table, form: asked }: { readonly table?: number | undefined; readonly form?: TableForm | undefined }): Promise<TablesOfFile> {
  const form = formOfFile(file, asked);
  const content = await readOctets(file);
  try {
    if (form === "edl" || form === "json") {
      const { definitions, context } = dimensions;
      const { context: known, images } =
        form === "edl"
          ? imagesFromEdl(definitions, parseEdl(utf8Of(content, file), file), context)
          : imagesInOrder(definitions, tablesOfJson(parseJsonFile(utf8Of(content, file), file), file, table), context);
      if (images.size === 0) throw new Failure("input", "table", `${file}: there is no table in it`, { file });
      return { context: known, tables: [...chosen(images, file, table)].map(([number, bytes]) => known.decode(number, bytes)) };
    }
    if (table === undefined) throw new Failure("misuse", "table", `${file} holds octets: say which table they are with --table`);
    const octets = octetsOf(content, form, file);
    // Table 0 says its own size and formats, whichever type of meter is asked about.
    const context = table === 0 ? MeterContext.of(dimensions.definitions, new Map([[0, octets]])) : needContext(dimensions);
    return { context, tables: [context.decode(table, octets)] };
  } catch (error) {
    if (!(error instanceof TablesError)) throw error;
    // What the XML reader says names the file already.
    throw new Failure(error.kind, error.code, error.code === "bad-xml" ? error.message : `${file}: ${error.message}`, { file, ...error.context }, error);
  }
}

function chosen(images: ReadonlyMap<number, Uint8Array>, file: string, table: number | undefined): ReadonlyMap<number, Uint8Array> {
  if (table === undefined) return images;
  const image = images.get(table);
  if (!image) throw new Failure("input", "table", `${file}: table ${tableNumber(table)} is not in it, but ${[...images.keys()].map(tableNumber).join(", ") || "none"}`, { file, table });
  return new Map([[table, image]]);
}

/** `{"tables":[{"table":54,"value":…}]}` as `decode --json` tells it, or the value of one table. */
function tablesOfJson(json: unknown, file: string, table: number | undefined): TableValues[] {
  const entries = typeof json === "object" && json !== null && "tables" in json ? json.tables : [{ table, value: json }];
  if (!Array.isArray(entries)) throw new Failure("input", "json", `${file}: "tables" must be a list of {table, value}`, { file, field: "tables" });
  return entries.map((entry: unknown) => {
    const { table: number, value } = (typeof entry === "object" && entry !== null ? entry : {}) as { table?: unknown; value?: unknown };
    if (typeof number !== "number") throw new Failure("misuse", "table", `${file}: say which table the values are of, with --table or {"tables":[{"table":54,"value":…}]}`, { file });
    return { number, valueIn: (layout) => valueFromJson(layout, value) };
  });
}
