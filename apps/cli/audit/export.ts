import { open, rm } from "node:fs/promises";
import { Failure } from "@metersmith/base/errors";
import { exportDatabase } from "@metersmith/modules/audit/store/export-record.ts";
import { fileFailure } from "../failure.ts";
import { tell } from "../output.ts";
import type { ExportOptions } from "./options.ts";
import { onDatabase } from "./site-database.ts";

/** Writes the sealed record; what could not be written to its end is not left behind. */
export async function exportRecord(options: ExportOptions): Promise<void> {
  const { out } = options;
  const file = await open(out, "wx", 0o600).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new Failure("input", "file", `${out} is there already. Give another name.`, { file: out }, error);
    throw fileFailure(error, out);
  });
  try {
    const stream = file.createWriteStream({ autoClose: false });
    // Each write tells by itself how it went.
    stream.on("error", () => undefined);
    const write = (line: string): Promise<void> => new Promise((done, failed) => void stream.write(`${line}\n`, (error) => (error ? failed(fileFailure(error, out)) : done())));
    const written = await onDatabase(options, (db, site) => exportDatabase(db, site, options.organization, write));
    await file.sync();
    tell(options.json, { ok: true, file: out, ...written }, () => [`${out}: ${written.entries} entries in ${written.seals} seals`]);
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
