import type { ModulePages } from "@metersmith/ui";

export const ledgerPages: ModulePages = {
  module: "ledger",
  menu: [{ label: "Sessions", path: "/sessions", icon: "session" }],
  pages: [
    { path: "/sessions", load: () => import("./sessions-page.tsx") },
    { path: "/sessions/$id", load: () => import("./session-page.tsx") },
  ],
};
