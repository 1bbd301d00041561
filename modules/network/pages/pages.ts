import type { ModulePages } from "@metersmith/ui";

export const networkPages: ModulePages = {
  module: "network",
  menu: [{ label: "Network", path: "/network", icon: "network" }],
  pages: [{ path: "/network", load: () => import("./network-page.tsx") }],
};
