import { concatBytes } from "@metersmith/base/bytes";
import { decodeJson, encodeJson } from "../metadata/canonical-json.ts";
import { Fields } from "../metadata/fields.ts";
import { refused } from "../trust-error.ts";
import type { Remote } from "./remote.ts";

/** A file that can be read from anywhere in it. */
export interface ReadableFile {
  readonly size: number;
  /** Exactly so many octets from there, fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

const mark = "metersmith-bundle-1 ";
/** The mark, and the octets of the list in eight digits and a line feed. */
const markLength = mark.length + 9;
const largestList = 32 * 2 ** 20;
const pathForm = /^(metadata|targets)\/[A-Za-z0-9._/-]{1,200}$/;
const block = 262_144;

/** The beginning of a bundle: the files that follow, in order, each with its octets. */
export function bundleHead(sizes: ReadonlyMap<string, number>): Uint8Array {
  const list = encodeJson({ files: [...sizes].map(([path, size]) => ({ path, size })) });
  return concatBytes(new TextEncoder().encode(`${mark}${String(list.length).padStart(8, "0")}\n`), list);
}

/** A bundle as a repository to read from. Its list is believed nothing but where to look. Throws `bad-metadata`, `too-large`. */
export async function openBundle(file: ReadableFile): Promise<Remote> {
  const head = new TextDecoder("latin1").decode(await file.read(0, markLength));
  const [, digits] = /^metersmith-bundle-1 (\d{8})\n$/.exec(head) ?? [];
  if (digits === undefined) throw refused("bad-metadata", "bundle", "this file is no bundle");
  const length = Number(digits);
  if (length > largestList) throw refused("too-large", "bundle", `its list has ${length} octets; ${largestList} at most`);
  const places = readList(await file.read(markLength, length), markLength + length, file.size);
  return {
    async open(path, from) {
      const place = places.get(path);
      if (!place) return { found: false };
      const [begin, end] = [place.offset + Math.min(from, place.size), place.offset + place.size];
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let at = begin; at < end; at += block) yield await file.read(at, Math.min(block, end - at));
      }
      return { found: true, from: Math.min(from, place.size), chunks: chunks() };
    },
  };
}

function readList(octets: Uint8Array, begin: number, size: number): ReadonlyMap<string, { readonly offset: number; readonly size: number }> {
  const places = new Map<string, { offset: number; size: number }>();
  let offset = begin;
  for (const [at, one] of Fields.of(decodeJson(octets, "bundle"), "bundle").only(["files"]).list("files", 1_000_000).entries()) {
    const fields = Fields.of(one, `bundle: file ${at + 1}`).only(["path", "size"]);
    const path = fields.text("path", pathForm);
    if (places.has(path)) throw refused("bad-metadata", "bundle", `${path} is listed twice`);
    places.set(path, { offset, size: fields.whole("size", 0) });
    offset += fields.whole("size", 0);
  }
  if (offset !== size) throw refused("bad-metadata", "bundle", `it is cut or has more at its end: ${size} octets, ${offset} by its list`);
  return places;
}
