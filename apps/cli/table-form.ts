import { extname } from "node:path";
import { fromHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";

/** What a file of tables is: `hex` octets as hexadecimal digits, `bin` octets as they are, `json` canonical JSON, `edl` an EDL document. */
export const tableForms = ["hex", "bin", "json", "edl"] as const;
export type TableForm = (typeof tableForms)[number];

const byName: ReadonlyMap<string, TableForm> = new Map([[".hex", "hex"], [".bin", "bin"], [".json", "json"], [".edl", "edl"], [".xml", "edl"]]);

/**
 * The form that is asked for, or the one that the file's name says. Its content is not asked: octets may look like digits, and digits like octets.
 * @throws Failure where neither says it.
 */
export function formOfFile(file: string, asked?: TableForm): TableForm {
  const form = asked ?? byName.get(extname(file).toLowerCase());
  if (form === undefined) throw new Failure("misuse", "form", `${file}: a name ending in ${[...byName.keys()].join(", ")} says what is in it; for this one say --as ${tableForms.join(", --as ")}`, { file });
  return form;
}

/** @throws Failure where the form is not one of octets, or the digits are none. */
export function octetsOf(content: Buffer, form: TableForm, file: string): Uint8Array {
  if (form === "bin") return new Uint8Array(content);
  if (form !== "hex") throw new Failure("misuse", "form", `${file}: octets are needed, hexadecimal (.hex) or as they are (.bin), not ${form === "edl" ? "an EDL document" : "JSON"}`, { file });
  const digits = content.toString("latin1").replace(/\s+/g, "");
  const wrong = /[^0-9a-fA-F]/.exec(digits);
  if (wrong) throw new Failure("input", "hex", `${file}: “${wrong[0]}” after ${wrong.index} digits is no hexadecimal digit; a binary file is named .bin or read with --as bin`, { file });
  if (digits.length % 2 === 1) throw new Failure("input", "hex", `${file}: an odd number of hexadecimal digits`, { file });
  return fromHex(digits);
}

/** Text in UTF-8, with or without a byte order mark. @throws Failure where the octets are none: a character put in their place would become a value. */
export function utf8Of(content: Buffer, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    throw new Failure("input", "text", `${file}: it is not text in UTF-8`, { file }, cause);
  }
}
