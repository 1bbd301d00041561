import { exitCodes } from "@metersmith/base/errors";
import { decodeImage, releaseOf, releaseText, unverifiedManifest, type Manifest } from "@metersmith/images";
import { handOver, handoverSteps, sendToCard, type HandoverReport, type HandoverStep, type Installation } from "@metersmith/nic";
import type { Command } from "commander";
import { type CardOptions, isCardAddress, withCard } from "../card-connection.ts";
import { deviceTypeOf, readOctets } from "../files.ts";
import { epochSeconds } from "../image/manifest-options.ts";
import { withMeter } from "../meter-connection.ts";
import { columns, tell } from "../output.ts";
import { connecting, example, type Common } from "./meter.ts";

/** An image is at most 16 MiB of payload and what describes it. */
const mostOctets = 17 * 1024 * 1024;

export function addUpdateCommand(command: Command): void {
  connecting(command.command("update"))
    .description("hand a signed image to a meter, have it verify and activate it, and confirm by what table 1 then shows; an interrupted one goes on when it is asked again. To the board itself, or as https://host:port to the meter's communications card, which keeps it and hands it over")
    .argument("<image>", "file that image sign wrote")
    .option("--at <time>", "activate then, in UTC: 2026-12-31T00:00Z; give the same command again afterwards to confirm. Without it, at once")
    .option("--certificate <file>", "for a card: certificate and key to show, such as programmer.pem")
    .option("--authority <file>", "for a card: who signed its certificate, such as authority.crt")
    .addHelpText("after", example("meter update RX260001 firmware-2.image", "meter update c1222:RX260001 et2.image --at 2026-12-31T05:00Z", "meter update https://127.40.0.1:8443 firmware-2.image --certificate programmer.pem --authority authority.crt"))
    .action(update);
}

interface UpdateOptions extends Common, CardOptions {
  readonly at?: string;
}

async function update(address: string, file: string, options: UpdateOptions): Promise<void> {
  const image = new Uint8Array(await readOctets(file, mostOctets));
  const at = options.at === undefined ? {} : { at: epochSeconds("at", options.at) };
  const { manifest } = unverifiedManifest(decodeImage(image).signedManifest);
  const ended = isCardAddress(address) ? await byCard(address, image, at, options) : await byBoard(address, image, manifest.deviceType, at, options);
  if (!options.json) process.stderr.write("\n");
  tell(options.json, { ok: ended.outcome !== "refused", ...ended }, () => reportText(manifest, ended));
  if (ended.outcome === "refused") process.exitCode = exitCodes["peer-refused"];
}

/** `deviceType` only finds the definitions: the meter verifies. */
async function byBoard(address: string, image: Uint8Array, deviceType: string, at: { readonly at?: number }, options: UpdateOptions): Promise<HandoverReport> {
  const { definitions } = await deviceTypeOf(deviceType);
  const line = progressLine();
  const onProgress = ({ step, done, total }: { readonly step: HandoverStep; readonly done: number; readonly total: number }): void => line(`${handoverSteps.indexOf(step) + 1}/${handoverSteps.length} ${step}`, done, total);
  return withMeter(address, definitions, options, (meter, stopping) => handOver(meter, image, { ...at, ...stopping, ...(options.json ? {} : { onProgress }) }));
}

async function byCard(address: string, image: Uint8Array, at: { readonly at?: number }, options: UpdateOptions): Promise<Installation & { readonly sentToCard: number }> {
  const line = progressLine();
  const onProgress = (done: number, total: number): void => line(done < total ? "1/2 send to the card" : "2/2 the card hands it over", done, total);
  const { sent, installation } = await withCard(address, options, (ask) => sendToCard(ask, image, { ...at, ...(options.json ? {} : { onProgress }) }));
  return { ...installation, sentToCard: sent };
}

function progressLine(): (step: string, done: number, total: number) => void {
  let last = "";
  return (step, done, total) => {
    const line = `${step} ${done}/${total}`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : step === last ? "" : `${line}\n`);
    last = step;
  };
}

function reportText(image: Manifest, { outcome, octets, firmware, metrologyCheck, refusal, status, ...rest }: Installation & { readonly sentToCard?: number }): string[] {
  const shown = (release: number): string => releaseText(releaseOf(release));
  const toCard = rest.sentToCard === undefined ? [] : [["card", `was sent ${rest.sentToCard} octets`] as const];
  return [
    `${outcome}: ${image.kind} ${image.id} ${image.kind === "firmware" ? shown(image.version) : image.version}, ${octets.sent} of ${octets.total} octets sent`,
    ...columns([
      ...toCard,
      ["table 1", firmware.before === firmware.after ? `shows firmware ${shown(firmware.after)}` : `showed firmware ${shown(firmware.before)}, shows ${shown(firmware.after)}`],
      ...(metrologyCheck ? [["metrology check", metrologyCheck]] : []),
      ...(status.programId ? [["program", `${status.programId} ${status.programVersion}`]] : []),
      ...(outcome === "scheduled" ? [["activates", new Date(status.activateAt * 1000).toISOString()]] : []),
    ]),
    ...(refusal ? [`refused at ${refusal.step}: ${refusal.code}${refusal.place > 0 ? `, ${refusal.place}` : ""} (docs/reference/meter-memory.md#how-it-ended)`] : []),
  ];
}
