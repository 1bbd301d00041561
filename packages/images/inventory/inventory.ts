import { encodeCbor } from "@metersmith/base/cbor";
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "@metersmith/base/bytes";
import { items } from "../cbor-reader.ts";
import { badImage, ImagesError } from "../images-error.ts";
import { digestLength, pageCount, type Manifest } from "../manifest/manifest.ts";
import { maskFromRuns, runsOf } from "./mask-runs.ts";
import type { ReviewedTable } from "./reviewed-table.ts";

/** What the root digest binds and the manifest is too small for. */
export interface Inventory {
  /** SHA-256 of each page of the payload, one after another. */
  readonly pages: Uint8Array;
  /** By table number, ascending. */
  readonly reviewed: readonly ReviewedTable[];
}

const key = { pages: 1, reviewed: 2 } as const;
/** 4096 pages, and masks and digests of the tables. */
export const largestInventory = 262_144;
export const mostPages = 4096;
const mostReviewed = 256;
/** Manufacturer tables end at 2048 + 2047. */
const lastTable = 4095;

export function encodeInventory({ pages, reviewed }: Inventory): Uint8Array {
  const rows = reviewed.map(({ table, mask, digest }) => [table, runsOf(mask), digest]);
  return encodeCbor(new Map<number, unknown>([[key.pages, pages], ...(rows.length > 0 ? [[key.reviewed, rows] as [number, unknown]] : [])]));
}

export function rootOf(inventory: Uint8Array): Uint8Array {
  return sha256(inventory);
}

/** Reads the inventory that belongs to a manifest. Throws `not-bound` where it is another one; `bad-image`, `too-large`. */
export function inventoryFor(manifest: Manifest, bytes: Uint8Array): Inventory {
  if (bytes.length > largestInventory) {
    throw new ImagesError("peer-data", "too-large", `inventory: ${bytes.length} octets, at most ${largestInventory} are taken.`, { place: "inventory", expected: largestInventory, actual: bytes.length });
  }
  if (!equalBytes(rootOf(bytes), manifest.root)) throw notBound("inventory", "is not the one whose digest the manifest holds");
  const map = items.fields(items.read(bytes, "inventory", largestInventory), "inventory", Object.values(key));
  const count = pageCount(manifest);
  if (count > mostPages) throw badImage("inventory", `${count} pages, at most ${mostPages} are taken`);
  const rows = map.has(key.reviewed) ? items.array(map.get(key.reviewed), "inventory reviewed") : [];
  if (map.has(key.reviewed) && rows.length === 0) throw badImage("inventory reviewed", "empty; absent where there are none");
  if (rows.length > mostReviewed) throw badImage("inventory reviewed", `${rows.length} tables, at most ${mostReviewed} are taken`);
  const reviewed = rows.map(reviewedTable);
  reviewed.forEach(({ table }, at) => {
    if (table <= (reviewed[at - 1]?.table ?? -1)) throw badImage("inventory reviewed", `table ${table} is out of order`);
  });
  return { pages: items.octets(map.get(key.pages), "inventory pages", count * digestLength), reviewed };
}

function reviewedTable(value: unknown): ReviewedTable {
  const [number, runs, digest] = items.array(value, "inventory reviewed", 3);
  const table = items.unsigned(number, "inventory reviewed", 0, lastTable);
  const place = `inventory table ${table}`;
  return { table, mask: maskFromRuns(runs, place), digest: items.octets(digest, place, digestLength) };
}

export function notBound(place: string, what: string): ImagesError {
  return new ImagesError("peer-data", "not-bound", `${place}: ${what}.`, { place });
}
