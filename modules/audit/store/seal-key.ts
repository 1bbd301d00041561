import { randomBytes } from "node:crypto";
import { toHex } from "@metersmith/base/bytes";
import { keyIdOf, publicKeyOf, secretKeyLength, sign } from "@metersmith/base/ed25519";
import type { SealedPlace, Sealing } from "@metersmith/node/sealing";
import { type Kysely, sql, type Transaction } from "kysely";
import { sealOctets } from "../rules/digests.ts";
import { forAudit } from "./record.ts";
import type { SealSigner } from "./sealing.ts";
import type { AuditTables } from "./tables.ts";

const place = (id: string): SealedPlace => ({ purpose: "audit seal key", of: id });
/** "MSAUDKEY" in ASCII: of two processes that start at once, one makes the key. */
const MAKING = "5571868998461244761";

export interface MadeKey {
  readonly signer: SealSigner;
  readonly publicKey: string;
  /** Whether it was made now. */
  readonly made: boolean;
}

/** The key that this site seals with, made at its first start; its secret half is in the database, sealed. */
export async function ensureSealKey(tx: Kysely<AuditTables>, sealing: Sealing): Promise<MadeKey> {
  await forAudit(tx);
  await sql`select pg_advisory_xact_lock(${MAKING}::bigint)`.execute(tx);
  const known = await tx.selectFrom("audit_key").select(["id", "public_key", "sealed_secret"]).orderBy("made_at", "desc").limit(1).executeTakeFirst();
  if (known) {
    const secret = sealing.open(known.sealed_secret, place(known.id));
    return { signer: signerOf(known.id, secret), publicKey: known.public_key, made: false };
  }
  const secret = randomBytes(secretKeyLength);
  const publicKey = publicKeyOf(secret);
  const id = toHex(keyIdOf(publicKey));
  await tx.insertInto("audit_key").values({ id, public_key: toHex(publicKey), sealed_secret: sealing.seal(secret, place(id)) }).execute();
  return { signer: signerOf(id, secret), publicKey: toHex(publicKey), made: true };
}

const signerOf = (key: string, secret: Uint8Array): SealSigner => ({ key, sign: (body) => toHex(sign(sealOctets(body), secret)) });

/** Seals the keys anew that are sealed with an earlier key; gives how many. */
export async function resealKeys(db: Transaction<unknown>, sealing: Sealing): Promise<number> {
  const tx = db as Transaction<AuditTables>;
  await forAudit(tx);
  const rows = await tx.selectFrom("audit_key").select(["id", "sealed_secret"]).where("sealed_secret", "not like", `${sealing.current}%`).execute();
  for (const { id, sealed_secret } of rows) {
    await tx.updateTable("audit_key").set({ sealed_secret: sealing.seal(sealing.open(sealed_secret, place(id)), place(id)) }).where("id", "=", id).execute();
  }
  return rows.length;
}
