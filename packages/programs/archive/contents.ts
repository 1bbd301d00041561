import { encodeCbor } from "@metersmith/base/cbor";
import { deviceTypeFileNames } from "../device-type/read-device-type.ts";
import { badArchive } from "./archive-error.ts";
import { deepestValue, items, largestArchive } from "./archive-form.ts";

const ending = ".json";
const partNames = deviceTypeFileNames.map((name) => name.slice(0, -ending.length));

/** The map that is signed: of each file its value, under the name without `.json`. Throws `archive-invalid` where a number is no whole one within ±2^53: it would have several spellings. */
export function encodeContents(files: ReadonlyMap<string, unknown>): Uint8Array {
  return encodeCbor(new Map([...files].map(([name, value]) => [name.slice(0, -ending.length), checked(value, name, 0)])));
}

/** Files by name (`manifest.json`), each a value as JSON has them. Throws `archive-invalid`. */
export function decodeContents(payload: Uint8Array): Map<string, unknown> {
  const parts = items.fields(items.read(payload, "contents", largestArchive, deepestValue + 1), "contents", partNames);
  return new Map([...parts].map(([name, value]) => [`${name}${ending}`, plain(value, name)]));
}

function checked(value: unknown, place: string, depth: number): unknown {
  if (depth > deepestValue) throw badArchive(place, `nested deeper than ${deepestValue}`);
  if (typeof value === "number" && (!Number.isSafeInteger(value) || Object.is(value, -0))) throw badArchive(place, `${value} is no whole number within ±2^53; write it as a text`);
  if (Array.isArray(value)) return value.map((one, index) => checked(one, `${place}[${index}]`, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, one]) => [key, checked(one, `${place}.${key}`, depth + 1)]));
}

/** As `JSON.parse` gives it: what JSON cannot say is refused. */
function plain(value: unknown, place: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map((one, index) => plain(one, `${place}[${index}]`));
  if (!(value instanceof Map)) throw badArchive(place.slice(0, 200), "holds something else than JSON can say (octets, a tag, an integer beyond ±2^53)");
  return Object.fromEntries([...value].map(([key, one]) => {
    if (typeof key !== "string") throw badArchive(place.slice(0, 200), "has a key that is no text");
    return [key, plain(one, `${place}.${key}`)];
  }));
}
