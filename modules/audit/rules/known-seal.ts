import { AuditError } from "./audit-error.ts";
import type { ChainState } from "./chain.ts";

/** A seal that somebody noted earlier, elsewhere: what comes later has to continue it. */
export interface KnownSeal {
  readonly organization: string;
  readonly number: number;
  readonly digest: string;
}

const WRITTEN = /^([0-9a-f-]{36})\/([1-9]\d{0,14})\/(sha256:[0-9a-f]{64})$/;

/** `organization/number/digest`, as it is printed. */
export const knownSealText = ({ organization, seals, last }: ChainState): string | null => (last === null ? null : `${organization}/${seals}/${last}`);

/** @throws AuditError `bad-file` */
export function readKnownSeal(text: string): KnownSeal {
  const [, organization = "", number = "", digest = ""] = WRITTEN.exec(text) ?? [];
  if (digest === "") throw new AuditError("input", "bad-file", "A known seal is written organization/number/digest, as a check prints it.");
  return { organization, number: Number(number), digest };
}

/** Looks, after each seal, whether it is the one that was noted. @throws AuditError `not-continued` */
export function holdAgainst(known: readonly KnownSeal[], { organization, seals, last }: ChainState): void {
  const noted = known.find((one) => one.organization === organization && one.number === seals);
  if (noted && noted.digest !== last) {
    throw new AuditError("peer-data", "not-continued", `Seal ${seals} is not the one that was noted earlier: the record was written anew.`, { seal: seals });
  }
}

/** Looks, at the end, whether every noted seal was there. @throws AuditError `not-continued` */
export function allReached(known: readonly KnownSeal[], chains: readonly ChainState[]): void {
  for (const { organization, number } of known) {
    const seals = chains.find((chain) => chain.organization === organization)?.seals ?? 0;
    if (seals < number) throw new AuditError("peer-data", "not-continued", `The record ends at seal ${seals}; seal ${number} was noted earlier: its end was cut off.`, { seal: seals + 1 });
  }
}
