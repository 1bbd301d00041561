import { isPlainText } from "@metersmith/base/plain-text";
import { z } from "zod";

const plainText = (longest: number) => z.string().max(longest).refine(isPlainText, "text without control characters");
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** One action on one thing, as it was put on record (docs/reference/audit.md). Every member is under the entry's digest. */
export const auditEntry = z.strictObject({
  id: z.uuid(),
  /** Of which organization's record it is. */
  organization: z.uuid(),
  /** Whole milliseconds, by the database's clock. */
  at: z.iso.datetime({ precision: 3 }),
  actor: z.strictObject({
    /** `site` is the site's own work: its jobs and its start. */
    kind: z.enum(["person", "machine", "site"]),
    id: z.string(),
    /** The account's name at that time. */
    name: z.string(),
    roles: z.array(z.string()),
  }),
  /** Network address that the request came from, as the site's socket saw it. */
  address: z.string().nullable(),
  /** Id of the sign-in session. */
  session: z.string().nullable(),
  /** `resource.verb`. */
  verb: z.string(),
  object: z.strictObject({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
  /** Of the content that was acted on. */
  digest: digest.nullable(),
  /** In the words of who acted. */
  reason: z.string().nullable(),
  facts: z.record(z.string(), z.string()),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** The signed word on a run of entries of one organization; each names the digest of the one before. */
export const auditSeal = z.strictObject({
  organization: z.uuid(),
  /** From 1, without gaps. */
  number: z.number().int().min(1),
  /** Position of its first entry in the organization's record, from 1, without gaps. */
  first: z.number().int().min(1),
  entries: z.number().int().min(1),
  /** Root of the hash tree over the entries' digests. */
  root: digest,
  /** Digest of the seal before, null for the first. */
  previous: digest.nullable(),
  at: z.iso.datetime({ precision: 3 }),
  /** Id of the key that signed: the first 16 hexadecimal digits of SHA-256 over the public key. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
  /** Ed25519, 64 octets, hexadecimal. */
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});
export type AuditSeal = z.infer<typeof auditSeal>;

/** A key that seals are checked with. */
export const auditKey = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** Ed25519, 32 octets, hexadecimal. */
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditKey = z.infer<typeof auditKey>;

export const AUDIT_FORMAT = "metersmith-audit/1";

/** The first line of an exported record. */
export const auditHeader = z.strictObject({
  format: z.literal(AUDIT_FORMAT),
  site: z.string(),
  organization: z.strictObject({ id: z.uuid(), name: z.string() }),
  keys: z.array(auditKey),
});
export type AuditHeader = z.infer<typeof auditHeader>;

/** Any other line: the entries of a seal in their order, then the seal. */
export const auditLine = z.union([z.strictObject({ entry: auditEntry }), z.strictObject({ seal: auditSeal })]);

/** An entry in a list; `seal` is the number of the seal that holds it, null while it waits for one. */
export const listedEntry = auditEntry.extend({ seal: z.number().int().nullable() });
export type ListedEntry = z.infer<typeof listedEntry>;

/** What a list of entries can be narrowed by; all that are given have to hold. */
export const auditFilter = z.object({
  /** The account: its id, or its name at that time. */
  who: plainText(320).optional(),
  /** `resource.verb`, or a resource alone. */
  verb: plainText(100).optional(),
  /** What was acted on: its id, its name, or its kind. */
  object: plainText(320).optional(),
  /** From this time on. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Before this time. */
  to: z.iso.datetime({ offset: true }).optional(),
});
export type AuditFilter = z.infer<typeof auditFilter>;
