import { parseArgs } from "node:util";
import { seededRandom } from "@metersmith/base/random";
import { MemoryWatch } from "./fuzz/memory-watch.ts";
import { targets } from "./fuzz/targets.ts";

const usage = `Usage: npm run fuzz -- <target> [--messages N] [--seed S]

Targets: ${Object.keys(targets).join(", ")}
  --messages N   how many hostile messages in all; 10000000 by default
  --seed S       a whole number; the same seed gives the same messages. By default one from the time, which is printed

Example: npm run fuzz -- psem --messages 1000000 --seed 7
`;

/** Messages of one round: a failure names its round's seed, so that it comes again within seconds. */
const roundMessages = 100_000;

interface FuzzCommand {
  readonly target: string;
  readonly messages: number;
  readonly seed: number;
}

function readCommand(): FuzzCommand {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({ options: { messages: text, seed: text }, allowPositionals: true });
  const [target = ""] = positionals;
  const messages = Number(values.messages ?? 10_000_000);
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  if (!Object.hasOwn(targets, target)) throw new TypeError(`There is nothing to fuzz named "${target}".`);
  if (!Number.isSafeInteger(messages) || messages < 1) throw new TypeError("--messages takes a whole number from 1 on.");
  if (!Number.isSafeInteger(seed) || seed < 0) throw new TypeError("--seed takes a whole number from 0 on.");
  return { target, messages, seed };
}

async function attack({ target, messages, seed }: FuzzCommand): Promise<void> {
  const ends = targets[target] ?? [];
  for (const { end, attack } of ends) {
    const share = Math.ceil(messages / ends.length);
    const outcomes = new Map<string, number>();
    const start = performance.now();
    const memory = new MemoryWatch();
    let sent = 0;
    for (let round = 0; sent < share; round++) {
      const roundSeed = (seed + round) >>> 0;
      try {
        const found = await attack(seededRandom(roundSeed), Math.min(roundMessages, share - sent), () => memory.look());
        sent += found.messages;
        for (const [outcome, times] of found.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + times);
      } catch (cause) {
        throw new Error(`${target}, ${end}: seed ${roundSeed} breaks it (npm run fuzz -- ${target} --messages ${ends.length * roundMessages} --seed ${roundSeed})`, { cause });
      }
    }
    memory.mustNotHaveGrown(`${target}, ${end}`);
    const seconds = (performance.now() - start) / 1000;
    const seen = [...outcomes].sort(([, a], [, b]) => b - a).map(([outcome, times]) => `${outcome} ${times}`);
    process.stdout.write(
      `${target}, ${end}: ${sent} messages from seed ${seed} in ${seconds.toFixed(1)} s, ${Math.round(sent / seconds)} a second; ${memory.words()}\n  ${seen.join(", ")}\n`,
    );
  }
}

try {
  const command = readCommand();
  await attack(command).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? `${error.message}\n${String(error.cause instanceof Error ? error.cause.stack : error.cause)}` : String(error)}\n`);
    process.exitCode = 1;
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
