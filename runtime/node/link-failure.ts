import { Failure } from "@metersmith/base/errors";

export type LinkFailureCode = "not-reachable" | "refused" | "unknown-host" | "connect-timeout" | "port-taken" | "no-permission" | "not-trusted" | "broken";

/** A connection that could not be made, or broke. */
export class LinkFailure extends Failure<LinkFailureCode> {
  constructor(code: LinkFailureCode, message: string, context: Readonly<Record<string, string | number>>, cause?: unknown) {
    super("link", code, message, context, cause);
  }
}

const known: Readonly<Record<string, readonly [LinkFailureCode, string]>> = {
  ECONNREFUSED: ["refused", "nothing listens there. Check the port, and that the other end runs."],
  ENOTFOUND: ["unknown-host", "no host of that name is known. Check the spelling."],
  EAI_AGAIN: ["unknown-host", "the name could not be looked up just now. Check the network."],
  ETIMEDOUT: ["connect-timeout", "it did not answer in time. Check the address and the network."],
  EHOSTUNREACH: ["not-reachable", "no route leads there. Check the address and the network."],
  ENETUNREACH: ["not-reachable", "no route leads there. Check the address and the network."],
  EADDRNOTAVAIL: ["not-reachable", "that address is not available on this machine."],
  EADDRINUSE: ["port-taken", "another program listens on that port. Choose another, or stop that program."],
  EACCES: ["no-permission", "the system does not permit it. Ports below 1024 need a privileged user."],
  ECONNRESET: ["broken", "the other end broke the connection."],
  EPIPE: ["broken", "the other end broke the connection."],
  CERT_HAS_EXPIRED: ["not-trusted", "its certificate has expired."],
  CERT_NOT_YET_VALID: ["not-trusted", "its certificate is not valid yet. Check this machine's clock."],
  ERR_TLS_CERT_ALTNAME_INVALID: ["not-trusted", "its certificate is for another address."],
};
/** Of the TLS library's verification of a chain. */
const untrusted: ReadonlySet<string> = new Set(["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_GET_ISSUER_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "CERT_SIGNATURE_FAILURE"]);

/** Turns an error of `node:net` or `node:tls` into words. `what`: "Connecting to 127.0.0.1 port 1153 failed". */
export function linkFailure(what: string, error: unknown, context: Readonly<Record<string, string | number>>): LinkFailure {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (untrusted.has(code)) return new LinkFailure("not-trusted", `${what}: its certificate is not by the authority that was given.`, context, error);
  if (code.startsWith("ERR_SSL_")) return new LinkFailure("not-trusted", `${what}: the two ends did not agree on TLS, or it does not take the certificate that was shown (${code}).`, context, error);
  const [ours, words] = known[code] ?? (["broken", `${code || "unknown cause"}.`] as const);
  return new LinkFailure(ours, `${what}: ${words}`, context, error);
}
