import type { Clock } from "@metersmith/base/clock";
import type { Log } from "@metersmith/base/log";
import { migrate } from "@metersmith/postgres/migrate";
import { openDatabase } from "@metersmith/postgres/pool";
import fastifySwagger from "@fastify/swagger";
import fastify from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import type { PgBoss } from "pg-boss";
import type { ActionTrail } from "./action.ts";
import { addConsole } from "./console-files.ts";
import { addGuard } from "./guard.ts";
import { knownMethods } from "./known-methods.ts";
import { openJobs, prepareJobs } from "./jobs.ts";
import type { Authenticator } from "./principal.ts";
import { sendProblem } from "./problem.ts";
import { addRequestTransaction } from "./request-transaction.ts";
import { resealSecrets } from "./reseal.ts";
import { addSecurityHeaders, securityHeaders, setSecurityHeaders } from "./security-headers.ts";
import type { SiteConfig } from "./site-config.ts";
import type { SiteContext, SiteModule, SiteServer } from "./site-module.ts";
import { siteWork } from "./work.ts";

/** A site that answers. */
export interface RunningSite {
  readonly url: string;
  readonly server: SiteServer;
  /** Lets requests and jobs under way end, then closes. */
  stop(): Promise<void>;
}

/** 1 MiB: a URDB rate is about 10 KiB, a program document about 30. */
const BODY_LIMIT = 1_048_576;
/** Within this a request has to be whole; who sends a little at a time holds no connection for long. */
const REQUEST_WITHIN_MS = 30_000;

/** Migrates the site's database as its owner, mounts the modules over the application role, and listens. */
export async function startSite(
  config: SiteConfig,
  modules: readonly SiteModule[],
  ports: { readonly clock: Clock; readonly log: Log },
): Promise<RunningSite> {
  const trail = trailOf(modules);
  const appRole = decodeURIComponent(new URL(config.databaseUrl).username);
  await migrate(config.ownerDatabaseUrl, modules.flatMap((module) => module.migrations));
  await prepareJobs(config.ownerDatabaseUrl, appRole, modules.flatMap((module) => module.queues ?? []), ports.log);

  const db = openDatabase<unknown>(config.databaseUrl);
  const jobs = await openJobs(config.databaseUrl, ports.log);
  try {
    const server = await buildServer(config, modules, { ...ports, db, jobs, trail });
    await server.listen({ host: config.host, port: config.port });
    const address = server.server.address();
    const port = typeof address === "object" && address ? address.port : config.port;
    return {
      url: `http://${config.host === "127.0.0.1" ? "localhost" : config.host}:${port}`,
      server,
      async stop() {
        await server.close();
        await jobs.stop({ graceful: true, timeout: 5000 });
        await db.destroy();
      },
    };
  } catch (error) {
    await jobs.stop({ graceful: false });
    await db.destroy();
    throw error;
  }
}

async function buildServer(
  config: SiteConfig,
  modules: readonly SiteModule[],
  ports: { readonly clock: Clock; readonly log: Log; readonly db: Kysely<unknown>; readonly jobs: PgBoss; readonly trail: ActionTrail },
): Promise<SiteServer> {
  // Fastify's own request log is off: it would write addresses with their queries; errors go through `sendProblem` to our log.
  const headers = securityHeaders(config);
  const server: SiteServer = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_WITHIN_MS,
    forceCloseConnections: true,
    logger: false,
    trustProxy: config.trustedProxies ? [...config.trustedProxies] : false,
    frameworkErrors(error, request, reply) {
      // What cannot be read as a request at all passes no hook.
      setSecurityHeaders(reply, headers);
      sendProblem(error, request, reply, ports.log);
    },
  }).withTypeProvider();
  // JSON is all that is read: a form of another web site can send text and nothing else without asking first.
  server.removeContentTypeParser("text/plain");
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, ports.log));
  addSecurityHeaders(server, headers);
  const methods = knownMethods(server);
  let authenticator: Authenticator | undefined;
  addGuard(server, config, () => authenticator);
  addRequestTransaction(server, ports.db, ports.trail);
  await server.register(fastifySwagger, {
    openapi: { openapi: "3.1.0", info: { title: `Metersmith, ${config.kind} site`, version: "1" } },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  const work = siteWork(ports.db, ports.trail);
  await resealSecrets(modules, config.sealingKey, work, ports.log);
  const context: SiteContext = {
    config,
    server,
    work,
    jobs: ports.jobs,
    clock: ports.clock,
    log: ports.log,
  };
  for (const module of modules) {
    const mounted = await module.mount(context);
    if (mounted?.authenticator) authenticator = mounted.authenticator;
  }
  server.get("/api/openapi.json", { config: { access: { open: true } }, schema: { hide: true } }, () => server.swagger());
  await addConsole(server, config.consoleFolder, methods, ports.log);
  return server;
}

/** Without it nothing may be changed, so there is nothing to start. */
function trailOf(modules: readonly SiteModule[]): ActionTrail {
  const [trail, ...others] = modules.flatMap((module) => module.trail ?? []);
  if (!trail || others.length > 0) throw new Error(`exactly one module of a site keeps the record of actions; ${trail ? others.length + 1 : "none"} of these does`);
  return trail;
}
