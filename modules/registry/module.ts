import { fromHex } from "@metersmith/base/bytes";
import type { Sealing } from "@metersmith/node/sealing";
import { byId, listOf, listQuery, page, pageKey } from "@metersmith/site/listing";
import { notFound, SiteError } from "@metersmith/site/problem";
import type { SiteModule } from "@metersmith/site/site-module";
import type { DeviceTypes } from "../device-types/api/contract.ts";
import { meter, registerMeters as registerMetersBody } from "./api/contract.ts";
import { passwordPlace } from "./store/directory.ts";
import { resealMeters } from "./store/reseal-meters.ts";
import { findMeter, listMeters, type RegistryTables, registerMeters } from "./store/meters.ts";
import { registryMigrations } from "./store/migrations.ts";

/** The meters that a utility owns: who they are, where they answer, their sealed passwords. */
export function registryModule(sealing: Sealing, deviceTypes: Pick<DeviceTypes, "ids">): SiteModule {
  return {
    name: "registry",
    migrations: registryMigrations,
    reseal: resealMeters,
    async mount({ server }) {
      server.get(
        "/api/v1/meters",
        { config: { access: { permission: "meter.view" } }, schema: { querystring: listQuery, response: { 200: listOf(meter) } } },
        async ({ query, tx }) => page(await listMeters(tx<RegistryTables>(), query.limit, await pageKey(tx(), "meter", query.after)), query.limit),
      );

      server.get(
        "/api/v1/meters/:id",
        { config: { access: { permission: "meter.view" } }, schema: { params: byId, response: { 200: meter } } },
        async ({ params, tx }) => {
          const found = await findMeter(tx<RegistryTables>(), params.id);
          if (!found) throw notFound("meter");
          return found;
        },
      );

      server.post(
        "/api/v1/meters",
        { config: { access: { permission: "meter.register" }, action: "meter.register" }, schema: { body: registerMetersBody, response: { 200: listOf(meter) } } },
        async ({ body, tx, acted }) => {
          const known = await deviceTypes.ids(tx());
          const stranger = body.meters.find(({ deviceType }) => !known.includes(deviceType));
          if (stranger) {
            throw new SiteError(422, "not-found", `Meter ${stranger.serial}: this site has no device type ${stranger.deviceType}; it has ${known.join(", ")}. Nothing was registered.`);
          }
          const rows = body.meters.map((one) => ({
            manufacturer: one.manufacturer,
            serial: one.serial,
            device_type: one.deviceType,
            address: one.address,
            service_point: one.servicePoint ?? null,
            sealed_password: sealing.seal(fromHex(one.programmingPassword), passwordPlace(one.manufacturer, one.serial)),
          }));
          const items = await registerMeters(tx<RegistryTables>(), rows);
          acted(...items.map(({ id, serial, address }) => ({ kind: "meter", id, name: serial, facts: { address } })));
          return { items, after: null };
        },
      );
    },
  };
}
