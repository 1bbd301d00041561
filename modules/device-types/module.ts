import { toHex } from "@metersmith/base/bytes";
import { keyIdOf } from "@metersmith/base/ed25519";
import { largestArchive, openArchive, type TrustedManufacturer } from "@metersmith/programs";
import { listOf } from "@metersmith/site/listing";
import { notFound, SiteError } from "@metersmith/site/problem";
import type { Principal } from "@metersmith/site/principal";
import type { SiteContext, SiteModule } from "@metersmith/site/site-module";
import type { Kysely } from "kysely";
import { ARCHIVE_TYPE, byTypeId, deviceTypeDetail, type DeviceTypeDetail, deviceTypeSummary, trustedManufacturer, type TrustedManufacturerView, withdrawDeviceType } from "./api/contract.ts";
import { examineArchive } from "./jobs/examine.ts";
import { typeDetail } from "./rules/type-detail.ts";
import type { KeptDeviceTypes } from "./store/kept-device-types.ts";
import { inUse } from "./store/kept-versions.ts";
import { readManufacturerKeys } from "./store/manufacturer-keys.ts";
import { deviceTypeMigrations } from "./store/migrations.ts";
import { takeIn, withdraw } from "./store/take-in.ts";

/** The models of meters that this site knows, each as data that its manufacturer signed, taken in and withdrawn while the site runs (PLG-1). */
export function deviceTypesModule(kept: KeptDeviceTypes): SiteModule {
  return {
    name: "device-types",
    migrations: deviceTypeMigrations,
    async mount(context) {
      addViewRoutes(context, kept);
      addChangeRoutes(context, kept);
    },
  };
}

function addViewRoutes({ server, config }: SiteContext, kept: KeptDeviceTypes): void {
  const view = { access: { permission: "device-type.view" } } as const;

  server.get("/api/v1/device-types", { config: view, schema: { response: { 200: listOf(deviceTypeSummary) } } }, async ({ tx }) => {
    const current = [...inUse(await kept.versions(tx())).values()];
    const items = await Promise.all(
      current.map(async (version) => {
        const { id, name, manufacturer, model, version: number, digest, limits } = await kept.read(tx(), version);
        return { id, name, manufacturer, model, version: number, digest, limits: { ...limits }, origin: version.origin };
      }),
    );
    return { items, after: null };
  });

  server.get("/api/v1/device-types/:id", { config: view, schema: { params: byTypeId, response: { 200: deviceTypeDetail } } }, ({ params, tx }) => detailOf(tx(), kept, params.id));

  server.get("/api/v1/manufacturer-keys", { config: view, schema: { response: { 200: listOf(trustedManufacturer) } } }, async () => ({
    items: (await readManufacturerKeys(config.manufacturerKeysFolder)).manufacturers.map(keyView),
    after: null,
  }));
}

function addChangeRoutes({ server, config, clock }: SiteContext, kept: KeptDeviceTypes): void {
  // Read whole before the route's transaction begins, up to the bound, and not an octet further.
  server.addContentTypeParser(ARCHIVE_TYPE, { parseAs: "buffer", bodyLimit: largestArchive }, (_request, body, done) => done(null, body));

  server.post(
    "/api/v1/device-types",
    { config: { access: { permission: "device-type.receive" }, action: "device-type.receive" }, schema: { response: { 200: deviceTypeDetail, 201: deviceTypeDetail } } },
    async ({ body, principal, tx, acted }, reply) => {
      onlyWhoRunsTheSite(principal);
      if (!(body instanceof Uint8Array)) throw new SiteError(415, "not-an-archive", `Send the archive as it is, with content type ${ARCHIVE_TYPE}.`);
      const archive = new Uint8Array(body);
      const now = Math.floor(clock.now() / 1000);
      const trust = await readManufacturerKeys(config.manufacturerKeysFolder);
      await examineArchive(archive, trust, now);
      const opened = openArchive(archive, trust, now);
      const { id, version, name } = opened.deviceType;
      const came = await takeIn(tx(), kept, archive, opened, principal?.email ?? "");
      acted({
        kind: "device-type", id, name: `${name} ${version}`, digest: opened.archiveDigest,
        facts: { version, came, manufacturer: opened.signedBy.code, key: toHex(opened.keyId) },
      });
      return reply.code(came === "new" ? 201 : 200).send(await detailOf(tx(), kept, id));
    },
  );

  server.post(
    "/api/v1/device-types/:id/withdraw",
    { config: { access: { permission: "device-type.withdraw" }, action: "device-type.withdraw" }, schema: { params: byTypeId, body: withdrawDeviceType, response: { 200: deviceTypeDetail } } },
    async ({ params: { id }, body: { version, reason }, principal, tx, acted, because }) => {
      onlyWhoRunsTheSite(principal);
      const digest = await withdraw(tx(), kept, id, version, reason, principal?.email ?? "");
      because(reason);
      acted({ kind: "device-type", id, name: `${id} ${version}`, digest, facts: { version } });
      return detailOf(tx(), kept, id);
    },
  );
}

async function detailOf(db: Kysely<unknown>, kept: KeptDeviceTypes, id: string): Promise<DeviceTypeDetail> {
  const versions = await kept.versions(db, id);
  const current = inUse(versions).get(id);
  const shown = current ?? versions[0];
  if (!shown) throw notFound("device type");
  const listed = versions.map(({ version, digest, origin, withdrawn }) => ({ version, digest, origin, withdrawn, inUse: digest === current?.digest && version === current.version }));
  return typeDetail(await kept.read(db, shown), listed);
}

/** A site's device types are those of all its organizations. */
function onlyWhoRunsTheSite(principal: Principal | null): void {
  if (!principal?.organization.owner) throw new SiteError(403, "not-permitted", "Device types are brought and withdrawn by the organization that runs this site.");
}

function keyView({ code, name, publicKey, from, until }: TrustedManufacturer): TrustedManufacturerView {
  const time = (seconds: number | undefined): string | null => (seconds === undefined ? null : new Date(seconds * 1000).toISOString());
  return { code, name, keyId: toHex(keyIdOf(publicKey)), from: time(from), until: time(until) };
}
