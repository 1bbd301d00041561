import { openFileLog } from "@metersmith/node/json-log";
import { supervised } from "@metersmith/node/supervised";
import { systemClock } from "@metersmith/node/system-clock";
import { readDeviceTypes } from "@metersmith/modules/device-types/store/installed-folder.ts";
import { KeptDeviceTypes } from "@metersmith/modules/device-types/store/kept-device-types.ts";
import { startSite } from "@metersmith/site/site";
import type { SiteConfig } from "@metersmith/site/site-config";
import { manufacturerModules } from "./mounted-modules.ts";

/** A manufacturer's site: where programs are developed for its device types. */
supervised<SiteConfig, { url: string }>(async (config) => {
  const deviceTypes = new KeptDeviceTypes(await readDeviceTypes(config.deviceTypesFolder));
  const site = await startSite(config, manufacturerModules(deviceTypes), {
    clock: systemClock,
    log: openFileLog(config.logFile, "manufacturer"),
  });
  return { ready: { url: site.url }, stop: () => site.stop() };
});
