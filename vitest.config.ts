import { configDefaults, defineConfig } from "vitest/config";
import { projects, type ProjectName } from "./scripts/test/projects.ts";

const folders = "{packages,modules,runtime,apps,bench,scripts}";
const kinds = "sockets|store|terminal|faults|browser";

/** Files of one project: `x.store.test.ts` for `store`; `unit` takes whatever carries no kind. */
function files(name: ProjectName): string {
  return name === "unit" ? `${folders}/**/!(*.@(${kinds})).test.{ts,tsx}` : `${folders}/**/*.${name}.test.{ts,tsx}`;
}

/** Starts the one PostgreSQL of a `store` run and stops it afterwards; each file clones a template database. */
const postgresForTheRun = "./runtime/postgres/global-setup.ts";

export default defineConfig({
  test: {
    projects: projects.map((project) => ({
      test: {
        name: project.name,
        include: [files(project.name)],
        exclude: [...configDefaults.exclude, "**/dist/**", "**/.metersmith/**"],
        pool: project.pool,
        isolate: project.isolate,
        ...(project.workers === undefined ? {} : { maxWorkers: project.workers }),
        testTimeout: project.secondsPerTest * 1000,
        hookTimeout: project.secondsPerTest * 1000,
        setupFiles: ["./scripts/test/seed.ts"],
        globalSetup: project.name === "store" ? [postgresForTheRun] : [],
      },
    })),
  },
});
