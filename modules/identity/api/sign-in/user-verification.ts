import type { PasskeyOptions } from "@better-auth/passkey";
import { APIError } from "better-auth/api";

const unverified = (): APIError => new APIError("UNAUTHORIZED", { code: "USER_NOT_VERIFIED", message: "the authenticator did not verify its user" });

/**
 * A passkey stands for two factors only where the authenticator has asked its holder for a PIN or a finger. WebAuthn Level 3 §6.1: the
 * flag UV of the authenticator data says so, and the library does not insist on it.
 */
export const requireUserVerification: Pick<PasskeyOptions, "registration" | "authentication"> = {
  registration: {
    async afterVerification({ verification }) {
      if (!verification.registrationInfo?.userVerified) throw unverified();
    },
  },
  authentication: {
    async afterVerification({ verification }) {
      if (!verification.authenticationInfo.userVerified) throw unverified();
    },
  },
};
