import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "@metersmith/base/errors";

const MOST_OCTETS = 4 * 1024 * 1024;

/** The plain files of one folder as text, by name. Bounded: 4 MiB a file. */
export async function readTextFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isFile()) continue;
    const path = join(folder, entry.name);
    const { size } = await stat(path);
    if (size > MOST_OCTETS) throw new Failure("input", "file-too-large", `${path} has ${size} octets; ${MOST_OCTETS} at most`, { path, size });
    files.set(entry.name, await readFile(path, "utf8"));
  }
  return files;
}
