import type { Bench } from "./bench.ts";

/** Every bench by its name, loaded when asked for: one that cannot be loaded does not keep the others from running. */
export const benches: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  // First: it tells the most memory that the process has had so far.
  programs: () => import("./programs/figures.ts"),
  tables: () => import("./tables/figures.ts"),
  psem: () => import("./psem/figures.ts"),
  meter: () => import("./meter/figures.ts"),
  repository: () => import("./repository/figures.ts"),
  start: () => import("./start/figures.ts"),
};
