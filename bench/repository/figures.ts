import { rm } from "node:fs/promises";
import { join } from "node:path";
import { MemoryBlobs } from "@metersmith/base/blob-store";
import { serveFolder, type FolderServer } from "@metersmith/node/http/folder-server";
import { httpRemote } from "@metersmith/node/http/http-remote";
import { systemClock } from "@metersmith/node/system-clock";
import { synchronize, TrustedStore, usualPace, type Pace } from "@metersmith/trust";
import type { Bench, BenchMode, Measured } from "../bench.ts";
import { Catalog, programOctets } from "./catalog.ts";

interface Synced {
  readonly octets: number;
  readonly milliseconds: number;
  readonly added: number;
}

/** One follower that brings its store up to date, and what went over its connections, both ways, heads included. */
async function follow(server: FolderServer, blobs: MemoryBlobs, pace: Pace = usualPace): Promise<Synced> {
  const [before, start] = [server.traffic(), performance.now()];
  const remote = httpRemote(`http://127.0.0.1:${server.port}/`);
  try {
    const { added } = await synchronize({ remote, store: new TrustedStore(blobs), clock: systemClock, pace });
    return { octets: server.traffic() - before, milliseconds: performance.now() - start, added: added.length };
  } finally {
    remote.close();
  }
}

const plain = { limit: null, ratio: null } as const;
/** What an issue allows beside the new content, and of it. */
const [allowedShare, allowedOctets] = [1.1, 20 * 1024];

function wire(figure: string, { octets, added }: Synced, bounded: boolean): Measured {
  const limit = allowedShare * added * programOctets + allowedOctets;
  return { figure, value: octets, unit: "B", limit, ratio: limit / octets, bound: bounded ? "ratio >= 1" : null };
}

async function* figures(mode: BenchMode): AsyncGenerator<Measured> {
  const programs = mode === "full" ? 10_000 : 2000;
  const tools = mode === "full" ? 1000 : 50;
  const catalog = await Catalog.make(programs);
  const server = await serveFolder(join(catalog.folder, "public"), "127.0.0.1", 0);
  try {
    const blobs = new MemoryBlobs();
    await new TrustedStore(blobs).begin(await catalog.root());
    const first = await follow(server, blobs);
    yield { figure: `repository.sync.first@${programs}`, value: first.milliseconds, unit: "ms", ...plain, bound: null };
    yield { figure: `repository.sync.first.wire@${programs}`, value: first.octets / (programs * programOctets), unit: "× content", ...plain, bound: null };
    // Changes spread over the catalog, so that versions of bins differ as they do in a repository that lives.
    for (let round = 0; round < (mode === "full" ? 10 : 3); round++) await catalog.publish(Array.from({ length: 100 }, (_, at) => (at * 97 + round * 31) % programs));
    await follow(server, blobs);
    for (const changed of [1, 3, 10, 100]) {
      const numbers = Array.from({ length: changed }, (_, at) => (at * 613 + 5) % programs);
      const start = performance.now();
      await catalog.publish(numbers);
      const milliseconds = performance.now() - start;
      if (changed === 100) yield { figure: `repository.publish.${changed}@${programs}`, value: milliseconds, unit: "ms", ...plain, bound: "value <= 2000" };
      // Content that is here already plays no part, and a thousand copies of its names would.
      const state = changed === 10 ? new MemoryBlobs(new Map([...blobs.blobs].filter(([name]) => name.startsWith("metadata/")))) : undefined;
      const synced = await follow(server, blobs);
      yield wire(`repository.sync.wire.k${changed}@${programs}`, synced, changed <= 10);
      if (state) yield* await many(server, state, tools, programs);
    }
  } finally {
    await server.close();
    await rm(catalog.folder, { recursive: true });
  }
}

/** All followers verify on one processor, where a tool has its own: what each waits for is mostly the others, and says nothing of the link. */
const sharedProcessor: Pace = { octets: 1, milliseconds: 600_000 };

/** So many followers at once, each ten programs behind: on this machine, in one process with the server. */
async function many(server: FolderServer, state: MemoryBlobs, tools: number, programs: number): Promise<readonly Measured[]> {
  const [before, start] = [server.traffic(), performance.now()];
  const synced = await Promise.all(Array.from({ length: tools }, () => follow(server, state.restarted(), sharedProcessor)));
  const seconds = (performance.now() - start) / 1000;
  const late = synced.filter(({ added }) => added !== 10).length;
  return [
    { figure: `repository.sync.k10.tools@${tools}`, value: seconds, unit: "s", ...plain, bound: null },
    { figure: `repository.sync.k10.tools.failed@${tools}`, value: late, unit: "tools", ...plain, bound: "value <= 0" },
    { figure: `repository.sync.k10.tools.wire@${tools}of${programs}`, value: (server.traffic() - before) / tools, unit: "B/tool", ...plain, bound: null },
  ];
}

export const bench: Bench = {
  name: "repository",
  about: `publication and synchronization over HTTP on the loopback; programs of ${programOctets} octets, in 4 delegations of 256 bins; octets on the wire count heads, both ways`,
  figures,
};
