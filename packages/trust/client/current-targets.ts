import type { Bins, DelegatedRole } from "../metadata/delegations.ts";
import type { TargetFile } from "../metadata/targets.ts";
import { binNames } from "../metadata/target-path.ts";
import type { CurrentState, TrustedStore } from "./trusted-store.ts";

/** The delegations of the current state; undefined where it has none. */
export async function currentTop(store: TrustedStore, { snapshot }: CurrentState): Promise<readonly DelegatedRole[] | undefined> {
  const version = snapshot.versions.get("targets");
  const to = version === undefined ? undefined : (await store.role(version, "targets"))?.delegations?.to;
  return to && "roles" in to ? to.roles : undefined;
}

/** The bins of a delegation of the current state; undefined where it is not there or was not followed. */
export async function currentBins(store: TrustedStore, { snapshot }: CurrentState, role: string): Promise<Bins | undefined> {
  const version = snapshot.versions.get(role);
  const to = version === undefined ? undefined : (await store.role(version, role))?.delegations?.to;
  return to && "bins" in to ? to.bins : undefined;
}

export function allBins({ prefix, bits }: Bins): readonly string[] {
  return binNames(prefix, bits);
}

/** What these bins of the current state list. */
export async function currentTargets(store: TrustedStore, { snapshot }: CurrentState, bins: readonly string[]): Promise<ReadonlyMap<string, TargetFile>> {
  const found = new Map<string, TargetFile>();
  for (const bin of bins) {
    const version = snapshot.versions.get(bin);
    const role = version === undefined ? undefined : await store.role(version, bin);
    for (const [path, target] of role?.targets ?? []) found.set(path, target);
  }
  return found;
}
