import type { EpochSeconds } from "../metadata/common-fields.ts";
import type { Library } from "./library.ts";

/** What content of a library is used for, from the most to the least consequential. */
export const uses = ["update-firmware", "add-device-type", "install-program", "compare-program"] as const;
export type Use = (typeof uses)[number];

export type Currency = "current" | "stale" | "old" | "unusable";

export interface Usability {
  readonly currency: Currency;
  readonly may: readonly Use[];
  /** One sentence for the person who holds the tool. */
  readonly says: string;
  /** When the next lower rung begins; undefined on the lowest. */
  readonly until?: EpochSeconds;
}

const day = 86_400;

/**
 * The rule for who was offline. It follows from what the repository signed and from nothing else: the timestamp vouches for being up to date, the snapshot
 * for belonging together, the roles for the content.
 *
 * Until the timestamp expires everything may be used. From then until the snapshot expires, programs may still be installed and compared, but firmware and
 * device types, which could have been called back, may not. Until the roles expire, programs may be compared only. Then nothing. A clock that was moved
 * back before the last synchronization makes all of it unusable: nobody knows what has expired. Ours.
 */
export function usability(library: Library | undefined, now: EpochSeconds): Usability {
  if (!library) return { currency: "unusable", may: [], says: "This tool has no library yet: synchronize it, or import a bundle." };
  const { timestampExpires, snapshotExpires, rolesExpire, since, snapshot } = library;
  if (now < since) return { currency: "unusable", may: [], says: `This tool's clock is ${ageText(since - now)} before its last synchronization: set it, or synchronize.` };
  const of = `Library ${snapshot}, synchronized ${ageText(now - since)} ago`;
  const [toStale, toOld, toUnusable] = [Math.min(timestampExpires, snapshotExpires, rolesExpire), Math.min(snapshotExpires, rolesExpire), rolesExpire];
  if (now < toStale) return { currency: "current", may: uses, says: `${of}: current.`, until: toStale };
  if (now < toOld) return { currency: "stale", may: ["install-program", "compare-program"], says: `${of}: stale. Programs may be installed and compared; no firmware, no new device types.`, until: toOld };
  if (now < toUnusable) return { currency: "old", may: ["compare-program"], says: `${of}: old. Programs may be compared with a meter, but not installed.`, until: toUnusable };
  return { currency: "unusable", may: [], says: `${of}: expired. Nothing of it may be used until it is synchronized.` };
}

function ageText(seconds: number): string {
  if (seconds >= 2 * day) return `${Math.floor(seconds / day)} days`;
  return seconds >= 7200 ? `${Math.floor(seconds / 3600)} hours` : `${Math.floor(seconds / 60)} minutes`;
}
