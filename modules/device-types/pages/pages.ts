import type { ModulePages } from "@metersmith/ui";

export const deviceTypesPages: ModulePages = {
  module: "device-types",
  menu: [{ label: "Device types", path: "/device-types", icon: "device" }],
  pages: [
    { path: "/device-types", load: () => import("./device-types-page.tsx") },
    { path: "/device-types/$id", load: () => import("./device-type-page.tsx") },
  ],
};
