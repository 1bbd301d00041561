import type { Clock } from "@metersmith/base/clock";
import { digestOf } from "@metersmith/base/digest";
import type { EpochSeconds } from "../metadata/common-fields.ts";
import { largest } from "../metadata/largest.ts";
import type { Root } from "../metadata/root.ts";
import type { Snapshot, Timestamp } from "../metadata/snapshot.ts";
import type { TargetFile } from "../metadata/targets.ts";
import { refused } from "../trust-error.ts";
import { acceptSnapshot, acceptTimestamp, checkFresh, nextRoot } from "../verify/accept.ts";
import { atOnce } from "./at-once.ts";
import { fetchTarget } from "./fetch-target.ts";
import { gatherChanges } from "./gather-changes.ts";
import { readWhole, usualPace, type Pace, type Reading } from "./paced-reading.ts";
import type { Remote } from "./remote.ts";
import type { TrustedStore } from "./trusted-store.ts";

export interface SyncOptions {
  readonly remote: Remote;
  readonly store: TrustedStore;
  readonly clock: Clock;
  /** Which delegations are followed; all where it is absent. What others say is neither fetched nor a reason to fail. */
  readonly follows?: (role: string) => boolean;
  /** Lets a delegation lose all that it had. A person decides this. */
  readonly mayEmpty?: boolean;
  /** False: metadata alone, of a director that holds no content. */
  readonly withContent?: boolean;
  /** For bundles: a timestamp whose time is over is taken, if its snapshot's is not. The offline rule then says what the content may be used for. */
  readonly fromBundle?: boolean;
  readonly pace?: Pace;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
}

export interface SyncOutcome {
  /** `same`: the state was here already. */
  readonly state: "updated" | "same";
  readonly snapshot: number;
  readonly added: readonly TargetFile[];
  readonly removed: readonly string[];
}

const mostRoots = 1024;
const connections = 8;

/**
 * Brings the store to the newest state of a repository, by the client workflow of The Update Framework 1.0.31 (section 5), for all targets at once and by
 * differences: only roles whose version changed and content that is not here are fetched. Cut anywhere, the store shows the state before or after; what had
 * come is not fetched again. Throws `TrustError` for whatever is not to be taken, and what the link throws.
 */
export async function synchronize(options: SyncOptions): Promise<SyncOutcome> {
  const { store, clock, follows = () => true, mayEmpty = false, fromBundle = false, withContent = true } = options;
  const reading: Reading = { remote: options.remote, clock, pace: options.pace ?? usualPace, signal: options.signal ?? new AbortController().signal };
  // One time for the whole: a clock that moves meanwhile decides nothing.
  const now = Math.floor(clock.now() / 1000);
  const last = await store.lastSuccess();
  if (last !== undefined && now < last) throw refused("clock", "clock", `it is ${last - now} s before the last synchronization, so nobody knows what has expired`);

  const root = await newestRoot(store, reading, now);
  const newest = await newestTimestamp(store, reading, root, now, fromBundle);
  const { timestamp } = newest;
  const current = await store.current();
  if (current && current.timestamp.version === timestamp.version && current.timestamp.snapshot.digest === timestamp.snapshot.digest) {
    await store.succeeded(now);
    return { state: "same", snapshot: timestamp.snapshot.version, added: [], removed: [] };
  }
  const snapshot = await newestSnapshot(store, reading, root, timestamp, now);
  const changes = await gatherChanges({ store, reading, root, snapshot, current, now, follows, mayEmpty });
  if (withContent) await fetchContent(changes.added, store, reading, options.progress);
  await store.commit(newest.octets, now);
  await store.blobs.remove(changes.obsolete);
  return { state: "updated", snapshot: snapshot.version, added: changes.added, removed: changes.removed };
}

/** 5.3: one root after another; each is kept as soon as it is trusted. */
async function newestRoot(store: TrustedStore, reading: Reading, now: EpochSeconds): Promise<Root> {
  let root = await store.root();
  for (let count = 0; count < mostRoots; count++) {
    const octets = await readWhole(reading, `metadata/${root.version + 1}.root.json`, largest.root);
    if (!octets) break;
    root = nextRoot(root, octets);
    await store.putRoot(octets);
  }
  checkFresh(root, now, "root.json");
  return root;
}

/** 5.4. Kept as soon as it is trusted, so that nothing older is taken even where its content never arrives. */
async function newestTimestamp(store: TrustedStore, reading: Reading, root: Root, now: EpochSeconds, fromBundle: boolean): Promise<{ timestamp: Timestamp; octets: Uint8Array }> {
  const octets = await readWhole(reading, "metadata/timestamp.json", largest.timestamp);
  if (!octets) throw refused("absent", "timestamp.json", "the repository has none");
  const { timestamp: before } = await store.newest(root);
  const timestamp = acceptTimestamp(root, octets, before?.timestamp);
  if (!fromBundle) checkFresh(timestamp, now, "timestamp.json");
  if (timestamp === before?.timestamp) return before;
  await store.putNewest(root, octets);
  return { timestamp, octets };
}

/** 5.5. One that is here already, to the octet, is not fetched again. */
async function newestSnapshot(store: TrustedStore, reading: Reading, root: Root, timestamp: Timestamp, now: EpochSeconds): Promise<Snapshot> {
  const { version, length, digest } = timestamp.snapshot;
  const kept = await store.readRole(version, "snapshot");
  const octets = kept && digestOf(kept) === digest ? kept : await readWhole(reading, `metadata/${version}.snapshot.json`, Math.min(length, largest.snapshot));
  if (!octets) throw refused("absent", `${version}.snapshot.json`, "the timestamp names it, and the repository has none");
  const { snapshot: before } = await store.newest(root);
  const snapshot = acceptSnapshot(root, octets, timestamp, before);
  checkFresh(snapshot, now, `${version}.snapshot.json`);
  await store.putRole(version, "snapshot", octets);
  await store.putNewestSnapshot(root, octets);
  return snapshot;
}

async function fetchContent(targets: readonly TargetFile[], store: TrustedStore, reading: Reading, progress: SyncOptions["progress"]): Promise<void> {
  // Two paths may have one content: it is fetched once.
  const wanted = [...new Map(targets.map((target) => [target.digest, target])).values()];
  let done = 0;
  await atOnce(wanted, connections, async (target) => {
    if (!(await store.hasTarget(target.digest))) await fetchTarget(store, target, reading);
    progress?.(++done, wanted.length);
  });
}
