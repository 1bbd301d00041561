/** The answer "accepted". */
export type Accepted = "ok";

/** The answers that are not "ok", by the standard's mnemonic. */
export type Refusal =
  | "err" | "sns" | "isc" | "onp" | "iar" | "bsy" | "dnr" | "dlk" | "rno" | "isss" | "sme" | "uat" | "nett" | "netr"
  | "rqtl" | "rstl" | "sgnp" | "sgerr";

export type ResponseCode = Accepted | Refusal;

interface ResponseRow {
  /** First byte of every response. */
  readonly code: number;
  readonly mnemonic: ResponseCode;
  readonly meaning: string;
  /** What a person does about it. */
  readonly advice: string;
}

/** Response codes of C12.18 (00–0A) and C12.22 (0B–12). Source: docs/reference/c1218.md 5 (public parsers of IEEE 1703-2012 and an open SDK agree). */
export const responseCodes: readonly ResponseRow[] = [
  { code: 0x00, mnemonic: "ok", meaning: "accepted", advice: "" },
  { code: 0x01, mnemonic: "err", meaning: "rejected without a reason", advice: "Check the password, and that what was sent is what this meter takes." },
  { code: 0x02, mnemonic: "sns", meaning: "service not supported", advice: "This meter does not offer the service; use another way of access." },
  { code: 0x03, mnemonic: "isc", meaning: "insufficient security clearance", advice: "Log on with a password of a level that may do this." },
  { code: 0x04, mnemonic: "onp", meaning: "operation not possible", advice: "Check that the meter has this table or procedure." },
  { code: 0x05, mnemonic: "iar", meaning: "inappropriate action requested", advice: "Check offset, count and index against the size of the table." },
  { code: 0x06, mnemonic: "bsy", meaning: "device busy", advice: "Wait, then try again." },
  { code: 0x07, mnemonic: "dnr", meaning: "data not ready", advice: "Wait, then try again." },
  { code: 0x08, mnemonic: "dlk", meaning: "data locked", advice: "Another session or a running action holds the data; try again later." },
  { code: 0x09, mnemonic: "rno", meaning: "renegotiation requested", advice: "Terminate, identify and negotiate again." },
  { code: 0x0a, mnemonic: "isss", meaning: "invalid service sequence state", advice: "The session is not where this service is legal: it may have timed out. Identify and log on again." },
  { code: 0x0b, mnemonic: "sme", meaning: "security mechanism error", advice: "Check the key and its number." },
  { code: 0x0c, mnemonic: "uat", meaning: "unknown application title", advice: "Check the address of the called node." },
  { code: 0x0d, mnemonic: "nett", meaning: "network time-out", advice: "The network did not reach the node in time; try again." },
  { code: 0x0e, mnemonic: "netr", meaning: "network not reachable", advice: "Check the network between relay and node." },
  { code: 0x0f, mnemonic: "rqtl", meaning: "request too large", advice: "Send less at a time, or negotiate larger packets." },
  { code: 0x10, mnemonic: "rstl", meaning: "response too large", advice: "Read the table in parts, or negotiate larger packets." },
  { code: 0x11, mnemonic: "sgnp", meaning: "segmentation not possible", advice: "Ask for less at a time." },
  { code: 0x12, mnemonic: "sgerr", meaning: "segmentation error", advice: "Send the message again." },
];

const byCode = new Map(responseCodes.map((row) => [row.code, row]));
const byMnemonic = new Map(responseCodes.map((row) => [row.mnemonic, row]));

/** The row of a response byte, or undefined where no edition known to us defines it. */
export function responseOf(code: number): ResponseRow | undefined {
  return byCode.get(code);
}

export function responseNamed(mnemonic: ResponseCode): ResponseRow {
  const row = byMnemonic.get(mnemonic);
  if (!row) throw new TypeError(`no response code is named ${mnemonic}`);
  return row;
}
