import type { BlobStore } from "@metersmith/base/blob-store";
import type { Json } from "../metadata/canonical-json.ts";
import { canonicalEqual } from "../metadata/canonical-json.ts";
import { largest } from "../metadata/largest.ts";
import { readRoot, rootJson, type Root } from "../metadata/root.ts";
import { decodeSignedFile, encodeSignedFile, type SignedFile } from "../metadata/signed-file.ts";
import { readTargets, targetsJson, type Targets } from "../metadata/targets.ts";
import { badDraft } from "../trust-error.ts";

const folder = "staged";
export const stagedName = (role: string): string => `${folder}/${role}.json`;

/** Metadata that wait for signatures of keys that are elsewhere; published together once each has enough. */
export interface Staged {
  readonly root?: { readonly file: SignedFile; readonly root: Root };
  /** `targets` and delegated roles. */
  readonly roles: ReadonlyMap<string, { readonly file: SignedFile; readonly targets: Targets }>;
}

export async function readStaged(blobs: BlobStore): Promise<Staged> {
  const roles = new Map<string, { file: SignedFile; targets: Targets }>();
  let root: Staged["root"];
  for (const name of await blobs.list(folder)) {
    const role = name.replace(/\.json$/, "");
    const file = await stagedFile(blobs, role);
    if (!file) continue;
    if (role === "root") root = { file, root: readRoot(file.signed, name) };
    else roles.set(role, { file, targets: readTargets(file.signed, name) });
  }
  return { ...(root ? { root } : {}), roles };
}

/** Drafts replace what was staged under their names, with whatever signatures that had: those were over other content. */
export async function stage(blobs: BlobStore, drafts: { readonly root?: Root | undefined; readonly roles?: ReadonlyMap<string, Targets> }): Promise<readonly string[]> {
  const files = new Map<string, Uint8Array>();
  const put = (role: string, signed: Json): void => void files.set(stagedName(role), encodeSignedFile({ signed, signatures: new Map() }));
  if (drafts.root) put("root", rootJson(drafts.root));
  for (const [role, targets] of drafts.roles ?? []) put(role, targetsJson(targets));
  await blobs.write(files);
  return [...files.keys()];
}

/** Takes over the signatures of a copy that was carried to a key and back. Throws `bad-draft` where it is not a copy of what is staged. */
export async function collectSignatures(blobs: BlobStore, carried: SignedFile, place: string): Promise<string> {
  for (const name of await blobs.list(folder)) {
    const role = name.replace(/\.json$/, "");
    const staged = await stagedFile(blobs, role);
    if (!staged || !canonicalEqual(staged.signed, carried.signed)) continue;
    const signatures = new Map([...staged.signatures, ...carried.signatures]);
    await blobs.write(new Map([[stagedName(role), encodeSignedFile({ signed: staged.signed, signatures })]]));
    return role;
  }
  throw badDraft(place, "no copy of anything that is staged here");
}

async function stagedFile(blobs: BlobStore, role: string): Promise<SignedFile | undefined> {
  const octets = await blobs.read(stagedName(role));
  return octets && decodeSignedFile(octets, stagedName(role), largest.targets);
}
