import { Failure } from "@metersmith/base/errors";
import { readTextFolder } from "@metersmith/node/text-folder";
import { ManufacturerTrust, parseJsonFile, readManufacturerKey } from "@metersmith/programs";

/**
 * The manufacturers whose archives the site takes: the documents (`*.json`) in a folder of its operator's, read anew each time, so that a key put there or
 * taken away counts at once. No folder, no keys. @throws Failure that names the file where one is no such document.
 */
export async function readManufacturerKeys(folder: string): Promise<ManufacturerTrust> {
  let files: ReadonlyMap<string, string>;
  try {
    files = await readTextFolder(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new ManufacturerTrust([]);
    throw new Failure("input", "keys-unreadable", "The folder of the manufacturers' keys cannot be read; the site's log says why.", {}, error);
  }
  return new ManufacturerTrust([...files].filter(([name]) => name.endsWith(".json")).map(([name, text]) => readManufacturerKey(parseJsonFile(text, name), name)));
}
