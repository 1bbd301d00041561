import { Failure } from "@metersmith/base/errors";
import type { EpochSeconds, ReleaseRange } from "@metersmith/images";
import { wholeNumber } from "../whole-number.ts";

/** What the manifest says beyond its content, as the command line gives it. */
export interface ManifestOptions {
  readonly hardware: string;
  readonly runs: string;
  readonly counter: string;
  readonly expiry: string;
  readonly activation?: string;
  readonly audience?: string;
  readonly test?: boolean;
  readonly pageSize: string;
}

const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/;

export function manifestFields(options: ManifestOptions) {
  return {
    hardware: releaseRange("hardware", options.hardware),
    firmware: releaseRange("runs", options.runs),
    counter: wholeNumber("counter", options.counter, 0, 2 ** 32 - 1),
    expiry: epochSeconds("expiry", options.expiry),
    ...(options.activation === undefined ? {} : { activation: epochSeconds("activation", options.activation) }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
    test: options.test ?? false,
    pageSize: wholeNumber("page-size", options.pageSize, 64, 65_536),
  };
}

/** "2026-12-31T00:00Z". */
export function epochSeconds(option: string, text: string): EpochSeconds {
  const milliseconds = timeForm.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new Failure("misuse", "command-line", `--${option}: expected a time in UTC such as 2026-12-31T00:00Z, not ${text}`);
  return milliseconds / 1000;
}

/** "1.0-1.255", or "1.4" for one release alone. */
function releaseRange(option: string, text: string): ReleaseRange {
  const [, v1, r1, , v2, r2] = /^(\d{1,3})\.(\d{1,3})(-(\d{1,3})\.(\d{1,3}))?$/.exec(text) ?? [];
  if (v1 === undefined || r1 === undefined) throw new Failure("misuse", "command-line", `--${option}: expected releases such as 1.0-1.255, not ${text}`);
  const release = (version: string, revision: string) => ({ version: wholeNumber(option, version, 0, 255), revision: wholeNumber(option, revision, 0, 255) });
  const least = release(v1, r1);
  return { least, most: v2 === undefined || r2 === undefined ? least : release(v2, r2) };
}
