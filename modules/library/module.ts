import { byId, listOf, listQuery, page, pageKey } from "@metersmith/site/listing";
import { notFound, SiteError } from "@metersmith/site/problem";
import type { SiteModule } from "@metersmith/site/site-module";
import { calendarView, programDocument } from "../authoring/api/contract.ts";
import { programCalendar } from "../authoring/rules/program-calendar.ts";
import { buildReport, parametersIn, verifyDocument } from "../authoring/rules/program-document.ts";
import type { DeviceTypes } from "../device-types/api/contract.ts";
import { libraryProgram, libraryProgramDetail } from "./api/contract.ts";
import { libraryMigrations } from "./store/migrations.ts";
import { findLibraryProgram, type LibraryTables, listLibrary, receiveProgram } from "./store/programs.ts";

/** The programs that a utility may put on its meters. Nothing enters that does not build here, from its parameters, to the same digest. */
export function libraryModule(deviceTypes: DeviceTypes): SiteModule {
  return {
    name: "library",
    migrations: libraryMigrations,
    async mount({ server, clock }) {
      server.get(
        "/api/v1/library-programs",
        { config: { access: { permission: "library.view" } }, schema: { querystring: listQuery, response: { 200: listOf(libraryProgram) } } },
        async ({ query, tx }) => page(await listLibrary(tx<LibraryTables>(), query.limit, await pageKey(tx(), "library_program", query.after)), query.limit),
      );

      server.get(
        "/api/v1/library-programs/:id",
        { config: { access: { permission: "library.view" } }, schema: { params: byId, response: { 200: libraryProgramDetail } } },
        async ({ params, tx }) => {
          const found = await findLibraryProgram(tx<LibraryTables>(), params.id);
          if (!found) throw notFound("program in the library");
          return found;
        },
      );

      server.get(
        "/api/v1/library-programs/:id/calendar",
        { config: { access: { permission: "library.view" } }, schema: { params: byId, response: { 200: calendarView } } },
        async ({ params, tx }) => {
          const found = await findLibraryProgram(tx<LibraryTables>(), params.id);
          if (!found) throw notFound("program in the library");
          return programCalendar(parametersIn(found.document), new Date(clock.now()).getUTCFullYear());
        },
      );

      server.post(
        "/api/v1/library-programs",
        { config: { access: { permission: "library.receive" }, action: "library.receive" }, schema: { body: programDocument, response: { 200: libraryProgram } } },
        async ({ body, principal, tx, acted }) => {
          const deviceType = await deviceTypes.inUse(tx(), body.deviceType.id);
          if (!deviceType) throw new SiteError(422, "not-found", `This site has no device type “${body.deviceType.id}”. Install it first.`);
          if (deviceType.digest !== body.deviceType.digest) {
            throw new SiteError(
              409,
              "conflict",
              `The program was built with ${body.deviceType.id} ${body.deviceType.version}; this site has ${deviceType.version} with another content. Bring both sites to the same version.`,
            );
          }
          const { build, alterations } = verifyDocument(body, deviceType);
          if (alterations.length > 0) {
            throw new SiteError(
              422,
              "conflict",
              `${body.code} v${body.version} was altered on its way, or made by another version of Metersmith: ${alterations.join("; ")}.`,
            );
          }
          const received = await receiveProgram(tx<LibraryTables>(), body, buildReport(build), principal?.email ?? "");
          if (!received) {
            throw new SiteError(409, "conflict", `The library has another program ${body.code} v${body.version}. A version number stands for one content.`);
          }
          acted({ kind: "library-program", id: received.id, name: `${received.code} v${received.version}`, digest: body.digest });
          return received;
        },
      );
    },
  };
}
