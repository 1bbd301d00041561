import { decodeProtectedHeader, errors, importJWK, jwtVerify } from "jose";
import { z } from "zod";

/** What a machine signs to get a token, once it has been found good. */
export interface Assertion {
  readonly jti: string;
  /** Epoch milliseconds until which a copy of it would still be good, clocks that differ included. */
  readonly signedUntil: number;
}

/** Clocks of machines may be off by so much, both ways. Seconds. */
const CLOCKS_DIFFER = 30;
/** What is signed is good for so long at most. Seconds. */
const LIVES = 300;

const header = z.object({ alg: z.enum(["EdDSA", "Ed25519"]), kid: z.string().max(64) });
const claims = z.object({ jti: z.string().min(8).max(200), iat: z.number(), exp: z.number() });

/** The `kid` of what came; undefined where it is not even of the right form. The algorithm is ours to choose, not the sender's. */
export function keyIdOf(assertion: string): string | undefined {
  try {
    return header.safeParse(decodeProtectedHeader(assertion)).data?.kid;
  } catch {
    return undefined;
  }
}

/**
 * Checks a signed assertion of RFC 7523 §3: Ed25519 and nothing else, by this machine's key, for this site, now, for five minutes at most.
 * @param publicKey `x` of the key as a JWK.
 * @returns undefined for whatever is not good; why is nobody's business.
 */
export async function verifiedAssertion(
  assertion: string,
  { machineId, publicKey, audience, now }: { readonly machineId: string; readonly publicKey: string; readonly audience: readonly string[]; readonly now: number },
): Promise<Assertion | undefined> {
  try {
    const key = await importJWK({ kty: "OKP", crv: "Ed25519", x: publicKey }, "EdDSA");
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: ["EdDSA", "Ed25519"],
      audience: [...audience],
      issuer: machineId,
      subject: machineId,
      currentDate: new Date(now),
      clockTolerance: CLOCKS_DIFFER,
      maxTokenAge: LIVES,
      requiredClaims: ["exp", "iat", "jti"],
    });
    const { jti, iat, exp } = claims.parse(payload);
    return exp - iat > LIVES ? undefined : { jti, signedUntil: (exp + 2 * CLOCKS_DIFFER) * 1000 };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError) return undefined;
    throw error;
  }
}
