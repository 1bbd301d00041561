import type { ModulePages } from "@metersmith/ui";

export const registryPages: ModulePages = {
  module: "registry",
  menu: [{ label: "Meters", path: "/meters", icon: "meter" }],
  pages: [
    { path: "/meters", load: () => import("./meters-page.tsx") },
    { path: "/meters/$id", load: () => import("./meter-page.tsx") },
  ],
};
