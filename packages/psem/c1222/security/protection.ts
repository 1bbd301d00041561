import { aesBlockLength } from "@metersmith/base/aes128";
import { concatBytes } from "@metersmith/base/bytes";
import type { EpochMillis } from "@metersmith/base/clock";
import { PsemError } from "../../psem-error.ts";
import { authenticationValue } from "../apdu/authentication-value.ts";
import type { ApduHeader } from "../apdu/apdu.ts";
import type { DecodedApdu } from "../apdu/decode-apdu.ts";
import { encodeApdu, userInformationStart } from "../apdu/encode-apdu.ts";
import { badApdu } from "../ber/ber-reader.ts";
import { decodeControl, decodePayload, encodeControl, encodePayload, type EpsemControl, type EpsemPayload, type SecurityMode } from "../epsem/epsem.ts";
import { canonicalHeader } from "./canonical-header.ts";
import { macLength } from "./eax-prime.ts";
import type { KeyRing } from "./key-ring.ts";

/** Which key a message was or is to be protected with, and its vector. */
export interface KeyUse {
  readonly keyId: number;
  /** Four octets; by custom the seconds since 1970, most significant first. */
  readonly iv: Uint8Array;
}

/** What both directions need to know. */
export interface Protecting {
  readonly keys: KeyRing | undefined;
  /** Content octets of the identifier that relative titles add to. */
  readonly base: Uint8Array;
  readonly now: EpochMillis;
}

export interface Outgoing {
  readonly header: ApduHeader;
  readonly control: EpsemControl;
  readonly payload: EpsemPayload;
  /** Needed in modes 1 and 2; the element that names it is written by this function. */
  readonly use?: KeyUse | undefined;
}

/** A whole message, protected as its control says. Throws `unknown-key` where that key is not held. */
export function sealApdu({ header, control, payload, use }: Outgoing, { keys, base, now }: Protecting): Uint8Array {
  const octet = encodeControl({ ...control, edClassIncluded: payload.edClass !== undefined });
  const clear = encodePayload(payload);
  if (control.mode === 0) return encodeApdu({ ...header, content: concatBytes(Uint8Array.of(octet), clear) });
  const eax = use && keys?.find(use.keyId, now);
  if (!use || !eax) throw unknownKey(use?.keyId ?? 0);
  const marked: ApduHeader = { ...header, authentication: authenticationValue(use.keyId, use.iv) };
  const start = userInformationStart(undefined, 1 + clear.length + macLength);
  const canonical = canonicalHeader({ header: marked, userInformationStart: start, control: octet, base, ...use });
  const parts = control.mode === 1
    ? [clear, eax.authenticate(concatBytes(canonical, clear))]
    : Object.values(eax.seal(canonical, clear));
  return encodeApdu({ ...marked, content: concatBytes(Uint8Array.of(octet), ...parts) });
}

export interface Opened {
  readonly control: EpsemControl;
  readonly payload: EpsemPayload;
  /** Absent in clear messages. */
  readonly use?: KeyUse;
}

/**
 * Verifies and opens a message. `association`: key and vector of the session that it belongs to, for messages that name none themselves.
 * Throws `bad-apdu`, `unknown-key`, and `not-authentic` where its code is not right or it is protected less than `least`.
 */
export function openApdu(decoded: DecodedApdu, protecting: Protecting, least: SecurityMode = 0, association?: KeyUse): Opened {
  const { apdu } = decoded;
  const octet = apdu.content[0] ?? 0;
  const control = decodeControl(octet);
  const { mode } = control;
  if (mode < least) throw new PsemError("not-authentic", `A message in security mode ${mode} arrived; at least mode ${least} is agreed.`, { expected: least, actual: mode });
  if (mode === 0) return { control, payload: decodePayload(apdu.content.subarray(1), control.edClassIncluded) };
  if (apdu.content.length < 1 + macLength) throw badApdu("no room for its authentication code", 0);
  const iv = apdu.authentication?.iv ?? association?.iv;
  if (!iv) throw new PsemError("not-authentic", "A protected message names no key and vector, and no session of this sender is open.");
  const use: KeyUse = { keyId: apdu.authentication?.keyId ?? association?.keyId ?? 0, iv };
  const eax = protecting.keys?.find(use.keyId, protecting.now);
  if (!eax) throw unknownKey(use.keyId);
  const body = apdu.content.subarray(1, -macLength);
  const mac = apdu.content.subarray(-macLength);
  const canonical = canonicalHeader({ header: apdu, userInformationStart: decoded.userInformationStart, control: octet, base: protecting.base, ...use });
  if (canonical.length <= aesBlockLength) throw badApdu("too little in front of its payload to be protected safely", 0);
  const clear = mode === 1 ? (eax.verify(concatBytes(canonical, body), mac) ? body : undefined) : eax.open(canonical, body, mac);
  if (!clear) throw new PsemError("not-authentic", `The code of a message under key ${use.keyId} is wrong: it was changed on the way, or made under another key.`, { key: use.keyId });
  return { control, payload: decodePayload(clear, control.edClassIncluded), use };
}

function unknownKey(keyId: number): PsemError {
  return new PsemError("unknown-key", `Key ${keyId} is not held at this end, or has expired. Check the key numbers of both ends.`, { key: keyId });
}
