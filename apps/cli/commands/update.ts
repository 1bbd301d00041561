import { exitCodes } from "@metersmith/base/errors";
import { decodeImage, releaseOf, releaseText, unverifiedManifest } from "@metersmith/images";
import { handOver, handoverSteps, type HandoverReport, type HandoverStep } from "@metersmith/nic";
import type { Command } from "commander";
import { deviceTypeOf, readOctets } from "../files.ts";
import { epochSeconds } from "../image/manifest-options.ts";
import { withMeter } from "../meter-connection.ts";
import { columns, tell } from "../output.ts";
import { connecting, example, type Common } from "./meter.ts";

/** An image is at most 16 MiB of payload and what describes it. */
const mostOctets = 17 * 1024 * 1024;

export function addUpdateCommand(command: Command): void {
  connecting(command.command("update"))
    .description("hand a signed image to a meter, have it verify and activate it, and confirm by what table 1 then shows; an interrupted one goes on when it is asked again")
    .argument("<image>", "file that image sign wrote")
    .option("--at <time>", "activate then, in UTC: 2026-12-31T00:00Z; give the same command again afterwards to confirm. Without it, at once")
    .addHelpText("after", example("meter update RX260001 firmware-2.image", "meter update c1222:RX260001 et2.image --at 2026-12-31T05:00Z"))
    .action(update);
}

async function update(address: string, file: string, options: Common & { readonly at?: string }): Promise<void> {
  const image = new Uint8Array(await readOctets(file, mostOctets));
  // Only to find the definitions: the meter verifies.
  const { manifest } = unverifiedManifest(decodeImage(image).signedManifest);
  const { definitions } = await deviceTypeOf(manifest.deviceType);
  const at = options.at === undefined ? {} : { at: epochSeconds("at", options.at) };
  const report = await withMeter(address, definitions, options, (meter) => handOver(meter, image, { ...at, ...(options.json ? {} : { onProgress: progressLine() }) }));
  if (!options.json) process.stderr.write("\n");
  tell(options.json, { ok: report.outcome !== "refused", ...report }, () => reportText(report));
  if (report.outcome === "refused") process.exitCode = exitCodes["peer-refused"];
}

function progressLine(): (progress: { readonly step: HandoverStep; readonly done: number; readonly total: number }) => void {
  let last = "";
  return ({ step, done, total }) => {
    const line = `${handoverSteps.indexOf(step) + 1}/${handoverSteps.length} ${step} ${done}/${total}`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : step === last ? "" : `${line}\n`);
    last = step;
  };
}

function reportText({ outcome, image, octets, firmware, metrologyCheck, refusal, status }: HandoverReport): string[] {
  const shown = (release: number): string => releaseText(releaseOf(release));
  return [
    `${outcome}: ${image.kind} ${image.id} ${image.kind === "firmware" ? shown(image.version) : image.version}, ${octets.sent} of ${octets.total} octets sent`,
    ...columns([
      ["table 1", firmware.before === firmware.after ? `shows firmware ${shown(firmware.after)}` : `showed firmware ${shown(firmware.before)}, shows ${shown(firmware.after)}`],
      ...(metrologyCheck ? [["metrology check", metrologyCheck]] : []),
      ...(status.programId ? [["program", `${status.programId} ${status.programVersion}`]] : []),
      ...(outcome === "scheduled" ? [["activates", new Date(status.activateAt * 1000).toISOString()]] : []),
    ]),
    ...(refusal ? [`refused at ${refusal.step}: ${refusal.code}${refusal.place > 0 ? `, ${refusal.place}` : ""} (docs/reference/meter-memory.md#how-it-ended)`] : []),
  ];
}
