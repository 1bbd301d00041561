import { text } from "node:stream/consumers";
import { fromHex } from "@metersmith/base/bytes";
import { isFailure } from "@metersmith/base/errors";
import { fullCheck, ManufacturerTrust, openArchive } from "@metersmith/programs";

/** What the process is given, as JSON on its standard input; octets are hexadecimal. */
export interface Examination {
  readonly archive: string;
  readonly manufacturers: readonly { readonly code: string; readonly name: string; readonly publicKey: string; readonly from?: number; readonly until?: number }[];
  /** Seconds since 1970. */
  readonly now: number;
}

/** What it answers, as JSON: null where nothing speaks against the archive, else a failure's parts. */
export type Verdict = null | { readonly code: string; readonly message: string; readonly context: Readonly<Record<string, unknown>> };

function examine({ archive, manufacturers, now }: Examination): Verdict {
  try {
    const trust = new ManufacturerTrust(manufacturers.map((one) => ({ ...one, publicKey: fromHex(one.publicKey) })));
    fullCheck(openArchive(fromHex(archive), trust, now).deviceType);
    return null;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { code: error.code, message: error.message, context: error.context };
  }
}

process.stdout.write(JSON.stringify(examine(JSON.parse(await text(process.stdin)) as Examination)));
