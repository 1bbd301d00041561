import { buildProgram, importTariff, parametersFrom } from "@metersmith/programs";
import { byId, listOf, listQuery, page, pageKey } from "@metersmith/site/listing";
import { notFound, SiteError } from "@metersmith/site/problem";
import type { SiteModule } from "@metersmith/site/site-module";
import type { DeviceTypes } from "../device-types/api/contract.ts";
import { calendarView, createProgram, programDetail, programSummary } from "./api/contract.ts";
import { programCalendar } from "./rules/program-calendar.ts";
import { buildReport, parametersIn, programDocumentOf } from "./rules/program-document.ts";
import { authoringMigrations } from "./store/migrations.ts";
import { addProgramVersion, type AuthoringTables, findProgram, listPrograms } from "./store/programs.ts";

/** Programs as their authors make them: a tariff and answers become parameters, and those a build for a type of meter (MFG-1, MFG-2). */
export function authoringModule(deviceTypes: DeviceTypes): SiteModule {
  return {
    name: "authoring",
    migrations: authoringMigrations,
    async mount({ server, clock }) {
      server.get(
        "/api/v1/programs",
        { config: { access: { permission: "program.view" } }, schema: { querystring: listQuery, response: { 200: listOf(programSummary) } } },
        async ({ query, tx, ownRows }) =>
          page(await listPrograms(tx<AuthoringTables>(), ownRows(), query.limit, await pageKey(tx(), "program", query.after, ownRows())), query.limit),
      );

      server.get(
        "/api/v1/programs/:id",
        { config: { access: { permission: "program.view" } }, schema: { params: byId, response: { 200: programDetail } } },
        async ({ params, tx, ownRows }) => {
          const found = await findProgram(tx<AuthoringTables>(), ownRows(), params.id);
          if (!found) throw notFound("program");
          return found;
        },
      );

      server.get(
        "/api/v1/programs/:id/calendar",
        { config: { access: { permission: "program.view" } }, schema: { params: byId, response: { 200: calendarView } } },
        async ({ params, tx, ownRows }) => {
          const found = await findProgram(tx<AuthoringTables>(), ownRows(), params.id);
          if (!found) throw notFound("program");
          return programCalendar(parametersIn(found.document), new Date(clock.now()).getUTCFullYear());
        },
      );

      server.post(
        "/api/v1/programs",
        { config: { access: { permission: "program.create" }, action: "program.create" }, schema: { body: createProgram, response: { 201: programDetail } } },
        async ({ body, principal, tx, acted }, reply) => {
          const deviceType = await deviceTypes.inUse(tx(), body.deviceType);
          if (!deviceType) {
            throw new SiteError(422, "not-found", `There is no device type “${body.deviceType}” here; there are ${(await deviceTypes.ids(tx())).join(", ")}.`);
          }
          const tariff = importTariff(body.tariff, body.tariffFile);
          if (!principal) throw new SiteError(401, "sign-in-required", "Sign in first.");
          const { email: createdBy, organization: { id: organizationId } } = principal;
          const { code } = parametersFrom(tariff, body.answers).program;
          const made = await addProgramVersion(tx<AuthoringTables>(), { organizationId, code, createdBy }, (version) => {
            const parameters = parametersFrom(tariff, body.answers, { version });
            const build = buildProgram(deviceType, parameters);
            return { document: programDocumentOf(build, parameters, tariff), report: buildReport(build) };
          });
          acted({ kind: "program", id: made.id, name: `${made.code} v${made.version}`, digest: made.document.digest });
          return reply.code(201).send(made);
        },
      );
    },
  };
}
