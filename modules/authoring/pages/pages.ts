import type { ModulePages } from "@metersmith/ui";

export const authoringPages: ModulePages = {
  module: "authoring",
  menu: [
    { label: "Programs", path: "/programs", icon: "program" },
    { label: "Device types", path: "/device-types", icon: "device" },
  ],
  pages: [
    { path: "/programs", load: () => import("./programs-page.tsx") },
    { path: "/programs/$id", load: () => import("./program-page.tsx") },
    { path: "/device-types", load: () => import("./device-types-page.tsx") },
    { path: "/device-types/$id", load: () => import("./device-type-page.tsx") },
  ],
};
