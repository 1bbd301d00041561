import { auditModule } from "@metersmith/modules/audit/module.ts";
import { authoringModule } from "@metersmith/modules/authoring/module.ts";
import { deviceTypesModule } from "@metersmith/modules/device-types/module.ts";
import type { KeptDeviceTypes } from "@metersmith/modules/device-types/store/kept-device-types.ts";
import { type IdentityPorts, identityModule } from "@metersmith/modules/identity/module.ts";
import type { SiteModule } from "@metersmith/site/site-module";

/** What a manufacturer's site mounts. */
export function manufacturerModules(deviceTypes: KeptDeviceTypes, ports: IdentityPorts = {}): SiteModule[] {
  return [identityModule(["identity", "audit", "device-types", "authoring"], ports), auditModule(), deviceTypesModule(deviceTypes), authoringModule(deviceTypes)];
}
