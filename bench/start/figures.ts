import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@metersmith/node/free-port";
import type { Bench, BenchMode, Measured } from "../bench.ts";
import { median } from "../paired.ts";
import { bareStartMillis } from "./bare-start.ts";
import { millisUntilConsoleAnswers } from "./supervisor-run.ts";

interface Round {
  readonly first: number;
  readonly bareFirst: number;
  readonly second: number;
  readonly bareSecond: number;
}

/** One first and one second start, each beside its bare peer, in a folder that is gone afterwards. */
async function round(): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), "metersmith-bench-"));
  try {
    const [home, bare] = [join(folder, "home"), join(folder, "bare")];
    const port = await freePort();
    const bareFirst = await bareStartMillis(bare);
    const first = await millisUntilConsoleAnswers(home, port);
    const bareSecond = await bareStartMillis(bare);
    const second = await millisUntilConsoleAnswers(home, port);
    return { first, bareFirst, second, bareSecond };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function figure(name: string, rounds: readonly Round[], value: keyof Round, limit: keyof Round, bound: string): Measured {
  return {
    figure: name,
    value: median(rounds.map((one) => one[value])),
    unit: "ms",
    limit: median(rounds.map((one) => one[limit])),
    ratio: median(rounds.map((one) => one[limit] / one[value])),
    bound,
  };
}

export const bench: Bench = {
  name: "start",
  about: "from npm start until the console answers, against PostgreSQL and Node alone",
  async figures(mode: BenchMode) {
    const rounds: Round[] = [];
    for (let count = mode === "quick" ? 1 : 5; count > 0; count--) rounds.push(await round());
    return [
      figure("start.first", rounds, "first", "bareFirst", "value <= 30000"),
      figure("start.second", rounds, "second", "bareSecond", "value <= 8000"),
    ];
  },
};
