import { byId, listOf, listQuery, page, pageKey } from "@metersmith/site/listing";
import { notFound, SiteError } from "@metersmith/site/problem";
import type { SiteContext, SiteModule } from "@metersmith/site/site-module";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { association, meterCalendar, requestProgram, requestRead, session, sessionDetail } from "./api/contract.ts";
import { holdSession } from "./jobs/hold-session.ts";
import type { KeptProgram } from "../library/api/contract.ts";
import type { LedgerNeeds } from "./needs.ts";
import { calendarOf } from "./rules/meter-calendar.ts";
import { listAssociations } from "./store/associations.ts";
import { ledgerMigrations } from "./store/migrations.ts";
import { newestReadBack } from "./store/progress.ts";
import { offerWaiting, requestSession, restartInterrupted, SESSION_QUEUE, type SessionJob } from "./store/requests.ts";
import { findSession, listSessions } from "./store/sessions.ts";
import type { LedgerTables } from "./store/tables.ts";

/** Meters whose sessions run at once. Each waits for its meter most of the time. */
const SESSIONS_AT_ONCE = 8;

const WATCH_MS = 5_000;

/** Every session with a meter, and which program ran where from when to when. */
export function ledgerModule(needs: LedgerNeeds): SiteModule {
  return {
    name: "ledger",
    migrations: ledgerMigrations,
    queues: [SESSION_QUEUE],
    async mount(context) {
      addSessionRoutes(context, needs);
      addHistoryRoutes(context, needs);
      const held = new Set<string>();
      const restart = async () => {
        await context.work.act<LedgerTables, readonly string[]>(
          { verb: "session.restart", on: (restarted) => restarted.map((id) => ({ kind: "session", id })) },
          (tx) => restartInterrupted(tx, new Date(context.clock.now()), held),
        );
        await context.work.note<LedgerTables, void>((tx) => offerWaiting(tx, context.jobs, held));
      };
      await restart();
      watchInterrupted(context, restart);
      await context.jobs.work<SessionJob>(
        SESSION_QUEUE,
        { localConcurrency: SESSIONS_AT_ONCE, pollingIntervalSeconds: 2 },
        async (jobs) => {
          for (const { data } of jobs) {
            held.add(data.session);
            await holdSession(data.session, { ...needs, work: context.work, clock: context.clock, log: context.log }).finally(() => held.delete(data.session));
          }
        },
      );
    },
  };
}

/** A session whose end could not be stored is nobody's until it is started again. */
function watchInterrupted({ server, clock, log }: SiteContext, restart: () => Promise<void>): void {
  let timer = clock.after(WATCH_MS, watch);
  function watch(): void {
    restart()
      .catch((error: unknown) => log.warn("open sessions were not looked at", { error }))
      .finally(() => (timer = clock.after(WATCH_MS, watch)));
  }
  server.addHook("onClose", async () => timer.cancel());
}

function addSessionRoutes({ server, jobs }: SiteContext, { meters, programs, deviceTypes }: LedgerNeeds): void {
  async function request({ tx, principal, acted }: FastifyRequest, meterId: string, program: KeptProgram | null) {
    const link = await meters.link(tx(), meterId);
    if (!link) throw notFound("meter");
    if (program && program.document.deviceType.id !== link.deviceType) {
      throw new SiteError(
        409,
        "conflict",
        `This program is built for ${program.document.deviceType.id}; meter ${link.serial} is a ${link.deviceType}. Choose a program for ${link.deviceType}.`,
      );
    }
    const withdrawn = program && (await deviceTypes.exactly(tx(), program.document.deviceType.digest))?.withdrawn;
    if (withdrawn) throw new SiteError(409, "conflict", `The device type that this program was built with was withdrawn by ${withdrawn.by}: ${withdrawn.reason}`);
    const id = await requestSession(tx(), jobs, { meterKey: link.key, programKey: program?.key ?? null, by: principal?.email ?? "" });
    if (id === undefined) {
      throw new SiteError(409, "conflict", `Meter ${link.serial} has a session waiting or running already. Wait until it ended.`);
    }
    const made = await findSession(tx<LedgerTables>(), id);
    if (!made) throw notFound("session");
    acted({ kind: "meter", id: link.id, name: link.serial, ...(program ? { digest: program.document.digest } : {}), facts: { session: id } });
    return made;
  }

  server.post(
    "/api/v1/meters/:id/program",
    { config: { access: { permission: "meter.program" }, action: "meter.program" }, schema: { params: byId, body: requestProgram, response: { 202: session } } },
    async (asked, reply) => {
      const program = await programs.find(asked.tx(), asked.body.program);
      if (!program) throw notFound("program in the library");
      asked.because(asked.body.reason);
      return reply.code(202).send(await request(asked, asked.params.id, program));
    },
  );

  server.post(
    "/api/v1/meters/:id/read",
    { config: { access: { permission: "meter.read" }, action: "meter.read" }, schema: { params: byId, body: requestRead, response: { 202: session } } },
    async (asked, reply) => {
      asked.because(asked.body?.reason);
      return reply.code(202).send(await request(asked, asked.params.id, null));
    },
  );
}

function addHistoryRoutes({ server, clock }: SiteContext, { meters, programs, deviceTypes }: LedgerNeeds): void {
  const view = { access: { permission: "ledger.view" } } as const;
  const ofMeter = listQuery.extend({ meter: z.uuid().optional() });

  server.get(
    "/api/v1/sessions",
    { config: view, schema: { querystring: ofMeter, response: { 200: listOf(session) } } },
    async ({ query, tx }) => page(await listSessions(tx<LedgerTables>(), query.limit, await pageKey(tx(), "meter_session", query.after), query.meter), query.limit),
  );

  server.get("/api/v1/sessions/:id", { config: view, schema: { params: byId, response: { 200: sessionDetail } } }, async ({ params, tx }) => {
    const found = await findSession(tx<LedgerTables>(), params.id);
    if (!found) throw notFound("session");
    return found;
  });

  server.get(
    "/api/v1/associations",
    { config: view, schema: { querystring: ofMeter.extend({ current: z.stringbool().optional() }), response: { 200: listOf(association) } } },
    async ({ query, tx }) => {
      const { limit, after, meter, current } = query;
      const afterKey = await pageKey(tx(), "association", after);
      return page(await listAssociations(tx<LedgerTables>(), limit, { afterKey, meterId: meter, current }), limit);
    },
  );

  server.get(
    "/api/v1/meters/:id/calendar",
    { config: view, schema: { params: byId, response: { 200: meterCalendar } } },
    async ({ params, tx }) => {
      const link = await meters.link(tx(), params.id);
      if (!link) throw notFound("meter");
      const deviceType = await deviceTypes.newest(tx(), link.deviceType);
      const evidence = await newestReadBack(tx<LedgerTables>(), params.id);
      const [running] = await listAssociations(tx<LedgerTables>(), 1, { meterId: params.id, current: true });
      const document = running && (await programs.find(tx(), running.program.id))?.document;
      const year = new Date(clock.now()).getUTCFullYear();
      const calendar = deviceType && evidence && calendarOf(deviceType, link.id, evidence, document?.parameters, year);
      if (!calendar) throw new SiteError(404, "not-found", `Meter ${link.serial} has not been read yet. Read it to see its calendar.`);
      return calendar;
    },
  );
}
