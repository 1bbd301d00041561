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

/** "> answer: ok, 240 bytes". */
export function responseTrace(direction: "<" | ">", message: Uint8Array): string {
  const code = message[0];
  const name = code === undefined ? "empty" : (responseOf(code)?.mnemonic ?? `unknown code ${code.toString(16).padStart(2, "0")}`);
  return `${direction} answer: ${name}, ${message.length} bytes`;
}
