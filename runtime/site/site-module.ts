import type { Clock } from "@metersmith/base/clock";
import type { Log } from "@metersmith/base/log";
import type { Sealing } from "@metersmith/node/sealing";
import type { Migration } from "@metersmith/postgres/migrate";
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Transaction } from "kysely";
import type { PgBoss } from "pg-boss";
import type { ActionTrail } from "./action.ts";
import type { Authenticator } from "./principal.ts";
import type { SiteConfig } from "./site-config.ts";
import type { Work } from "./work.ts";

export type SiteServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What a module gets from its host. */
export interface SiteContext {
  readonly config: SiteConfig;
  readonly server: SiteServer;
  /** Work on the site's database outside of a request: no module holds a connection that knows no actor. */
  readonly work: Work;
  readonly jobs: PgBoss;
  readonly clock: Clock;
  readonly log: Log;
}

/** A domain, whole: its tables, its routes, its jobs. */
export interface SiteModule {
  readonly name: string;
  readonly migrations: readonly Migration[];
  /** Queues that the module's jobs run on. */
  readonly queues?: readonly string[];
  /** Where this module puts actions on record; exactly one module of a site does. */
  readonly trail?: ActionTrail;
  /** Seals some of its secrets anew that are not sealed with the key in use, in a transaction, and gives how many; asked until there are none. */
  readonly reseal?: (tx: Transaction<unknown>, sealing: Sealing) => Promise<number>;
  /** Adds routes and jobs. May hand out the authenticator of the site; exactly one module does. */
  mount(context: SiteContext): Promise<{ authenticator?: Authenticator } | void>;
}
