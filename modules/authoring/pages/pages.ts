import type { ModulePages } from "@metersmith/ui";

export const authoringPages: ModulePages = {
  module: "authoring",
  menu: [
    { label: "Programs", path: "/programs", icon: "program" },
  ],
  pages: [
    { path: "/programs", load: () => import("./programs-page.tsx") },
    { path: "/programs/$id", load: () => import("./program-page.tsx") },
  ],
};
