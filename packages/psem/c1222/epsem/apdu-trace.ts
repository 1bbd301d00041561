import { PsemError } from "../../psem-error.ts";
import { titleText, type ApTitle } from "../apdu/ap-title.ts";
import { qualifierBit, unsignedOf, type Apdu } from "../apdu/apdu.ts";
import { decodeApdu } from "../apdu/decode-apdu.ts";
import { decodeControl } from "./epsem.ts";

const protections = ["in clear", "authenticated", "encrypted"] as const;

/** A line for a message on the wire, set in below the lines of its services. Its header only: what it carries may hold passwords. */
export function apduTrace(direction: "<" | ">", wire: Uint8Array): string {
  const size = `${wire.length} bytes`;
  try {
    return `  ${direction} message, ${[size, ...headerWords(decodeApdu(wire).apdu)].join(", ")}`;
  } catch (error) {
    if (error instanceof PsemError) return `  ${direction} no message, ${size}`;
    throw error;
  }
}

function headerWords({ called, calling, qualifier = 0, callingInvocation, calledInvocation, authentication, content }: Apdu): readonly string[] {
  const { mode } = decodeControl(content[0] ?? 0);
  const key = mode === 0 ? "" : authentication?.keyId === undefined ? " under the session's key" : ` under key ${authentication.keyId}`;
  return [
    `${protections[mode]}${key}`,
    `from ${nameOf(calling)} to ${nameOf(called)}`,
    ...(callingInvocation ? [`invocation ${unsignedOf(callingInvocation)}`] : []),
    ...(calledInvocation ? [`in answer to ${unsignedOf(calledInvocation)}`] : []),
    ...Object.entries(qualifierBit).flatMap(([name, bit]) => ((qualifier & bit) === 0 ? [] : [name])),
  ];
}

function nameOf(title: ApTitle | undefined): string {
  return title && title.octets.length > 0 ? titleText(title) : "nobody by name";
}
