import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@metersmith/base/bytes";
import { publicKeyOf, sign } from "@metersmith/base/ed25519";
import { readTextFolder } from "@metersmith/node/text-folder";
import { type ArchiveSigner, packDeviceType } from "@metersmith/programs";

/** Somebody who makes device types, with a key of their own. */
export interface MakerUnderTest {
  readonly signer: ArchiveSigner;
  /** The document by which a site trusts them. */
  readonly key: object;
  pack(files: ReadonlyMap<string, string>): Promise<Uint8Array>;
}

export function makerUnderTest(code: string, secret: number): MakerUnderTest {
  const secretKey = new Uint8Array(32).fill(secret);
  const signer = { publicKey: publicKeyOf(secretKey), sign: (message: Uint8Array) => sign(message, secretKey) };
  return {
    signer,
    key: { format: "metersmith-manufacturer-key-1", manufacturer: { code, name: `Maker ${code}` }, publicKey: toHex(signer.publicKey) },
    pack: (files) => packDeviceType(files, signer),
  };
}

/** A folder of the keys that a site trusts. */
export async function keysFolder(makers: readonly MakerUnderTest[]): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "metersmith-keys-"));
  for (const [index, { key }] of makers.entries()) await writeFile(join(folder, `maker-${index}.json`), JSON.stringify(key));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** The files of a type of this repository under another id, model and version. */
export async function renamedType(from: string, as: { readonly id: string; readonly model: string; readonly version?: string; readonly title?: string }): Promise<Map<string, string>> {
  const files = new Map(await readTextFolder(`device-types/${from}`));
  const change = (file: string, edit: (json: Record<string, unknown>) => void): void => {
    const json = JSON.parse(files.get(file) ?? "") as Record<string, unknown>;
    edit(json);
    files.set(file, JSON.stringify(json));
  };
  change("manifest.json", (manifest) => Object.assign(manifest, { id: as.id, model: as.model, version: as.version ?? "1.0.0", title: as.title ?? `Renamed ${from}` }));
  change("factory.json", (factory) => {
    factory["deviceType"] = as.id;
    (factory["tables"] as Record<string, Record<string, unknown>>)["1"]!["ED_MODEL"] = as.model;
  });
  change("fragment.json", (fragments) => {
    for (const fragment of fragments as unknown as { when?: { model?: string } }[]) if (fragment.when?.model !== undefined) fragment.when.model = as.model;
  });
  return files;
}
