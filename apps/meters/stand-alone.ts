import process from "node:process";
import type { Log } from "@metersmith/base/log";
import { openProgress, silentProgress } from "@metersmith/node/progress";
import type { DeliveredMeter } from "./delivered-meter.ts";
import type { Turn } from "./scenario/scenario-plan.ts";
import { startStreet, type Street } from "./street.ts";
import type { StreetCommand } from "./street-config.ts";

/** More meters than this are told as one line. */
const mostLines = 24;
/** Serial numbers in the line of what begins or ends. */
const mostNamed = 6;
const mebi = 2 ** 20;

/** Runs a street from a terminal, until Ctrl-C, SIGTERM, or the end of its input where asked for. `started` is awaited before anybody is told. */
export async function standAlone(command: StreetCommand, log: Log, started: (street: Street) => Promise<void>): Promise<void> {
  const { json } = command;
  const begun = performance.now();
  const step = (json ? silentProgress : openProgress(process.stderr)).step("meters");
  const tell = (facts: object, text: string): void => void process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${text}\n`);
  const tellTurn = (turn: Turn): void => {
    const serials = turn.positions.slice(0, mostLines).map((position) => street.meters[position]?.serial ?? "");
    tell({ event: turn.begins ? "begins" : "ends", name: turn.name, meters: turn.positions.length, serials, at: new Date(turn.at).toISOString() }, turnText(turn, serials));
  };
  // What happens while the meters are being made is told after that.
  const early: Turn[] = [];
  let ready = false;
  let street: Street;
  try {
    street = await startStreet(command, log, {
      onProgress: (done, total) => step.update(done, total),
      onTurn: (turn) => void (ready ? tellTurn(turn) : early.push(turn)),
    });
    await started(street);
  } catch (error) {
    // What is wrong is told by whoever catches it.
    step.failed("did not start");
    throw error;
  }
  // Before anybody is told: who hears of it may end it at once.
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    // A second Ctrl-C does not wait.
    process.removeListener("SIGINT", end);
    process.removeListener("SIGTERM", end);
    void street.stop().then(() => {
      tell({ event: "stopped" }, "stopped");
      process.exit(0);
    });
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  if (command.whileInput) process.stdin.once("end", end).resume();

  const seconds = Number(((performance.now() - begun) / 1000).toFixed(1));
  const mebibytes = Math.round(process.memoryUsage.rss() / mebi);
  const { meters } = street;
  step.done(`${meters.length} answer, ${mebibytes} MiB`);
  tell({ event: "ready", meters: meters.length, first: meters[0]?.host, last: meters.at(-1)?.host, port: command.port, home: command.home, seconds, mebibytes }, meters.length > mostLines ? spanText(meters) : meters.map(meterText).join("\n"));
  ready = true;
  early.forEach(tellTurn);
}

const meterText = ({ serial, deviceType, host, port }: DeliveredMeter): string => `${serial}  ${deviceType}  tcp:${host}:${port}`;

function spanText(meters: readonly DeliveredMeter[]): string {
  const [first, last] = [meters[0], meters.at(-1)];
  return first && last ? `${meterText(first)}\n…\n${meterText(last)}` : "";
}

/** With the serial numbers where they fit in a line. */
function turnText({ at, name, begins, positions }: Turn, serials: readonly string[]): string {
  const which = positions.length > 0 && positions.length <= mostNamed ? ` (${serials.join(", ")})` : "";
  return `${new Date(at).toISOString().slice(0, 19)}Z  ${begins ? "begins" : "ends  "}  ${name}: ${positions.length} ${positions.length === 1 ? "meter" : "meters"}${which}`;
}
