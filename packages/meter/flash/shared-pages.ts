import { equalBytes } from "@metersmith/base/bytes";
import { crc32 } from "@metersmith/base/crc32";
import type { FlashPage } from "./flash-page.ts";

/**
 * The pages that several devices hold alike, each once. Weak: a page that no device holds any more goes. Unstable pages are never shared.
 */
export class SharedPages {
  readonly #byChecksum = new Map<number, WeakRef<FlashPage>[]>();
  readonly #gone = new FinalizationRegistry<number>((checksum) => {
    const left = (this.#byChecksum.get(checksum) ?? []).filter((page) => page.deref());
    if (left.length > 0) this.#byChecksum.set(checksum, left);
    else this.#byChecksum.delete(checksum);
  });

  /** The page that all share where there is an equal one, else this one, which the others will share. */
  share(page: FlashPage): FlashPage {
    if (page.unstable) return page;
    const checksum = crc32(page.bytes);
    const alike = this.#byChecksum.get(checksum) ?? [];
    for (const one of alike) {
      const known = one.deref();
      if (known && equalBytes(known.bytes, page.bytes) && equalBytes(known.begun, page.begun)) return known;
    }
    this.#byChecksum.set(checksum, [...alike, new WeakRef(page)]);
    this.#gone.register(page, checksum);
    return page;
  }
}
