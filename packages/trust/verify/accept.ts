import { digestOf } from "@metersmith/base/digest";
import type { EpochSeconds } from "../metadata/common-fields.ts";
import { largest } from "../metadata/largest.ts";
import type { KeyRing, RoleKeys } from "../metadata/role-keys.ts";
import { readRoot, type Root } from "../metadata/root.ts";
import { decodeSignedFile } from "../metadata/signed-file.ts";
import { readSnapshot, readTimestamp, type Snapshot, type Timestamp } from "../metadata/snapshot.ts";
import { readTargets, type Targets } from "../metadata/targets.ts";
import { refused } from "../trust-error.ts";
import { checkThreshold } from "./threshold.ts";

/** A root that was handed over by a way that is trusted: it must only be whole, signed by itself. An old one will do: newer ones follow from it. */
export function firstRoot(octets: Uint8Array): Root {
  const file = decodeSignedFile(octets, "root.json", largest.root);
  const root = readRoot(file.signed, "root.json");
  checkThreshold(file, root.keys, root.roles.root, "root.json");
  return root;
}

/** The root after the trusted one: the next version, signed by enough keys of the old and of the new (specification 5.3). */
export function nextRoot(trusted: Root, octets: Uint8Array): Root {
  const place = `${trusted.version + 1}.root.json`;
  const file = decodeSignedFile(octets, place, largest.root);
  const root = readRoot(file.signed, place);
  checkThreshold(file, trusted.keys, trusted.roles.root, `${place}, by the root before it`);
  checkThreshold(file, root.keys, root.roles.root, place);
  if (root.version !== trusted.version + 1) throw refused("rolled-back", place, `it has version ${root.version}; ${trusted.version + 1} follows`);
  return root;
}

/** A timestamp, against the one trusted before (5.4). Not whether its time is over: see `checkFresh`. One of the same version is the old one. */
export function acceptTimestamp(root: Root, octets: Uint8Array, before: Timestamp | undefined): Timestamp {
  const place = "timestamp.json";
  const file = decodeSignedFile(octets, place, largest.timestamp);
  checkThreshold(file, root.keys, root.roles.timestamp, place);
  const timestamp = readTimestamp(file.signed, place);
  if (!before) return timestamp;
  if (timestamp.version < before.version) throw refused("rolled-back", place, `version ${timestamp.version} after ${before.version}`);
  if (timestamp.version === before.version) return before;
  if (timestamp.snapshot.version < before.snapshot.version) throw refused("rolled-back", place, `it names snapshot ${timestamp.snapshot.version} after ${before.snapshot.version}`);
  return timestamp;
}

/** The snapshot that the timestamp names, to the octet, against the one trusted before (5.5): no role of it may vanish or become older. */
export function acceptSnapshot(root: Root, octets: Uint8Array, { snapshot: named }: Timestamp, before: Snapshot | undefined): Snapshot {
  const place = `${named.version}.snapshot.json`;
  if (octets.length !== named.length || digestOf(octets) !== named.digest) throw refused("not-consistent", place, "not the snapshot that the timestamp names");
  const file = decodeSignedFile(octets, place, largest.snapshot);
  checkThreshold(file, root.keys, root.roles.snapshot, place);
  const snapshot = readSnapshot(file.signed, place);
  if (snapshot.version !== named.version) throw refused("not-consistent", place, `it has version ${snapshot.version}; the timestamp names ${named.version}`);
  for (const [role, version] of before?.versions ?? []) {
    const now = snapshot.versions.get(role);
    if (now === undefined) throw refused("rolled-back", place, `${role} is no longer there`);
    if (now < version) throw refused("rolled-back", place, `${role} has version ${now} after ${version}`);
  }
  return snapshot;
}

/** Who hands a say over: the keys of its ring that speak for the role. */
export interface Delegator {
  readonly keys: KeyRing;
  readonly role: RoleKeys;
}

/** A targets role in the version that the snapshot names (5.6). */
export function acceptTargets(octets: Uint8Array, name: string, { keys, role }: Delegator, snapshot: Snapshot): Targets {
  const named = snapshot.versions.get(name);
  if (named === undefined) throw refused("not-consistent", `${name}.json`, "the snapshot does not name it");
  const place = `${named}.${name}.json`;
  const file = decodeSignedFile(octets, place, largest.targets);
  checkThreshold(file, keys, role, place);
  const targets = readTargets(file.signed, place);
  if (targets.version !== named) throw refused("not-consistent", place, `it has version ${targets.version}; the snapshot names ${named}`);
  return targets;
}

/** Throws `expired`. What keeps a client from being shown an old state for ever. */
export function checkFresh({ expires }: { readonly expires: EpochSeconds }, now: EpochSeconds, place: string): void {
  if (now >= expires) throw refused("expired", place, `its time was over ${now - expires} s ago`);
}
