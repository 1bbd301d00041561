import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { toHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";
import { acknowledge, downloadEverything, readReadSoFar, readVisitPosition, visitSet, type ProfileRead, type ReadingOptions, type ReadSoFar, type Visit, type VisitPosition } from "@metersmith/client";
import { writeFileAtomic } from "@metersmith/node/atomic-file";
import { standardDefinitions } from "@metersmith/tables/standard";
import type { Command } from "commander";
import { readJson } from "../files.ts";
import { type Stopping, withMeter } from "../meter-connection.ts";
import { columns, tell } from "../output.ts";
import { connecting, example, type Common } from "./meter.ts";

export function addVisitCommands(command: Command): void {
  connecting(command.command("visit"))
    .description("read what a head-end reads on each visit: identity, status, registers, previous reset, new events, new intervals of the load profile")
    .option("--since <file>", "position of the visit before; made where it does not exist, and moved on. An interrupted visit goes on from it")
    .addHelpText("after", example("meter visit tcp:127.20.0.1:1153 --password-file meter.password --since meter.position"))
    .action(visit);

  connecting(command.command("acknowledge"))
    .description("tell the meter that what was read up to a position is stored, so that it may overwrite it: other readers are not told of it again")
    .requiredOption("--since <file>", "the position that visit wrote")
    .addHelpText("after", example("meter acknowledge tcp:127.20.0.1:1153 --password-file meter.password --since meter.position"))
    .action(acknowledgeUpTo);

  connecting(command.command("download"))
    .description("read every table that the meter lists into a file; interrupted, it goes on where it stopped")
    .requiredOption("--out <file>", "JSON file to write: every table's octets in hexadecimal")
    .addHelpText("after", example("meter download tcp:127.20.0.1:1153 --password-file meter.password --out meter.json"))
    .action(download);
}

const VISIT_FORMAT = "metersmith-visit-1";
const DOWNLOAD_FORMAT = "metersmith-download-1";

/** What a visit leaves in its file: where the next begins, and what an interrupted one had gathered. */
interface VisitFile {
  readonly position?: VisitPosition;
  readonly soFar?: ReadSoFar;
}

async function readVisitFile(file: string): Promise<VisitFile> {
  const { format, position, soFar } = Object(await readJson(file)) as { readonly [member: string]: unknown };
  if (format !== VISIT_FORMAT) throw new Failure("input", "visit-file", `${file} is not a file that meter visit wrote (format ${VISIT_FORMAT}).`, { file, field: "format" });
  return { ...(position === undefined ? {} : { position: readVisitPosition(position) }), ...(soFar === undefined ? {} : { soFar: readReadSoFar(soFar) }) };
}

const writeVisitFile = (file: string, content: VisitFile): Promise<void> => writeFileAtomic(file, `${JSON.stringify({ format: VISIT_FORMAT, ...content })}\n`);

async function visit(address: string, options: Common & { readonly since?: string }): Promise<void> {
  const { since } = options;
  const before = since !== undefined && existsSync(since) ? await readVisitFile(since) : {};
  const keep = (soFar: ReadSoFar): Promise<void> => (since === undefined ? Promise.resolve() : writeVisitFile(since, { ...before, soFar }));
  const found = await withMeter(address, standardDefinitions, options, (meter, stopping) => keeping({ ...options, ...stopping }, before.soFar, keep, (reading) => visitSet(meter, before.position, reading)));
  if (since !== undefined) await writeVisitFile(since, { position: found.position });
  const tables = Object.fromEntries([...found.tables].map(([table, decoded]) => [table, decoded.tree()]));
  tell(options.json, { ok: true, meter: found.meter, tables, events: found.events ?? null, profile: found.profile, position: found.position }, () => visitText(found));
}

async function acknowledgeUpTo(address: string, options: Common & { readonly since: string }): Promise<void> {
  const { position } = await readVisitFile(options.since);
  if (!position) throw new Failure("input", "visit-file", `${options.since} holds no finished visit: run meter visit with it first.`, { file: options.since, field: "position" });
  const done = await withMeter(address, standardDefinitions, options, (meter, stopping) => acknowledge(meter, position, stopping));
  tell(options.json, { ok: true, ...done }, () => [`${done.events} events and ${Object.values(done.blocks).reduce((sum, count) => sum + count, 0)} blocks of load profile marked as read`]);
}

async function download(address: string, options: Common & { readonly out: string }): Promise<void> {
  const partial = `${options.out}.partial`;
  const before = existsSync(partial) ? readReadSoFar(await readJson(partial)) : undefined;
  const keep = (soFar: ReadSoFar): Promise<void> => writeFileAtomic(partial, `${JSON.stringify(soFar)}\n`);
  const { meter, images, refused } = await withMeter(address, standardDefinitions, options, (client, stopping) => keeping({ ...options, ...stopping }, before, keep, (reading) => downloadEverything(client, reading)));
  const tables = [...images].sort(([a], [b]) => a - b).map(([table, octets]) => ({ table, name: standardDefinitions.tables.get(table)?.name ?? null, octets: toHex(octets) }));
  await writeFileAtomic(options.out, `${JSON.stringify({ format: DOWNLOAD_FORMAT, meter, tables, refused }, null, 2)}\n`);
  await rm(partial, { force: true });
  const octets = [...images.values()].reduce((sum, image) => sum + image.length, 0);
  tell(options.json, { ok: true, meter, file: options.out, tables: tables.length, octets, refused }, () => [
    `${meter}: ${tables.length} tables, ${octets} octets in ${options.out}`,
    ...refused.map(({ message }) => message),
  ]);
}

/** Runs a reading; whatever stops it, what was gathered is kept. */
async function keeping<Result>(
  { json, signal }: Common & Stopping, from: ReadSoFar | undefined, keep: (soFar: ReadSoFar) => Promise<void>, run: (options: ReadingOptions) => Promise<Result>,
): Promise<Result> {
  let gathered: ReadSoFar | undefined;
  const line = json ? undefined : process.stderr;
  try {
    return await run({
      signal,
      ...(from ? { from } : {}),
      onProgress: ({ done, total, what, soFar }) => {
        gathered = soFar;
        if (line?.isTTY) line.write(`\r\u001b[K${done}/${total} ${what}`);
      },
    });
  } catch (error) {
    if (gathered) await keep(gathered);
    throw error;
  } finally {
    if (line?.isTTY) line.write("\n");
  }
}

function visitText({ meter, tables, events, profile }: Visit): string[] {
  const field = (table: number, path: string): string => String(tables.get(table)?.layout.part(path) ? tables.get(table)?.get(path) : "—");
  const lost = (count: number, what: string): string => (count === 0 ? "" : `, ${count} ${what} lost before they were read`);
  return [
    ...columns([
      ["meter", meter],
      ["clock", field(52, "CLOCK_CALENDAR").replace("T", " ")],
      ["energy", field(23, "TOT_DATA_BLOCK.SUMMATIONS")],
      ["previous reset", field(25, "REGISTER_INFO.END_DATE_TIME") === "" ? "none" : `${field(25, "REGISTER_INFO.END_DATE_TIME").replace("T", " ")}  energy ${field(25, "REGISTER_DATA.TOT_DATA_BLOCK.SUMMATIONS")}`],
      ["events", events ? `${events.events.length} new${lost(events.lost, "events")}` : "no log"],
      ...profile.map((one) => [`profile set ${one.set}`, profileText(one) + lost(one.lost, "blocks")]),
    ]),
    ...(events?.events ?? []).map(({ number, time, name, code, manufacturer, user }) => `  ${number}  ${time.replace("T", " ")}  ${name ?? `${manufacturer ? "maker's" : "standard"} event ${code}`}${user === 0 ? "" : `, user ${user}`}`),
  ];
}

function profileText({ blocks, intervalMinutes }: ProfileRead): string {
  const intervals = blocks.flatMap((block) => block.intervals);
  const [first, last] = [intervals[0]?.ends, intervals.at(-1)?.ends];
  return intervals.length === 0 ? "nothing new" : `${intervals.length} of ${intervalMinutes} min, ending ${first?.replace("T", " ") ?? "?"} to ${last?.replace("T", " ") ?? "?"}`;
}
