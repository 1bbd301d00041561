import type { BlobStore } from "@metersmith/base/blob-store";
import { decodeJson, encodeJson } from "../metadata/canonical-json.ts";
import { Fields } from "../metadata/fields.ts";
import { badDraft, TrustError } from "../trust-error.ts";

const name = "settings.json";
const format = "metersmith-repository-1";

/** For how many days metadata are signed. */
export interface Lifetimes {
  readonly root: number;
  /** The repository's targets role and the delegated roles: offline keys. */
  readonly roles: number;
  readonly bins: number;
  readonly snapshot: number;
  readonly timestamp: number;
}

/** The days that a repository begins with: for bins a half-year, so that they are rarely signed anew; for the rest see docs/reference/repository.md. */
export const usualLifetimes: Lifetimes = { root: 365, roles: 365, bins: 180, snapshot: 35, timestamp: 2 };

/** `images` holds content; `director` only says which content is meant for which meters. */
export type RepositoryKind = "images" | "director";

export interface Settings {
  readonly kind: RepositoryKind;
  readonly days: Lifetimes;
}

const mostDays = 3660;

export async function writeSettings(blobs: BlobStore, { kind, days }: Settings): Promise<void> {
  for (const [role, count] of Object.entries(days)) {
    if (!Number.isSafeInteger(count) || count < 1 || count > mostDays) throw badDraft(role, `its days are whole, from 1 to ${mostDays}`);
  }
  await blobs.write(new Map([[name, encodeJson({ format, kind, days: { ...days } })]]));
}

/** @throws TrustError `absent` where there is no repository */
export async function readSettings(blobs: BlobStore): Promise<Settings> {
  const octets = await blobs.read(name);
  if (!octets) throw new TrustError("input", "absent", "There is no repository here: begin with init.", { place: name });
  const fields = Fields.of(decodeJson(octets, name), name);
  fields.text("format", new RegExp(`^${format}$`));
  const days = fields.object("days");
  const of = (role: keyof Lifetimes): number => days.whole(role, 1);
  return {
    kind: fields.text("kind", /^(images|director)$/) as RepositoryKind,
    days: { root: of("root"), roles: of("roles"), bins: of("bins"), snapshot: of("snapshot"), timestamp: of("timestamp") },
  };
}
