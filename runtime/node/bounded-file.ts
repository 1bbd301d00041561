import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";

/** A file's text, UTF-8, where it has at most `most` octets; rejects with `RangeError` where it has more, as a pipe or a device may, and with the system's error where it cannot be read. */
export async function readBoundedText(file: string, most: number): Promise<string> {
  let octets = 0;
  const content = await text(createReadStream(file, { end: most }).on("data", (chunk) => void (octets += chunk.length)));
  if (octets > most) throw new RangeError(`${file} is larger than ${most} octets`);
  return content;
}
