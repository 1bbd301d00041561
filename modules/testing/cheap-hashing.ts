import { scryptSync, timingSafeEqual } from "node:crypto";
import type { IdentityPorts } from "../identity/module.ts";

/** Passwords by scrypt at 1/1000 of its cost: for tests that sign in again and again and are about something else. */
export const cheapHashing: NonNullable<IdentityPorts["hashing"]> = {
  async hash(password) {
    return scryptSync(password, "tests", 32, { N: 16 }).toString("hex");
  },
  async verify({ hash, password }) {
    return timingSafeEqual(Buffer.from(hash, "hex"), scryptSync(password, "tests", 32, { N: 16 }));
  },
};
