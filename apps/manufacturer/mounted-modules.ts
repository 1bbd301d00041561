import { auditModule } from "@metersmith/modules/audit/module.ts";
import { authoringModule } from "@metersmith/modules/authoring/module.ts";
import { type IdentityPorts, identityModule } from "@metersmith/modules/identity/module.ts";
import type { SiteModule } from "@metersmith/site/site-module";

/** What a manufacturer's site mounts. */
export function manufacturerModules(deviceTypes: Parameters<typeof authoringModule>[0], ports: IdentityPorts = {}): SiteModule[] {
  return [identityModule(["audit", "authoring"], ports), auditModule(), authoringModule(deviceTypes)];
}
