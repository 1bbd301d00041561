import { concatBytes, equalBytes } from "@metersmith/base/bytes";
import { sha256 } from "@noble/hashes/sha2.js";
import { digestLength, pageCount, type Manifest } from "../manifest/manifest.ts";
import { notBound, type Inventory } from "./inventory.ts";

/** The digests of the pages of a payload, one after another. */
export function pageDigests(payload: Uint8Array, pageSize: number): Uint8Array {
  const count = pageCount({ size: payload.length, pageSize });
  return concatBytes(...Array.from({ length: count }, (_, page) => sha256(payload.subarray(page * pageSize, (page + 1) * pageSize))));
}

/** Octets of one page: all have `pageSize`, the last what is left. 0 where there is no such page. */
export function pageLength(manifest: Pick<Manifest, "size" | "pageSize">, page: number): number {
  if (!Number.isInteger(page) || page < 0) return 0;
  return Math.max(0, Math.min(manifest.pageSize, manifest.size - page * manifest.pageSize));
}

/** Whether these octets are that page of the payload. `inventory` is the manifest's own. */
export function isPage(manifest: Manifest, inventory: Inventory, page: number, bytes: Uint8Array): boolean {
  const length = pageLength(manifest, page);
  if (length === 0 || bytes.length !== length) return false;
  return equalBytes(sha256(bytes), inventory.pages.subarray(page * digestLength, (page + 1) * digestLength));
}

/** The pages of a partial payload that are not what the inventory says, ascending. `pageOf` gives what is there of a page, or undefined. */
export function missingPages(manifest: Manifest, inventory: Inventory, pageOf: (page: number) => Uint8Array | undefined): readonly number[] {
  const missing: number[] = [];
  for (let page = 0; page < pageCount(manifest); page++) {
    const bytes = pageOf(page);
    if (!bytes || !isPage(manifest, inventory, page, bytes)) missing.push(page);
  }
  return missing;
}

/** Throws `not-bound`, naming the first wrong page, where the payload is not the one that was signed. */
export function checkPayload(manifest: Manifest, inventory: Inventory, payload: Uint8Array): void {
  if (payload.length !== manifest.size) throw notBound("payload", `${payload.length} octets, the manifest says ${manifest.size}`);
  const [first] = missingPages(manifest, inventory, (page) => payload.subarray(page * manifest.pageSize, (page + 1) * manifest.pageSize));
  if (first !== undefined) throw notBound(`page ${first}`, "is not the one whose digest the inventory holds");
}
