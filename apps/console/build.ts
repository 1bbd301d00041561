import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { InlineConfig, PluginOption } from "vite";

const folder = dirname(fileURLToPath(import.meta.url));
const top = join(folder, "../..");

/** Everything the built files depend on, from the top folder. */
const sources = ["apps/console", "runtime/ui", "modules", "packages/base", "package-lock.json"];

/** Libraries that change seldom, apart from our own code, so that a new version of ours leaves them in the browser's cache. */
const groups = [
  { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 2 },
  { name: "libraries", test: /node_modules[\\/]/, priority: 1 },
];

function viteConfig(outDir: string, plugins: PluginOption[]): InlineConfig {
  return {
    root: folder,
    configFile: false,
    logLevel: "warn",
    plugins,
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2023",
      sourcemap: false,
      // Nothing as data: addresses, no inline polyfill: the content security policy stays strict.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { codeSplitting: { groups } } },
    },
  };
}

/** Builds the console into `outDir`, which is emptied first: static files for any web server, `index.html` for every unknown path. */
export async function buildConsole(outDir: string): Promise<void> {
  // Loaded only to build: a start that finds the console built must not wait for the bundler.
  const [{ build }, { default: react }] = await Promise.all([import("vite"), import("@vitejs/plugin-react")]);
  await build(viteConfig(outDir, [react()]));
}

/** `sha256:hex` over the console's sources and the pinned dependencies: the same digest means that a build can be kept. */
export async function consoleSourceDigest(): Promise<string> {
  const paths = (await Promise.all(sources.map((source) => filesUnder(join(top, source))))).flat().sort();
  const hash = createHash("sha256");
  for (const path of paths) {
    const bytes = await readFile(path);
    // Lengths keep a name from running into the content before it.
    hash.update(`${relative(top, path).split(sep).join("/")}\0${bytes.length}\0`);
    hash.update(bytes);
  }
  return `sha256:${hash.digest("hex")}`;
}

const skipped = new Set(["node_modules", "dist", "store", "jobs", "testing"]);

async function filesUnder(path: string): Promise<string[]> {
  if (path.endsWith(".json")) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const kept = entries.filter(({ name }) => !skipped.has(name) && !name.includes(".test."));
  const nested = await Promise.all(kept.filter((entry) => entry.isDirectory()).map(({ name }) => filesUnder(join(path, name))));
  return [...kept.filter((entry) => entry.isFile()).map(({ name }) => join(path, name)), ...nested.flat()];
}
