import type { ModulePages } from "@metersmith/ui";

export const libraryPages: ModulePages = {
  module: "library",
  menu: [{ label: "Library", path: "/library", icon: "library" }],
  pages: [
    { path: "/library", load: () => import("./library-page.tsx") },
    { path: "/library/$id", load: () => import("./library-program-page.tsx") },
  ],
};
