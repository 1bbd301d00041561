import type { BlobStore } from "@metersmith/base/blob-store";
import { digestOf } from "@metersmith/base/digest";
import { targetFilePath } from "../client/fetch-target.ts";
import type { Json } from "../metadata/canonical-json.ts";
import type { KeyRing, RoleKeys } from "../metadata/role-keys.ts";
import type { Root } from "../metadata/root.ts";
import { encodeSignedFile, withSignatures, type SignedFile } from "../metadata/signed-file.ts";
import { snapshotJson, timestampJson } from "../metadata/snapshot.ts";
import { targetsJson, type Targets } from "../metadata/targets.ts";
import { badDraft } from "../trust-error.ts";
import { checkThreshold, signersOf } from "../verify/threshold.ts";
import { nextVersion } from "./ceremonies.ts";
import { completeStaged } from "./complete-staged.ts";
import { newBins } from "./new-bins.ts";
import type { Publication, PublicationDraft } from "./publication.ts";
import { metadataName, readPublished, readRole, timestampName, usedVersions, type PublishedState } from "./published-state.ts";
import { readSettings } from "./settings.ts";
import { readStaged, stagedName } from "./staged.ts";
import { supersededFiles } from "./superseded-files.ts";

const day = 86_400;

/** Signs by those of the signers that speak for the role, and checks that they are enough: nothing leaves that a client would refuse. */
async function signedBy(signed: Json, signers: PublicationDraft["signers"], role: RoleKeys, keys: KeyRing, place: string): Promise<SignedFile> {
  const file = await withSignatures({ signed, signatures: new Map() }, signers.filter(({ key }) => role.keyIds.includes(key.id)));
  checkThreshold(file, keys, role, place);
  return file;
}

/**
 * Publishes: what is staged and has enough signatures, and the targets of the draft. Files are written under versions and digests that nobody knows yet;
 * then one file is replaced, the timestamp, by which all of it counts at once. Cut anywhere, clients see the state before or after, and the next publication
 * goes on. Throws `bad-draft`, `not-enough-signatures`; then nothing is public that was not.
 */
export async function publish(blobs: BlobStore, draft: PublicationDraft): Promise<Publication> {
  const { kind, days } = await readSettings(blobs);
  const published = await readPublished(blobs);
  const found = await readStaged(blobs);
  const { staged, waiting } = completeStaged(found, published);
  const root = staged.root?.root ?? published?.root;
  const top = staged.roles.get("targets")?.targets ?? published?.top;
  if (!root || !top) throw badDraft("repository", `nothing can be published yet: ${waiting.join("; ")}`);
  const used = await usedVersions(blobs);

  const roleOf = async (name: string): Promise<Targets> => staged.roles.get(name)?.targets ?? readRole(blobs, published?.snapshot ?? { version: 0, expires: 0, versions: new Map() }, name);
  const bins = await newBins({ blobs, published, top, roleOf, used, days }, draft);
  const files = new Map<string, Uint8Array>();
  const versions = new Map(published?.snapshot?.versions);
  const put = (role: string, version: number, file: SignedFile): void => {
    files.set(metadataName(version, role), encodeSignedFile(file));
    versions.set(role, version);
  };
  for (const [name, { file, targets }] of staged.roles) put(name, targets.version, file);
  for (const { name, targets, keys, bins: role } of bins) put(name, targets.version, await signedBy(targetsJson(targets), draft.signers, role, keys, name));

  // Signed by the keys of the root before, too, where they are at hand: then there is no moment in which a client has a root that its timestamp does not fit.
  const signers = draft.signers.filter(({ key }) => root.keys.has(key.id) || published?.root.keys.has(key.id));
  const snapshotVersion = nextVersion(used, "snapshot");
  const snapshot = await signedByRoots(snapshotJson({ version: snapshotVersion, expires: draft.now + days.snapshot * day, versions }), signers, "snapshot", root, published);
  const snapshotOctets = encodeSignedFile(snapshot);
  files.set(metadataName(snapshotVersion, "snapshot"), snapshotOctets);
  const timestampVersion = (published?.timestamp?.version ?? 0) + 1;
  const named = { version: snapshotVersion, length: snapshotOctets.length, digest: digestOf(snapshotOctets) };
  const timestamp = await signedByRoots(timestampJson({ version: timestampVersion, expires: draft.now + days.timestamp * day, snapshot: named }), signers, "timestamp", root, published);

  await writeContent(blobs, draft, kind === "images");
  await writeMetadata(blobs, files, draft.siblings);
  const commits = [new Map([[timestampName, encodeSignedFile(timestamp)]])];
  if (staged.root) {
    const rootStep = new Map([[metadataName(root.version, "root"), encodeSignedFile(staged.root.file)]]);
    // First the timestamp where it holds under the old root as well; else the root, and clients wait for the timestamp behind it.
    if (published && holdsUnder(published.root, snapshot, timestamp, staged.roles.get("targets")?.file)) commits.push(rootStep);
    else commits.unshift(rootStep);
  }
  for (const step of commits) await blobs.write(step);
  if (waiting.length === 0) await blobs.remove([...(found.root ? ["root"] : []), ...found.roles.keys()].map(stagedName));
  await blobs.remove(await supersededFiles(blobs, [published?.snapshot, { version: snapshotVersion, expires: 0, versions }]));
  return {
    root: root.version, snapshot: snapshotVersion, timestamp: timestampVersion, roles: [...staged.roles.keys(), ...bins.map(({ name }) => name)],
    added: draft.add.length, removed: draft.remove.length, waiting,
  };
}

async function signedByRoots(signed: Json, signers: PublicationDraft["signers"], role: "snapshot" | "timestamp", root: Root, published: PublishedState | undefined): Promise<SignedFile> {
  const speaking = [root.roles[role], ...(published ? [published.root.roles[role]] : [])].flatMap(({ keyIds }) => keyIds);
  const file = await withSignatures({ signed, signatures: new Map() }, signers.filter(({ key }) => speaking.includes(key.id)));
  checkThreshold(file, root.keys, root.roles[role], role);
  return file;
}

function holdsUnder(root: Root, snapshot: SignedFile, timestamp: SignedFile, targets: SignedFile | undefined): boolean {
  const enough = (file: SignedFile, role: RoleKeys): boolean => signersOf(file, root.keys, role).length >= role.threshold;
  return enough(snapshot, root.roles.snapshot) && enough(timestamp, root.roles.timestamp) && (!targets || enough(targets, root.roles.targets));
}

const batch = 32;

async function writeContent(blobs: BlobStore, { add, progress }: PublicationDraft, withContent: boolean): Promise<void> {
  for (const { path, content, length, digest } of add) {
    if (withContent !== (content !== undefined)) throw badDraft(path, withContent ? "its content is missing" : "a director's repository holds no content");
    if (content && (content.length !== length || digestOf(content) !== digest)) throw badDraft(path, "its content is not what its digest says");
  }
  for (let at = 0; at < add.length; at += batch) {
    const files = add.slice(at, at + batch).flatMap((target) => (target.content ? [[`public/${targetFilePath(target)}`, target.content] as const] : []));
    await blobs.write(new Map(files));
    progress?.(Math.min(at + batch, add.length), add.length);
  }
}

async function writeMetadata(blobs: BlobStore, files: ReadonlyMap<string, Uint8Array>, siblings: PublicationDraft["siblings"]): Promise<void> {
  const all = new Map(files);
  if (siblings) {
    await Promise.all([...files].map(async ([name, octets]) => {
      for (const [suffix, form] of await siblings(octets)) all.set(`${name}${suffix}`, form);
    }));
  }
  await blobs.write(all);
}
