import { basename } from "node:path";
import { digestOf } from "@metersmith/base/digest";
import { Failure } from "@metersmith/base/errors";
import { decodeImage, unverifiedManifest } from "@metersmith/images";
import { descriptionJson, directiveJson, type NewTarget, type RepositoryKind, type SerialRange } from "@metersmith/trust";
import { readOctets } from "../files.ts";

const mostOctets = 17 * 1024 * 1024;

/** Files as targets under `kind/owner/`. Of an image its manifest's device type and counter are told; a director says for which meters it is meant, and keeps no content. */
export async function newTargets(files: readonly string[], owner: string, kind: RepositoryKind, meters: "all" | readonly SerialRange[] | undefined): Promise<readonly NewTarget[]> {
  if ((kind === "director") !== (meters !== undefined)) throw new Failure("misuse", "meters", kind === "director" ? "a director says for which meters: give --meters" : "only a director says for which meters an image is meant");
  const targets: NewTarget[] = [];
  for (const file of files) {
    const content = new Uint8Array(await readOctets(file, mostOctets));
    const common = { path: `${owner}/${basename(file)}`, length: content.length, digest: digestOf(content) };
    if (!file.endsWith(".image")) {
      if (kind === "director") throw new Failure("input", "file", `${file}: a director speaks of images alone`, { file });
      targets.push({ ...common, content });
      continue;
    }
    const { manifest } = unverifiedManifest(decodeImage(content).signedManifest);
    const description = { deviceType: manifest.deviceType, counter: manifest.counter };
    targets.push(meters === undefined ? { ...common, content, custom: descriptionJson(description) } : { ...common, custom: directiveJson({ ...description, meters }) });
  }
  return targets;
}

/** "all", or ranges such as 00012000-00012999,00013001. */
export function metersOf(text: string): "all" | readonly SerialRange[] {
  if (text === "all") return "all";
  return text.split(",").map((part) => {
    const [, least, most] = /^([A-Za-z0-9]{1,16})(?:-([A-Za-z0-9]{1,16}))?$/.exec(part) ?? [];
    if (least === undefined || (most !== undefined && (most.length !== least.length || most < least))) throw new Failure("misuse", "meters", `--meters: expected all, or ranges of serials of equal length such as 00012000-00012999, not ${part}`);
    return { least, most: most ?? least };
  });
}
