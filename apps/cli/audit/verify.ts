import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { fromHex, toHex } from "@metersmith/base/bytes";
import { isPublicKey, keyIdOf } from "@metersmith/base/ed25519";
import { Failure } from "@metersmith/base/errors";
import { AuditError } from "@metersmith/modules/audit/rules/audit-error.ts";
import type { ChainState, Trust } from "@metersmith/modules/audit/rules/chain.ts";
import { closeRecord, openRecord, type ReadRecord, takeLine } from "@metersmith/modules/audit/rules/exported-record.ts";
import { allReached, holdAgainst, type KnownSeal, knownSealText, readKnownSeal } from "@metersmith/modules/audit/rules/known-seal.ts";
import { checkSignature } from "@metersmith/modules/audit/store/check-signature.ts";
import { verifyDatabase } from "@metersmith/modules/audit/store/verify-record.ts";
import { fileFailure } from "../failure.ts";
import { tell } from "../output.ts";
import type { VerifyOptions } from "./options.ts";
import { onDatabase } from "./site-database.ts";

/** More than the longest line that an export writes; a file may not make us keep more. */
const LONGEST_LINE = 1024 * 1024;

/** One organization's record that was found whole. */
interface Whole {
  readonly organization: { readonly id: string; readonly name: string };
  readonly chain: ChainState;
  readonly waiting: number;
}

export async function verify(file: string | undefined, options: VerifyOptions): Promise<void> {
  const trust = options.publicKey && trustedOf(options.publicKey);
  const known = (options.known ?? []).map(readKnownSeal);
  if (file !== undefined && (options.site ?? options.database) !== undefined) throw new Failure("misuse", "command-line", "Give a file or a database, not both.");
  const whole = file === undefined ? await inDatabase(options, trust, known) : [await inFile(file, trust, known)];
  const records = whole.map(({ organization, chain, waiting }) => ({
    organization, seals: chain.seals, entries: chain.entries, sealedAt: chain.lastAt, waiting, known: knownSealText(chain),
  }));
  tell(options.json, { ok: true, trusted: trust ? "given" : "own word", records }, () => [
    ...records.flatMap(({ organization, seals, entries, sealedAt, waiting, known: seal }) => [
      `${organization.name}: whole, ${entries} entries in ${seals} seals${sealedAt === null ? "" : ` until ${sealedAt}`}${waiting > 0 ? `, ${waiting} wait for theirs` : ""}`,
      ...(seal === null ? [] : [`  keep for the next check: --known ${seal}`]),
    ]),
    ...(trust ? [] : ["Whose it is was taken from the record itself. Give --public-key to be sure of it."]),
  ]);
}

function trustedOf(texts: readonly string[]): Trust {
  const keys = new Map(
    texts.map((text): [string, Uint8Array] => {
      const key = /^[0-9a-f]{64}$/.test(text) ? fromHex(text) : new Uint8Array();
      if (!isPublicKey(key)) throw new AuditError("input", "unknown-key", "A public key is 64 hexadecimal digits of an Ed25519 key; this is none.");
      return [toHex(keyIdOf(key)), key];
    }),
  );
  return { keys, verifies: checkSignature };
}

async function inDatabase(options: VerifyOptions, trust: Trust | undefined, known: readonly KnownSeal[]): Promise<Whole[]> {
  const checked = await onDatabase(options, (db) => verifyDatabase(db, trust, known));
  return checked.map(({ whose, chain, waiting }) => ({ organization: { id: whose.id, name: whose.name }, chain, waiting }));
}

async function inFile(file: string, trust: Trust | undefined, known: readonly KnownSeal[]): Promise<Whole> {
  let record: ReadRecord | undefined;
  let number = 0;
  try {
    for await (const line of createInterface({ input: bounded(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      record = record ? takeLine(record, line, number) : openRecord(line, trust ?? checkSignature);
      holdAgainst(known, record.chain);
    }
  } catch (error) {
    throw fileFailure(error, file);
  }
  if (!record) throw new AuditError("input", "bad-file", `${file} is empty.`, { file });
  const chain = closeRecord(record);
  allReached(known, [chain]);
  return { organization: record.header.organization, chain, waiting: 0 };
}

/** The file, refused once a line does not end. */
function bounded(file: string): NodeJS.ReadableStream {
  const stream = createReadStream(file, "utf8");
  let since = 0;
  stream.on("data", (chunk) => {
    const end = chunk.lastIndexOf("\n");
    since = end < 0 ? since + chunk.length : chunk.length - end;
    if (since > LONGEST_LINE) stream.destroy(new AuditError("peer-data", "bad-file", `A line is longer than ${LONGEST_LINE} characters.`));
  });
  return stream;
}
