import { auditModule } from "@metersmith/modules/audit/module.ts";
import { authoringModule } from "@metersmith/modules/authoring/module.ts";
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
export function utilityModules(deviceTypes: Parameters<typeof authoringModule>[0], sealingKey: string, ports: IdentityPorts = {}): SiteModule[] {
  const seal = sealing(sealingKey);
  return [
    identityModule(["audit", "registry", "library", "ledger", "network", "authoring"], ports),
    auditModule(),
    authoringModule(deviceTypes),
    libraryModule(deviceTypes),
    registryModule(seal, new Set(deviceTypes.keys())),
    networkModule(),
    ledgerModule({ meters: meterDirectory(seal), programs: libraryPrograms, deviceTypes }),
  ];
}
