import type { ModulePages } from "@metersmith/ui";

export const identityPages: ModulePages = {
  module: "identity",
  menu: [{ label: "People", path: "/people", icon: "person", permission: "people.view" }],
  pages: [{ path: "/people", load: () => import("./people-page.tsx") }],
};
