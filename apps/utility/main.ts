import { openFileLog } from "@metersmith/node/json-log";
import { sealing } from "@metersmith/node/sealing";
import { supervised } from "@metersmith/node/supervised";
import { systemClock } from "@metersmith/node/system-clock";
import { authoringModule } from "@metersmith/modules/authoring/module.ts";
import { readDeviceTypes } from "@metersmith/modules/authoring/store/device-type-folder.ts";
import { identityModule } from "@metersmith/modules/identity/module.ts";
import { ledgerModule } from "@metersmith/modules/ledger/module.ts";
import { libraryModule } from "@metersmith/modules/library/module.ts";
import { libraryPrograms } from "@metersmith/modules/library/store/programs.ts";
import { networkModule } from "@metersmith/modules/network/module.ts";
import { registryModule } from "@metersmith/modules/registry/module.ts";
import { meterDirectory } from "@metersmith/modules/registry/store/directory.ts";
import { startSite } from "@metersmith/site/site";
import type { SiteConfig } from "@metersmith/site/site-config";

const MODULES = ["registry", "library", "ledger", "network", "authoring"];

/** A utility's site: its library of programs, its meters, and what happened with each. */
supervised<SiteConfig, { url: string }>(async (config) => {
  const seal = sealing(config.sealingKey);
  const deviceTypes = await readDeviceTypes(config.deviceTypesFolder);
  const meters = meterDirectory(seal);
  const modules = [
    identityModule(MODULES),
    authoringModule(deviceTypes),
    libraryModule(deviceTypes),
    registryModule(seal, new Set(deviceTypes.keys())),
    networkModule(),
    ledgerModule({ meters, programs: libraryPrograms, deviceTypes }),
  ];
  const site = await startSite(config, modules, { clock: systemClock, log: openFileLog(config.logFile, "utility") });
  return { ready: { url: site.url }, stop: () => site.stop() };
});
