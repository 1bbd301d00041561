import { PsemError } from "../psem-error.ts";
import { decodeRequest } from "./decode-request.ts";
import { requestWords } from "./request.ts";
import { responseOf } from "./response-code.ts";

/** "< request: read table 54". Never table data, never a password. */
export function requestTrace(direction: "<" | ">", message: Uint8Array): string {
  try {
    return `${direction} request: ${requestWords(decodeRequest(message))}`;
  } catch (error) {
    if (error instanceof PsemError) return `${direction} request: malformed (${error.code}), ${message.length} bytes`;
    throw error;
  }
}

/** "> answer: ok, 240 bytes", "> answer: onp, operation not possible". */
export function responseTrace(direction: "<" | ">", message: Uint8Array): string {
  const code = message[0];
  if (code === undefined) return `${direction} answer: empty`;
  const row = responseOf(code);
  if (!row) return `${direction} answer: unknown code ${code.toString(16).padStart(2, "0")}`;
  if (row.mnemonic !== "ok") return `${direction} answer: ${row.mnemonic}, ${row.meaning}`;
  return `${direction} answer: ok${message.length > 1 ? `, ${message.length - 1} bytes` : ""}`;
}
