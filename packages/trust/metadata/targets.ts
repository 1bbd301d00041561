import type { Digest } from "@metersmith/base/digest";
import { refused } from "../trust-error.ts";
import type { Json } from "./canonical-json.ts";
import { commonJson, readCommon, type Common } from "./common-fields.ts";
import { delegationsJson, readDelegations, type Delegations } from "./delegations.ts";
import { Fields } from "./fields.ts";
import { digestForm } from "./snapshot.ts";
import { targetPathForm } from "./target-path.ts";

const mostTargets = 16_384;
/** Octets of one target: an image at its largest, and a little. */
export const largestTarget = 2 ** 24 + 2 ** 20;

/** A file that is published: its content by digest, and what its publisher says of it. */
export interface TargetFile {
  readonly path: string;
  readonly length: number;
  readonly digest: Digest;
  /** Signed with the rest; its meaning is the reader's. An object where it is there. */
  readonly custom?: Json;
}

export interface Targets extends Common {
  readonly targets: ReadonlyMap<string, TargetFile>;
  readonly delegations?: Delegations;
}

export function readTargets(signed: Json, place: string): Targets {
  const fields = Fields.of(signed, place);
  const targets = new Map<string, TargetFile>();
  for (const [path, target] of fields.objects("targets", mostTargets)) {
    if (!targetPathForm.test(path)) throw refused("bad-metadata", place, `a target's path has the form kind/owner/name, not ${path.slice(0, 100)}`);
    const length = target.whole("length", 0);
    if (length > largestTarget) throw refused("too-large", target.place, `${length} octets; ${largestTarget} at most`);
    const digest: Digest = `sha256:${target.object("hashes").text("sha256", digestForm)}`;
    if (target.has("custom")) Fields.of(target.raw("custom"), `${target.place}: custom`);
    targets.set(path, { path, length, digest, ...(target.has("custom") ? { custom: target.raw("custom") } : {}) });
  }
  const delegations = fields.has("delegations") ? { delegations: readDelegations(fields.object("delegations")) } : {};
  return { ...readCommon(fields, "targets"), targets, ...delegations };
}

export function targetsJson(targets: Targets): Json {
  const listed = [...targets.targets.values()].map(({ path, length, digest, custom }) => {
    const hashes = { sha256: digest.slice("sha256:".length) };
    return [path, custom === undefined ? { length, hashes } : { length, hashes, custom }] as const;
  });
  return {
    ...commonJson("targets", targets),
    targets: Object.fromEntries(listed),
    ...(targets.delegations ? { delegations: delegationsJson(targets.delegations) } : {}),
  };
}
