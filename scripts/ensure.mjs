// Installs the pinned dependencies where they are missing or other than package-lock.json says; otherwise it is done at once.
// It runs before anything is installed, so it depends on nothing, and under any Node from 20 on.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, appendFileSync, constants, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = 20;
const FRAME_MS = 500;
const LINE_EVERY_MS = 5000;
const LAST_LINES = 12;

const top = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(top, "node_modules");
/** Written by npm itself when all is in place, and the first thing that it removes: what it holds was installed whole. */
const installedRecord = join(modules, ".package-lock.json");

class Refusal extends Error {}

/** The entries of a lockfile by their path, "" (the project itself) left out; undefined where it cannot be read. */
function entriesOf(path) {
  try {
    return Object.entries(JSON.parse(readFileSync(path, "utf8")).packages).filter(([place]) => place !== "");
  } catch {
    return undefined;
  }
}

/** Optional dependencies of the project itself are the parts that differ by machine; the one for this machine is needed. */
function needed(wanted) {
  const own = JSON.parse(readFileSync(join(top, "package.json"), "utf8")).optionalDependencies ?? {};
  const fits = (list, value) => list === undefined || list.includes(value);
  return wanted.filter(([place, entry]) => {
    if (!entry.optional) return true;
    return place.replace(/^node_modules\//, "") in own && fits(entry.os, process.platform) && fits(entry.cpu, process.arch);
  });
}

/** What is missing or other than pinned: the path of the first such package, or undefined. */
function firstMissing(wanted) {
  const installed = new Map(entriesOf(installedRecord) ?? []);
  const missing = needed(wanted).find(([place, entry]) => {
    const found = installed.get(place);
    if (!found || !existsSync(join(top, place, "package.json"))) return true;
    return found.version !== entry.version || (entry.integrity !== undefined && found.integrity !== entry.integrity);
  });
  if (missing) return missing[0];
  // A package that was pinned before and is not now could still be imported here, and nowhere else.
  const pinned = new Set(wanted.map(([place]) => place));
  return [...installed.keys()].find((place) => !pinned.has(place));
}

/** The pinned Node in front of every script's PATH: npm's own links to commands come first there. */
const nodeLink = join(modules, ".bin", "node");
const nodeTarget = join("..", `node-linux-${process.arch}`, "bin", "node");

/** Whether there is nothing to link; where the package itself is missing, that is another matter. */
const nodeIsLinked = () => existsSync(nodeLink) || !existsSync(join(modules, `node-linux-${process.arch}`, "bin", "node"));

/**
 * npm 10 drops the link again when it leaves out the package for the other processor, which has a command of the same name
 * (observed with 10.8.2; 11.19 keeps it). Made beside and moved into place: another start may look at this moment.
 */
function linkNode() {
  const mine = `${nodeLink}.${process.pid}`;
  mkdirSync(dirname(mine), { recursive: true });
  rmSync(mine, { force: true });
  symlinkSync(nodeTarget, mine);
  renameSync(mine, nodeLink);
}

/** Counts the packages in place while npm works, on one line of a terminal, elsewhere a line now and then. */
function showProgress(places) {
  const terminal = process.stderr.isTTY;
  const begun = Date.now();
  let printed = begun;
  const draw = () => {
    const done = places.filter((place) => existsSync(join(top, place, "package.json"))).length;
    const seconds = Math.round((Date.now() - begun) / 1000);
    const cells = Math.round((24 * done) / places.length);
    const text = `${"█".repeat(cells)}${"░".repeat(24 - cells)} ${done} of ${places.length} packages, ${seconds} s`;
    if (terminal) process.stderr.write(`\r\x1b[2K  ${text}`);
    else if (Date.now() - printed >= LINE_EVERY_MS) {
      printed = Date.now();
      process.stderr.write(`  ${text}\n`);
    }
  };
  const timer = setInterval(draw, FRAME_MS);
  return () => {
    clearInterval(timer);
    if (terminal) process.stderr.write("\r\x1b[2K");
    return Math.round((Date.now() - begun) / 1000);
  };
}

/** npm as it was called, so that `npm start` under one version does not install with another. */
function npmCommand() {
  const path = process.env.npm_execpath;
  return path && /npm/.test(path) && existsSync(path) ? [process.execPath, path] : ["npm"];
}

/** npm keeps its cache in the home folder; an account that has none gets a cache that is gone afterwards. */
function temporaryCache() {
  let folder = process.env.npm_config_cache ?? join(homedir(), ".npm");
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch {
    return mkdtempSync(join(tmpdir(), "metersmith-npm-cache-"));
  }
}

async function install(started) {
  const [command, ...before] = npmCommand();
  const cache = temporaryCache();
  const options = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error", "--no-progress"];
  const said = [];
  try {
    const code = await new Promise((resolve, reject) => {
      const npm = spawn(command, [...before, ...options, ...(cache ? [`--cache=${cache}`] : [])], { cwd: top, stdio: ["ignore", "pipe", "pipe"] });
      started(npm.pid);
      for (const stream of [npm.stdout, npm.stderr]) stream.on("data", (chunk) => said.push(chunk));
      npm.once("error", reject);
      npm.once("close", resolve);
    });
    if (code !== 0) throw new Refusal(explain(Buffer.concat(said).toString("utf8"), code));
  } catch (error) {
    throw error.code === "ENOENT" ? new Refusal("npm was not found; install Node 20 or newer together with npm") : error;
  } finally {
    if (cache) rmSync(cache, { recursive: true, force: true });
  }
}

const reasons = [
  [/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i, "The package registry was not reached: check the network and the proxy (`npm config get registry`), then try again."],
  [/ENOSPC/, "The disk is full: about 1 GB is needed."],
  [/EACCES|EPERM|EROFS/, "This account may not write here: run it as the owner of the folder."],
  [/EUSAGE|in sync/, "package.json and package-lock.json do not belong together: restore both from the repository."],
  [/EINTEGRITY/, "A package is not the one that was pinned: `npm cache clean --force`, then try again; if it stays so, do not install it."],
];

function explain(said, code) {
  const last = said.trim().split("\n").filter(Boolean).slice(-LAST_LINES).map((line) => `  ${line}`);
  const [, advice] = reasons.find(([pattern]) => pattern.test(said)) ?? [undefined, "What npm said is above; `npm ci` shows it in full."];
  return ["npm could not install the dependencies (`npm ci`, exit code " + code + "):", ...last, advice].join("\n");
}

/** Number and start of a process: the number alone may be used again. Where /proc is missing, the number has to do. */
function processMark(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return `${pid} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return existsSync("/proc/self") ? undefined : `${pid}`;
  }
}

/** A link is made whole or not at all, and never over another. */
function taken(mine, lock) {
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Removes the lock that a dead process left; where another has taken it meanwhile, that one is put back. */
function setAside(lock, aside, holder) {
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readFileSync(aside, "utf8") !== holder) taken(aside, lock);
  rmSync(aside, { force: true });
}

/** Runs `work` while no other installation of this folder runs. */
async function alone(work) {
  const folder = join(top, ".metersmith");
  const lock = join(folder, `install-${createHash("sha256").update(modules).digest("hex").slice(0, 8)}.lock`);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, processMark(process.pid) ?? "");
  for (let told = false; !taken(mine, lock); ) {
    const holder = existsSync(lock) ? readFileSync(lock, "utf8") : "";
    if (holder.split("\n").some((mark) => mark === processMark(Number(mark.split(" ")[0])))) {
      if (!told) process.stderr.write("Another process is installing the dependencies; waiting for it.\n");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    } else {
      setAside(lock, `${mine}.stale`, holder);
    }
  }
  rmSync(mine, { force: true });
  const release = () => {
    rmSync(lock, { force: true });
    try {
      rmdirSync(folder);
    } catch {
      // It holds an installation's state.
    }
  };
  process.once("exit", release);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
  // npm goes on when this process is killed: the lock is then npm's until it ends.
  await work((pid) => pid && appendFileSync(lock, `\n${processMark(pid) ?? ""}`));
  release();
}

async function main() {
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
    throw new Refusal(`This is Node ${process.versions.node}; Metersmith installs its own, but needs ${OLDEST_NODE} or newer to do so.`);
  }
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) {
    throw new Refusal(`Metersmith runs on Linux, x64 or arm64; this is ${process.platform} ${process.arch}.`);
  }
  const wanted = entriesOf(join(top, "package-lock.json"));
  if (!wanted) throw new Refusal("package-lock.json is missing or damaged: restore it from the repository.");
  if (firstMissing(wanted) === undefined && nodeIsLinked()) return;

  await alone(async (started) => {
    if (firstMissing(wanted) === undefined) {
      if (!nodeIsLinked()) linkNode();
      return;
    }
    process.stderr.write("Installing the pinned dependencies (once, and again when they change).\n");
    const end = showProgress(needed(wanted).map(([place]) => place));
    try {
      await install(started);
    } finally {
      process.stderr.write(`  ${end()} s\n`);
    }
    const missing = firstMissing(wanted);
    if (missing === undefined && !nodeIsLinked()) linkNode();
    if (missing !== undefined) throw new Refusal(`npm reported success, but ${missing} is not installed as pinned. Does \`npm ci\` omit optional packages here?`);
  });
}

try {
  await main();
} catch (error) {
  const text = error instanceof Refusal || error.code ? error.message : (error.stack ?? String(error));
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
