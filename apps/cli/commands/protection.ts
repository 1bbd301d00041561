import { writeFile } from "node:fs/promises";
import { toHex } from "@metersmith/base/bytes";
import { tableNumber } from "@metersmith/tables";
import { checkStudy, readStudy, type StudyFinding, studyPlot, type Study, sweepFeeder } from "@metersmith/protection";
import type { Command } from "commander";
import { fileFailure } from "../failure.ts";
import { findDeviceType, readJson } from "../files.ts";
import { columns, tell } from "../output.ts";
import { protectionTableOf } from "../protection-table.ts";
import { wholeNumber } from "../whole-number.ts";

/** A study that is not coordinated, or a sweep with runs that are not as they must be. */
const notInOrder = 1;

export function addProtectionCommands(command: Command): void {
  command.description("Protection of a circuit: whether a meter's setting fits from the main breaker to the recloser, as findings, curves and simulation.").helpCommand(false);

  command
    .command("check")
    .description("check a study: margins in seconds by range of current, inrush and cold load, what is vacuous; exit code 1 where it is not coordinated")
    .argument("<study>", "file with the study (docs/reference/protection.md)")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("protection check examples/protection/four-homes.json"))
    .action(check);

  command
    .command("plot")
    .description("the study's time-current curves as an SVG file")
    .argument("<study>", "file with the study")
    .requiredOption("--out <file>", "write the plot here")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("protection plot examples/protection/four-homes.json --out four-homes.svg"))
    .action(plot);

  command
    .command("table")
    .description("the setting of a coordinated study as the octets that are written to a meter; exit code 1 where it is not coordinated")
    .argument("<study>", "file with the study")
    .requiredOption("--device-type <type>", "whose switch it is, as rx-2s, or the folder of a device type")
    .option("--out <file>", "write the octets here")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("protection table examples/protection/four-homes.json --device-type rx-2s"))
    .action(table);

  command
    .command("sweep")
    .description("run the simulated feeder over fault currents, places and homes and hold each run against the check; exit code 1 where one is not as it must be")
    .argument("<study>", "file with the study")
    .option("--currents <n>", "fault currents from twice a home's load to the largest fault, 2 to 10000", "400")
    .option("--json", "one JSON object on one line")
    .addHelpText("after", example("protection sweep examples/protection/four-homes.json --currents 1000"))
    .action(sweep);
}

const example = (text: string): string => `\nExample:\n  npx metersmith ${text}`;

async function studyIn(file: string): Promise<Study> {
  return readStudy(await readJson(file), file);
}

async function check(file: string, { json }: { json?: boolean }): Promise<void> {
  const study = await studyIn(file);
  const { coordinated, findings } = checkStudy(study);
  tell(json, { ok: coordinated, title: study.title, coordinated, findings: findings.map(withoutInfinity) }, () => [
    study.title,
    "",
    ...columns(findings.map(({ severity, place, fromAmperes, toAmperes, text }) => [severity, place, rangeText(fromAmperes, toAmperes), text])),
    "",
    coordinated ? "coordinated; where it says vacuous nothing is proven" : "not coordinated",
  ]);
  if (!coordinated) process.exitCode = notInOrder;
}

async function plot(file: string, { out, json }: { out: string; json?: boolean }): Promise<void> {
  const svg = studyPlot(await studyIn(file));
  try {
    await writeFile(out, svg);
  } catch (error) {
    throw fileFailure(error, out);
  }
  tell(json, { ok: true, out, octets: Buffer.byteLength(svg) }, () => [`written to ${out}`]);
}

async function table(file: string, { deviceType, out, json }: { deviceType: string; out?: string; json?: boolean }): Promise<void> {
  const study = await studyIn(file);
  const { table: number, name, octets } = protectionTableOf(study, await findDeviceType(deviceType));
  if (!checkStudy(study).coordinated) {
    tell(json, { ok: false, coordinated: false }, () => ["not coordinated: protection check says where"]);
    process.exitCode = notInOrder;
    return;
  }
  if (out !== undefined) {
    try {
      await writeFile(out, octets);
    } catch (error) {
      throw fileFailure(error, out);
    }
  }
  tell(json, { ok: true, out: out ?? null, table: number, name, octets: toHex(octets) }, () => [out === undefined ? toHex(octets) : `${name} (${tableNumber(number)}) written to ${out}`]);
}

async function sweep(file: string, options: { currents: string; json?: boolean }): Promise<void> {
  const study = await studyIn(file);
  const { runs, problems } = sweepFeeder(study, wholeNumber("currents", options.currents, 2, 10_000));
  const counts = new Map<string, number>();
  for (const { fault, verdict } of runs) counts.set(verdict ?? fault.place, (counts.get(verdict ?? fault.place) ?? 0) + 1);
  const wrong = runs.filter((run) => run.problems.length > 0);
  tell(options.json, { ok: problems === 0, simulation: true, runs: runs.length, by: Object.fromEntries(counts), problems, wrong: wrong.slice(0, mostShown) }, () => [
    `simulation: ${runs.length} runs, ${problems} not as they must be`,
    ...columns([...counts].map(([what, count]) => [`  ${what}`, String(count)])),
    ...wrong.slice(0, mostShown).map(({ fault, amperes, problems: what }) => `home ${fault.home + 1}, ${fault.place}, ${Math.round(amperes)} A: ${what.join("; ")}`),
  ]);
  if (problems > 0) process.exitCode = notInOrder;
}

const mostShown = 20;

function rangeText(from: number | undefined, to: number | undefined): string {
  const number = (amperes: number): string => Math.round(amperes).toLocaleString("en-US");
  if (from === undefined) return "";
  return to === undefined ? `from ${number(from)} A` : `${number(from)}–${number(to)} A`;
}

/** JSON has no infinity: a time that never comes is null. */
function withoutInfinity({ least, ...finding }: StudyFinding): object {
  if (!least) return finding;
  return { ...finding, least: Object.fromEntries(Object.entries(least).map(([key, value]) => [key, Number.isFinite(value) ? value : null])) };
}
