import { equalBytes } from "@metersmith/base/bytes";
import { encodeImage, ImagesError, inventoryFor, isPage, missingPages, pageCount, verifyManifest, type EpochSeconds, type Inventory, type Manifest, type Trust } from "@metersmith/images";
import { NicError } from "../nic-error.ts";
import type { CardMemory } from "./card-memory.ts";

const nothing = new Uint8Array();
/** What its records' keys begin with. */
const own = "image/";

interface Kept {
  readonly manifest: Manifest;
  readonly inventory: Inventory | undefined;
}

/**
 * An image as it comes to the card, part by part: signed manifest, inventory, pages in any order, each checked when it comes and kept. What is kept is checked again
 * when it is looked at, so a restart or damaged memory costs pages and never lets a wrong one through.
 */
export class ImageDownload {
  readonly #memory: CardMemory;
  readonly #trust: Trust;
  #kept: Kept | undefined;

  /** `now`: seconds since 1970 UTC. A manifest that is kept and no longer believed is as none. */
  constructor(memory: CardMemory, trust: Trust, now: EpochSeconds) {
    this.#memory = memory;
    this.#trust = trust;
    const [signed, inventory] = [this.#part("manifest"), this.#part("inventory")];
    const manifest = signed && unlessRefused(() => verifyManifest(signed, trust, now));
    if (manifest) this.#kept = { manifest, inventory: inventory && unlessRefused(() => inventoryFor(manifest, inventory)) };
  }

  get manifest(): Manifest | undefined {
    return this.#kept?.manifest;
  }

  /** Which parts are still to come. All of them where there is no inventory yet. */
  get missing(): { readonly inventory: boolean; readonly pages: readonly number[] } | undefined {
    if (!this.#kept) return undefined;
    const { manifest, inventory } = this.#kept;
    if (!inventory) return { inventory: true, pages: Array.from({ length: pageCount(manifest) }, (_, page) => page) };
    return { inventory: false, pages: missingPages(manifest, inventory, (page) => this.#part(`page/${page}`)) };
  }

  /**
   * Takes a signed manifest; the one that is there already keeps its pages, and is not held against the meter again, which may run its firmware by now. `fits` refuses one
   * that is not for this meter by throwing. Throws `ImagesError`.
   */
  begin(signed: Uint8Array, now: EpochSeconds, fits: (manifest: Manifest) => void): void {
    const manifest = verifyManifest(signed, this.#trust, now);
    const before = this.#part("manifest");
    if (this.#kept && before && equalBytes(before, signed)) return;
    fits(manifest);
    this.forget();
    this.#memory.write(`${own}manifest`, signed);
    this.#kept = { manifest, inventory: undefined };
  }

  /** Throws `ImagesError` `not-bound`, `nothing-begun`. */
  takeInventory(octets: Uint8Array): void {
    const { manifest } = this.#begun();
    const inventory = inventoryFor(manifest, octets);
    this.#memory.write(`${own}inventory`, octets);
    this.#kept = { manifest, inventory };
  }

  /** The same page again changes nothing. Throws `nothing-begun`, `bad-value`. */
  takePage(page: number, octets: Uint8Array): void {
    const { manifest, inventory } = this.#begun();
    if (!inventory) throw new NicError("nothing-begun", "The inventory comes before the pages.");
    if (!isPage(manifest, inventory, page, octets)) throw new NicError("bad-value", `These octets are not page ${page} of the image.`, { field: `page ${page}` });
    this.#memory.write(`${own}page/${page}`, octets);
  }

  /** The image as a file. Throws `not-whole`, `nothing-begun`. */
  whole(): Uint8Array {
    const { manifest } = this.#begun();
    const { inventory, pages } = this.missing ?? { inventory: true, pages: [] };
    if (inventory || pages.length > 0) throw new NicError("not-whole", `The image is not whole: ${inventory ? "its inventory" : `${pages.length} pages`} did not come yet.`);
    const payload = new Uint8Array(manifest.size);
    for (let page = 0; page < pageCount(manifest); page++) payload.set(this.#part(`page/${page}`) ?? nothing, page * manifest.pageSize);
    return encodeImage({ signedManifest: this.#part("manifest") ?? nothing, inventory: this.#part("inventory") ?? nothing, payload });
  }

  forget(): void {
    this.#kept = undefined;
    this.#memory.clear(own);
  }

  #begun(): Kept {
    if (!this.#kept) throw new NicError("nothing-begun", "There is no image under way: its signed manifest comes first.");
    return this.#kept;
  }

  #part(name: string): Uint8Array | undefined {
    return this.#memory.read(own + name);
  }
}

/** What is kept and no longer right, or no longer believed, is as none. */
function unlessRefused<Found>(find: () => Found): Found | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof ImagesError) return undefined;
    throw error;
  }
}
