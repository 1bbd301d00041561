import { toHex } from "@metersmith/base/bytes";
import { Failure, type FailureContext } from "@metersmith/base/errors";
import { type ProcessBounds, runBounded } from "@metersmith/node/bounded-process";
import type { ManufacturerTrust } from "@metersmith/programs";
import type { Examination, Verdict } from "./examination.ts";

/** A type that is read and tried needs about a second of these and 60 MiB. */
const BOUNDS: ProcessBounds = { milliseconds: 15_000, mebibytes: 256 };

/**
 * Opens an archive and tries the type in a process of its own: a type whose expressions run long, or whose tables are endless, ends with that process and the
 * site goes on. @throws Failure with the reason and place where it is not to be taken.
 */
export async function examineArchive(archive: Uint8Array, trust: ManufacturerTrust, now: number, bounds = BOUNDS): Promise<void> {
  const manufacturers = trust.manufacturers.map((one) => ({ ...one, publicKey: toHex(one.publicKey) }));
  const input: Examination = { archive: toHex(archive), manufacturers, now };
  const end = await runBounded(new URL("./examination.ts", import.meta.url), JSON.stringify(input), bounds);
  if (end.ended === "late") throw refused(`took longer than ${bounds.milliseconds / 1000} s, and was ended`);
  if (end.ended === "badly") throw refused(`needed more than ${bounds.mebibytes} MiB, or failed (${end.how})`);
  const verdict = JSON.parse(end.said) as Verdict;
  if (verdict) throw new Failure("input", verdict.code, verdict.message, verdict.context as FailureContext);
}

function refused(what: string): Failure {
  return new Failure("input", "device-type-invalid", `archive: reading and trying the type ${what}`, { place: "archive" });
}
