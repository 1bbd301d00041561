import type { BlobStore } from "@metersmith/base/blob-store";
import type { EpochSeconds } from "../metadata/common-fields.ts";
import { binNames } from "../metadata/target-path.ts";
import { missingSignatures, withoutPublished } from "./complete-staged.ts";
import { delegatedRoles, readPublished, readRole } from "./published-state.ts";
import { readSettings, type RepositoryKind } from "./settings.ts";
import { readStaged } from "./staged.ts";

export type Urgency = "expired" | "soon" | "fine";

export interface RoleHealth {
  readonly role: string;
  readonly version: number;
  readonly expires: EpochSeconds;
  readonly urgency: Urgency;
  readonly threshold: number;
  readonly keyIds: readonly string[];
  /** Of bins: how many, and how many targets they list. */
  readonly bins?: number;
  readonly targets?: number;
}

export interface RepositoryHealth {
  readonly kind: RepositoryKind;
  readonly roles: readonly RoleHealth[];
  /** Staged files that wait, and for which keys. */
  readonly waiting: readonly string[];
  readonly staged: readonly string[];
}

const day = 86_400;

/** When it is time to sign again: at a third of the role's life, and never later than two weeks before its end where that life is longer. */
function urgencyOf(expires: EpochSeconds, now: EpochSeconds, days: number): Urgency {
  if (now >= expires) return "expired";
  return expires - now < Math.max((days * day) / 3, Math.min(14 * day, days * day * 0.5)) ? "soon" : "fine";
}

/** What there is, who speaks, and what expires: each role's, and of a delegation's bins the first that does. */
export async function repositoryHealth(blobs: BlobStore, now: EpochSeconds): Promise<RepositoryHealth> {
  const { kind, days } = await readSettings(blobs);
  const published = await readPublished(blobs);
  const staged = withoutPublished(await readStaged(blobs), published);
  const roles: RoleHealth[] = [];
  if (published?.timestamp && published.snapshot && published.top) {
    const { root, timestamp, snapshot, top } = published;
    const add = (role: keyof typeof root.roles, { version, expires }: { version: number; expires: EpochSeconds }, life: number): void => void roles.push({ role, version, expires, urgency: urgencyOf(expires, now, life), ...root.roles[role] });
    add("root", root, days.root);
    add("targets", top, days.roles);
    add("snapshot", snapshot, days.snapshot);
    add("timestamp", timestamp, days.timestamp);
    for (const { name, keyIds, threshold } of delegatedRoles(top)) {
      const own = await readRole(blobs, snapshot, name);
      roles.push({ role: name, version: own.version, expires: own.expires, urgency: urgencyOf(own.expires, now, days.roles), keyIds, threshold });
      if (!own.delegations || !("bins" in own.delegations.to)) continue;
      const { bins } = own.delegations.to;
      let [expires, version, targets] = [Number.POSITIVE_INFINITY, 0, 0];
      for (const bin of binNames(bins.prefix, bins.bits)) {
        const listed = await readRole(blobs, snapshot, bin);
        [expires, version, targets] = [Math.min(expires, listed.expires), Math.max(version, listed.version), targets + listed.targets.size];
      }
      roles.push({ role: `${name}-bins`, version, expires, urgency: urgencyOf(expires, now, days.bins), keyIds: bins.keyIds, threshold: bins.threshold, bins: 2 ** bins.bits, targets });
    }
  }
  const names = [...(staged.root ? ["root"] : []), ...staged.roles.keys()];
  return { kind, roles, staged: names, waiting: names.length === 0 ? [] : missingSignatures(staged, published) };
}
