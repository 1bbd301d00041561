import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { Log } from "@metersmith/base/log";
import { type KnownMethods, methodNotAllowed } from "./known-methods.ts";
import { notFound, sendProblem } from "./problem.ts";
import type { SiteServer } from "./site-module.ts";

const YEAR_SECONDS = 31_536_000;

/**
 * Serves the built console. Every address that is no file and not under `/api` answers with the console's page, so that a
 * pasted URL opens the same view. Files under `/assets` carry a digest in their name and never change.
 */
export async function addConsole(server: SiteServer, folder: string, methods: KnownMethods, log: Log): Promise<void> {
  const built = existsSync(join(folder, "index.html"));
  if (built) {
    await server.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: "index.html",
      setHeaders: (reply, path) => {
        const immutable = path.includes("/assets/");
        reply.header("cache-control", immutable ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache");
      },
    });
  }
  server.setNotFoundHandler((request, reply) => {
    const page = built && request.method === "GET" && !request.url.startsWith("/api/") && !request.url.startsWith("/assets/");
    if (page) return reply.header("cache-control", "no-cache").sendFile("index.html");
    const allowed = methods.of(request.url.split("?", 1)[0] ?? "");
    if (allowed.length === 0) return sendProblem(notFound("page"), request, reply, log);
    return sendProblem(methodNotAllowed(request.method, allowed), request, reply.header("allow", allowed.join(", ")), log);
  });
}
