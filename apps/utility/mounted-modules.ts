import { auditModule } from "@metersmith/modules/audit/module.ts";
import { authoringModule } from "@metersmith/modules/authoring/module.ts";
import { deviceTypesModule } from "@metersmith/modules/device-types/module.ts";
import type { KeptDeviceTypes } from "@metersmith/modules/device-types/store/kept-device-types.ts";
import { type IdentityPorts, identityModule } from "@metersmith/modules/identity/module.ts";
import { ledgerModule } from "@metersmith/modules/ledger/module.ts";
import { libraryModule } from "@metersmith/modules/library/module.ts";
import { libraryPrograms } from "@metersmith/modules/library/store/programs.ts";
import { networkModule } from "@metersmith/modules/network/module.ts";
import { registryModule } from "@metersmith/modules/registry/module.ts";
import { meterDirectory } from "@metersmith/modules/registry/store/directory.ts";
import { sealing } from "@metersmith/node/sealing";
import type { SiteModule } from "@metersmith/site/site-module";

/** What a utility's site mounts. */
export function utilityModules(deviceTypes: KeptDeviceTypes, sealingKey: string, ports: IdentityPorts = {}): SiteModule[] {
  const seal = sealing(sealingKey);
  return [
    identityModule(["identity", "audit", "registry", "library", "ledger", "network", "device-types", "authoring"], ports),
    auditModule(),
    deviceTypesModule(deviceTypes),
    authoringModule(deviceTypes),
    libraryModule(deviceTypes),
    registryModule(seal, deviceTypes),
    networkModule(),
    ledgerModule({ meters: meterDirectory(seal), programs: libraryPrograms, deviceTypes }),
  ];
}
