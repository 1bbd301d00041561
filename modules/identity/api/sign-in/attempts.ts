import { createHash } from "node:crypto";
import type { Clock } from "@metersmith/base/clock";
import { SiteError } from "@metersmith/site/problem";
import type { FastifyReply } from "fastify";
import type { Kysely } from "kysely";
import { byAddress, type GrowingDelay } from "../../rules/growing-delay.ts";
import { countAttempt, forget, takeBack } from "../../store/failures.ts";
import type { IdentityTables } from "../../store/tables.ts";

/** What one attempt is counted by beside the address that it comes from. */
export interface AttemptedAt {
  readonly what: string;
  /** Of whom: an account's address, a device. Kept as a digest. */
  readonly whom: string;
  readonly delay: GrowingDelay;
}

export interface Attempts {
  /**
   * Counts an attempt as failed before it is made. Resolves to what says that it was good.
   * @throws SiteError `too-many-attempts`, with `retry-after`, where it has to wait.
   */
  begin(from: { readonly ip: string; readonly reply: FastifyReply }, at: AttemptedAt): Promise<() => Promise<void>>;
}

const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

export function attemptsIn(db: Kysely<IdentityTables>, clock: Clock): Attempts {
  return {
    async begin({ ip, reply }, { what, whom, delay }) {
      const address = { key: `address ${ip}`, delay: byAddress };
      const subject = { key: `${what} ${digestOf(whom)}`, delay };
      for (const one of [address, subject]) {
        const wait = await countAttempt(db, one, clock.now());
        if (wait === 0) continue;
        // One that the account's delay refuses is no failure of the address.
        if (one === subject) await takeBack(db, address.key);
        const seconds = Math.ceil(wait / 1000);
        void reply.header("retry-after", String(seconds));
        throw new SiteError(429, "too-many-attempts", `Too many attempts. Wait ${seconds} s, then try again.`, { retryAfter: seconds });
      }
      return async () => {
        await takeBack(db, address.key);
        await forget(db, subject.key, clock.now());
      };
    },
  };
}
