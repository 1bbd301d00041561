import { PsemError } from "../psem-error.ts";

/** What a device says it can do beyond the base of its standard. Source of tags: docs/reference/c1218.md 7. */
export type Feature =
  /** Tags 01 and 02, C12.21. `algorithm` 0 is DES; `ticket` is present under tag 02. */
  | { readonly kind: "authentication"; readonly type: number; readonly algorithm: number; readonly ticket?: Uint8Array }
  /** Tag 04. `oid` is the universal identifier's content octets. */
  | { readonly kind: "security-mechanism"; readonly oid: Uint8Array }
  /** Tag 05. */
  | { readonly kind: "sessions"; readonly count: number; readonly sessionless: boolean }
  /** Tag 06. `oid` holds content octets; `relative` where it is relative to the standard's device class root. */
  | { readonly kind: "device-class"; readonly oid: Uint8Array; readonly relative: boolean }
  /** Tag 07. */
  | { readonly kind: "device-identity"; readonly charFormat: number; readonly identification: Uint8Array }
  /** A tag that no source of ours describes: its length is unknown, so it holds all that follows. */
  | { readonly kind: "unknown"; readonly tag: number; readonly rest: Uint8Array };

/** The answer to the Identification service. */
export interface Identification {
  /** 0 C12.18, 2 C12.21, 3 C12.22 (1 is reserved). */
  readonly standard: number;
  readonly version: number;
  readonly revision: number;
  readonly features: readonly Feature[];
}

const oidTag = 0x06;
const relativeTags: ReadonlySet<number> = new Set([0x80, 0x0d]);

/** The octets after the response code: standard, version, revision, features, end of list (00). */
export function encodeIdentification(identification: Identification): Uint8Array {
  const out = [identification.standard, identification.version, identification.revision];
  let ended = false;
  for (const feature of identification.features) {
    switch (feature.kind) {
      case "authentication":
        out.push(feature.ticket ? 0x02 : 0x01, feature.type, feature.algorithm);
        if (feature.ticket) out.push(feature.ticket.length, ...feature.ticket);
        break;
      case "security-mechanism":
        out.push(0x04, oidTag, feature.oid.length, ...feature.oid);
        break;
      case "sessions":
        out.push(0x05, (feature.count & 0x7f) | (feature.sessionless ? 0x80 : 0));
        break;
      case "device-class":
        out.push(0x06, feature.relative ? 0x80 : oidTag, feature.oid.length, ...feature.oid);
        break;
      case "device-identity":
        out.push(0x07, feature.identification.length + 1, feature.charFormat, ...feature.identification);
        break;
      case "unknown":
        out.push(feature.tag, ...feature.rest);
        ended = true;
        break;
    }
    if (ended) break;
  }
  if (!ended) out.push(0x00);
  return Uint8Array.from(out);
}

/** Reads the octets after the response code. Throws `bad-response` where they end too early or go on after the end of the list. */
export function decodeIdentification(bytes: Uint8Array): Identification {
  let at = 0;
  const octet = (): number => {
    const value = bytes[at];
    if (value === undefined) throw broken("ends too early", at);
    at += 1;
    return value;
  };
  const octets = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw broken("ends too early", at);
    at += count;
    return bytes.slice(at - count, at);
  };
  const standard = octet();
  const version = octet();
  const revision = octet();
  const features: Feature[] = [];
  for (let tag = octet(); tag !== 0x00; tag = octet()) {
    if (tag === 0x01) features.push({ kind: "authentication", type: octet(), algorithm: octet() });
    else if (tag === 0x02) features.push({ kind: "authentication", type: octet(), algorithm: octet(), ticket: octets(octet()) });
    else if (tag === 0x04) features.push({ kind: "security-mechanism", oid: universalId().oid });
    else if (tag === 0x05) features.push(sessions(octet()));
    else if (tag === 0x06) features.push({ kind: "device-class", ...universalId() });
    else if (tag === 0x07) features.push(identity(octets(octet())));
    else {
      features.push({ kind: "unknown", tag, rest: bytes.slice(at) });
      return { standard, version, revision, features };
    }
  }
  if (at !== bytes.length) throw broken(`has ${bytes.length - at} bytes after the end of its feature list`, at);
  return { standard, version, revision, features };

  function universalId(): { oid: Uint8Array; relative: boolean } {
    const tag = octet();
    const relative = relativeTags.has(tag);
    if (!relative && tag !== oidTag) throw broken(`has tag ${tag} where an object identifier begins (06, 80 or 0D)`, at - 1);
    return { oid: octets(octet()), relative };
  }
  function sessions(value: number): Feature {
    return { kind: "sessions", count: value & 0x7f, sessionless: (value & 0x80) !== 0 };
  }
  function identity(body: Uint8Array): Feature {
    const charFormat = body[0];
    if (charFormat === undefined) throw broken("has an empty device identity", at);
    return { kind: "device-identity", charFormat, identification: body.slice(1) };
  }
}

function broken(what: string, offset: number): PsemError {
  return new PsemError("bad-response", `The meter's identification ${what} (at byte ${offset}).`, { service: "identify", offset });
}
