import { type AuditEntry, type AuditHeader, auditHeader, auditLine } from "../api/contract.ts";
import { AuditError } from "./audit-error.ts";
import { type ChainState, checkBatch, startOfChain, type SignatureCheck, type Trust, trustIn } from "./chain.ts";

/** Entries of one seal at most: what a file may make its reader keep. */
const ENTRIES_OF_A_SEAL = 2000;

/** An exported record as far as it has been read. */
export interface ReadRecord {
  readonly header: AuditHeader;
  readonly trust: Trust;
  readonly chain: ChainState;
  /** Entries since the last seal; added to in place. */
  readonly open: AuditEntry[];
}

/**
 * Reads the first line.
 * @param trust whose signatures are taken, or how to check those of the keys that the file names: that takes the file's own word, which shows that it is whole, not whose it is.
 * @throws AuditError `bad-file`
 */
export function openRecord(line: string, trust: Trust | SignatureCheck): ReadRecord {
  const header = auditHeader.safeParse(jsonOf(line, 1));
  if (!header.success) throw badLine(1, "is no header of an exported record of actions");
  return { header: header.data, trust: typeof trust === "function" ? trustIn(header.data.keys, trust) : trust, chain: startOfChain(header.data.organization.id), open: [] };
}

/**
 * Takes the next line; `number` counts from 1.
 * @throws AuditError `bad-file`, or what `checkBatch` finds.
 */
export function takeLine(record: ReadRecord, line: string, number: number): ReadRecord {
  const parsed = auditLine.safeParse(jsonOf(line, number));
  if (!parsed.success) throw badLine(number, "is neither an entry nor a seal");
  if ("entry" in parsed.data) {
    if (record.open.length === ENTRIES_OF_A_SEAL) throw badLine(number, `is one entry too many: a seal is over ${ENTRIES_OF_A_SEAL} at most`);
    record.open.push(parsed.data.entry);
    return record;
  }
  return { ...record, chain: checkBatch(record.chain, { entries: record.open, seal: parsed.data.seal }, record.trust), open: [] };
}

/** The chain of a record that has been read to its end. @throws AuditError `entry-unchained` where entries follow that no seal holds. */
export function closeRecord({ chain, open }: ReadRecord): ChainState {
  const [first] = open;
  if (first) {
    const position = chain.entries + 1;
    throw new AuditError("peer-data", "entry-unchained", `The file ends with ${open.length} entries that no seal holds, from position ${position} (${first.id}, ${first.verb}).`, { position, entry: first.id });
  }
  return chain;
}

function jsonOf(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw badLine(number, "is no JSON");
  }
}

function badLine(number: number, what: string): AuditError {
  return new AuditError("peer-data", "bad-file", `Line ${number} ${what}.`, { line: number });
}
