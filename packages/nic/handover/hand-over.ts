import { toHex } from "@metersmith/base/bytes";
import type { MeterClient } from "@metersmith/client";
import { decodeImage, unverifiedManifest, type EpochSeconds, type Manifest } from "@metersmith/images";
import { PsemError } from "@metersmith/psem";
import type { TableId } from "@metersmith/tables";
import { sha256 } from "@noble/hashes/sha2.js";
import { readBoardStatus, runsNow, type BoardStatus } from "./board-status.ts";
import { boardCommand, type BoardRefusal } from "./board-command.ts";

export const handoverSteps = ["begin", "send", "verify", "activate", "read back", "confirm"] as const;
export type HandoverStep = (typeof handoverSteps)[number];

export interface HandoverOptions {
  /** Seconds since 1970 UTC; at once where absent. */
  readonly at?: EpochSeconds;
  /** Heeded between two pieces; what the board has by then stays there. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly step: HandoverStep; readonly done: number; readonly total: number }) => void;
}

/**
 * How a hand-over ended. `confirmed`: the board runs it, as read back. `scheduled`: the board has it, verified, and activates it at its time; hand it over again then to
 * confirm it. `refused`: the board said no, or what was read back is not what was handed over; it runs what it ran before.
 */
export interface HandoverReport {
  readonly outcome: "confirmed" | "scheduled" | "refused";
  readonly image: Pick<Manifest, "kind" | "id" | "version" | "counter" | "deviceType"> & { readonly digest: string };
  readonly octets: { readonly total: number; readonly sent: number };
  /** FW_VERSION and FW_REVISION of table 1, 256 × version + revision. */
  readonly firmware: { readonly before: number; readonly after: number };
  /** Whether the new firmware passed the board's metrology health check; absent for a program. */
  readonly metrologyCheck?: "passed" | "not passed";
  readonly refusal?: BoardRefusal & { readonly step: HandoverStep };
  readonly status: BoardStatus;
}

/**
 * FWU-1.6 to 1.8: hands a signed image to the board by its buffer table and procedures, goes on where an earlier hand-over of the same image stopped, and confirms it
 * once table 1 shows the new version after a passed metrology check (FWU-D). Which image the board takes, the board decides. `meter` is logged on, with definitions that have
 * the board's tables of updates. Throws `ImagesError` for what is no image, `NicError` `no-updates`, and what the client throws for the link.
 */
export async function handOver(meter: MeterClient, image: Uint8Array, options: HandoverOptions = {}): Promise<HandoverReport> {
  const { manifest } = unverifiedManifest(decodeImage(image).signedManifest);
  const digest = toHex(sha256(image));
  const before = await runsNow(meter);
  const run = new Handover(meter, image, digest, options);
  const refusal = await run.toTheEnd(manifest);
  const status = await readBoardStatus(meter);
  const { kind, id, version, counter, deviceType } = manifest;
  return {
    outcome: refusal ? "refused" : status.phase === "scheduled" ? "scheduled" : "confirmed",
    image: { kind, id, version, counter, deviceType, digest },
    octets: { total: image.length, sent: run.sent },
    firmware: { before, after: await runsNow(meter) },
    ...(kind === "firmware" && run.checked !== undefined ? { metrologyCheck: run.checked ? "passed" : "not passed" } : {}),
    ...(refusal ? { refusal } : {}),
    status,
  };
}

/** Heads of the image's array and of its first element, in CBOR. */
const mostBeforeManifest = 6;

type Refused = HandoverReport["refusal"];

class Handover {
  sent = 0;
  /** Whether the firmware on trial had passed the health check when it was read back. */
  checked: boolean | undefined;
  readonly #meter: MeterClient;
  readonly #image: Uint8Array;
  readonly #digest: string;
  readonly #options: HandoverOptions;

  constructor(meter: MeterClient, image: Uint8Array, digest: string, options: HandoverOptions) {
    this.#meter = meter;
    this.#image = image;
    this.#digest = digest;
    this.#options = options;
  }

  async toTheEnd(manifest: Manifest): Promise<Refused> {
    const found = await readBoardStatus(this.#meter);
    const same = found.digest === this.#digest;
    const done = same && found.phase === "idle" && found.outcome === "done";
    if (done) return manifest.kind === "firmware" ? this.#readBack(manifest) : undefined;
    if (!(same && ["verified", "scheduled", "trial"].includes(found.phase))) {
      const refusal = (await this.#stage(found)) ?? (await this.#command("verify", "verify"));
      if (refusal) return refusal;
    }
    if (!(same && found.phase === "trial")) {
      // One that waits already waits for the time that it was given, unless it is to be now.
      if (same && found.phase === "scheduled" && this.#options.at !== undefined) return undefined;
      const refusal = await this.#command("activate", "activate", { AT: this.#options.at ?? 0 });
      if (refusal || this.#options.at !== undefined) return refusal;
    }
    if (manifest.kind === "program") return this.#took(manifest);
    return (await this.#readBack(manifest)) ?? this.#command("confirm", "confirm");
  }

  /** Has the board receive the image: begun anew unless it is at that already, and only the pages that it has not. */
  async #stage(found: BoardStatus): Promise<Refused> {
    const { phase, received } = found;
    const begun = phase === "receiving" && found.size === this.#image.length;
    if (begun && (await this.#isTheSame(found)) && (await this.#send(found, received)) === "sent") return undefined;
    if (phase !== "idle") {
      const refusal = await this.#command("begin", "abort");
      if (refusal) return refusal;
    }
    const refusal = await this.#command("begin", "begin", { SIZE: this.#image.length });
    if (refusal) return refusal;
    if ((await this.#send(found, [])) === "sent") return undefined;
    return { step: "send", code: "differs", place: 0, result: 0 };
  }

  /** Whether what the board received is of this image: the signed manifest, which binds all the rest, is sent again, and other octets are refused. */
  async #isTheSame({ unitOctets, bufferTable }: BoardStatus): Promise<boolean> {
    const head = decodeImage(this.#image).signedManifest.length + mostBeforeManifest;
    return this.#write(bufferTable, 0, this.#image.subarray(0, Math.ceil(head / unitOctets) * unitOctets), unitOctets);
  }

  async #send({ pageOctets, unitOctets, bufferTable }: BoardStatus, received: readonly number[]): Promise<"sent" | "differs"> {
    const total = this.#image.length;
    for (let at = 0, page = 0; at < total; at += pageOctets, page++) {
      const bytes = this.#image.subarray(at, at + pageOctets);
      this.#progress("send", at, total);
      if (received.includes(page)) continue;
      if (!(await this.#write(bufferTable, at, bytes, unitOctets))) return "differs";
      this.sent += bytes.length;
    }
    this.#progress("send", total, total);
    return "sent";
  }

  /** False where other octets are there. */
  async #write(table: TableId, at: number, bytes: Uint8Array, unit: number): Promise<boolean> {
    try {
      await this.#meter.writeRange(table, at, bytes, { unit, ...(this.#options.signal ? { signal: this.#options.signal } : {}) });
      return true;
    } catch (error) {
      if (error instanceof PsemError && error.code === "dlk") return false;
      throw error;
    }
  }

  /** FWU-D. What does not show as it should is taken back. */
  async #readBack({ version }: Manifest): Promise<Refused> {
    this.#progress("read back", 0, 1);
    const { phase, trialPassed } = await readBoardStatus(this.#meter);
    const shown = await runsNow(this.#meter);
    this.checked = trialPassed || phase === "idle";
    this.#progress("read back", 1, 1);
    if (shown === version && this.checked) return undefined;
    if (phase === "trial") await this.#command("read back", "revert");
    return { step: "read back", code: shown === version ? "self-test" : "read-back", place: 1, result: 0 };
  }

  /** A program is in force once the board says that it filled a bank with it. */
  async #took({ id, version }: Manifest): Promise<Refused> {
    const { phase, outcome, outcomePlace, programId, programVersion } = await readBoardStatus(this.#meter);
    if (phase === "idle" && outcome === "done" && programId === id && programVersion === version) return undefined;
    return { step: "read back", code: outcome, place: outcomePlace, result: 0 };
  }

  async #command(step: HandoverStep, command: Parameters<typeof boardCommand>[1], parameters?: Parameters<typeof boardCommand>[2]): Promise<Refused> {
    this.#progress(step, 0, 1);
    const refusal = await boardCommand(this.#meter, command, parameters, this.#options.signal);
    this.#progress(step, 1, 1);
    return refusal && { step, ...refusal };
  }

  #progress(step: HandoverStep, done: number, total: number): void {
    this.#options.onProgress?.({ step, done, total });
  }
}
