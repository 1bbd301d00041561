import { authoringPages } from "@metersmith/modules/authoring/pages/pages.ts";
import { deviceTypesPages } from "@metersmith/modules/device-types/pages/pages.ts";
import { identityPages } from "@metersmith/modules/identity/pages/pages.ts";
import { ledgerPages } from "@metersmith/modules/ledger/pages/pages.ts";
import { libraryPages } from "@metersmith/modules/library/pages/pages.ts";
import { networkPages } from "@metersmith/modules/network/pages/pages.ts";
import { registryPages } from "@metersmith/modules/registry/pages/pages.ts";
import type { ModulePages } from "@metersmith/ui";

/** Every module that has pages, in the order of the menu. Which of them show is the site's word. */
export const knownModules: readonly ModulePages[] = [registryPages, libraryPages, ledgerPages, networkPages, authoringPages, deviceTypesPages, identityPages];

/** The modules with pages that this site mounts. */
export function mountedModules(names: readonly string[], modules: readonly ModulePages[] = knownModules): readonly ModulePages[] {
  const mounted = new Set(names);
  return modules.filter(({ module }) => mounted.has(module));
}
