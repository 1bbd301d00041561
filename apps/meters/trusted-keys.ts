import { readPublicKey, Trust } from "@metersmith/images";
import { readBoundedText } from "@metersmith/node/bounded-file";
import { StreetError } from "./street-error.ts";

const mostOctets = 65_536;

/** The keys in these files, as one trust. Throws `bad-configuration` for a file that is none. */
export async function trustedKeys(files: readonly string[]): Promise<Trust> {
  return new Trust(await Promise.all(files.map(async (file) => {
    try {
      return readPublicKey(JSON.parse(await readBoundedText(file, mostOctets)));
    } catch (error) {
      throw new StreetError("input", "bad-configuration", `${file} cannot be read as a public key that image keygen wrote.`, { file }, error);
    }
  })));
}
