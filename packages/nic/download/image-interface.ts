import type { Clock } from "@metersmith/base/clock";
import type { MeterClient } from "@metersmith/client";
import { ImagesError, manifestRefusals, releaseOf, type Manifest, type Trust } from "@metersmith/images";
import { answered, problem, type WebClient } from "../configuration/configuration-interface.ts";
import type { BoardAccess } from "../configuration/board-session.ts";
import type { WebRequest, WebResponse } from "../configuration/web-message.ts";
import { readBoardStatus, runsNow } from "../handover/board-status.ts";
import { mayUpdate } from "../handover/board-command.ts";
import { handOver } from "../handover/hand-over.ts";
import { NicError } from "../nic-error.ts";
import { withBoard } from "./board-client.ts";
import type { CardMemory } from "./card-memory.ts";
import { ImageDownload } from "./image-download.ts";

export interface ImageCard {
  readonly board: BoardAccess;
  readonly memory: CardMemory;
  /** Whose images it takes. */
  readonly trust: Trust;
  readonly deviceType: string;
  readonly clock: Clock;
  /** Told of what is a bug; the client gets `internal` and no more. */
  readonly failed: (error: unknown) => void;
}

type Route = { readonly part: "image" | "manifest" | "inventory" | "installation" } | { readonly part: "page"; readonly page: number };

const allowed: Readonly<Record<Route["part"], readonly string[]>> = { image: ["GET", "HEAD", "DELETE"], manifest: ["PUT"], inventory: ["PUT"], page: ["PUT"], installation: ["POST"] };

/**
 * FWU-1.5 to 1.8: takes a signed image over HTTP, part by part and resumable, hands it to the board and answers how that ended. One request at a time: a further one is
 * answered `busy`. Answers and refusals are as those of the configuration interface.
 */
export class ImageInterface {
  readonly #card: ImageCard;
  readonly #stopping = new AbortController();
  #working: Promise<WebResponse> | undefined;

  constructor(card: ImageCard) {
    this.#card = card;
  }

  /** Whether a target is one of this interface. */
  static serves(target: string): boolean {
    return target === "/v1/image" || target.startsWith("/v1/image/");
  }

  /** Never rejects. */
  async answer(request: WebRequest, client: WebClient): Promise<WebResponse> {
    if (this.#working || this.#stopping.signal.aborted) return problem(new NicError("busy", "The card is at work on an image, or about to stop. Try again when that has ended."));
    this.#working = this.#answered(request, client);
    try {
      return await this.#working;
    } finally {
      this.#working = undefined;
    }
  }

  /** What is under way ends between two pieces, and goes on when it is asked for again; resolves once nothing touches board or memory any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#working;
  }

  async #answered(request: WebRequest, client: WebClient): Promise<WebResponse> {
    try {
      const response = await this.#answer(request, client);
      return request.method === "HEAD" ? { ...response, body: new Uint8Array() } : response;
    } catch (error) {
      if (this.#stopping.signal.aborted) return problem(new NicError("busy", "The card stopped in the middle. Ask again: it goes on from there."));
      const known = error instanceof ImagesError ? new NicError("bad-value", error.message, error.context, error) : error;
      if (!(known instanceof NicError)) this.#card.failed(error);
      return problem(known);
    }
  }

  async #answer({ method, target, body }: WebRequest, { name, role }: WebClient): Promise<WebResponse> {
    const route = routeOf(target);
    if (!allowed[route.part].includes(method)) {
      throw new NicError("method-not-allowed", `${method.slice(0, 20)} is not offered here; ${allowed[route.part].join(", ")} are.`, { allow: allowed[route.part].join(", ") });
    }
    return withBoard(this.#card.board, role, name, this.#card.clock, async (meter) => {
      const download = new ImageDownload(this.#card.memory, this.#card.trust, this.#now);
      if (method !== "GET" && method !== "HEAD" && !(await mayUpdate(meter))) throw new NicError("not-permitted", "With this role the meter takes no images.");
      if (method === "DELETE") download.forget();
      if (method === "PUT" && route.part === "manifest") await this.#begin(download, meter, body);
      if (route.part === "inventory") download.takeInventory(body);
      if (route.part === "page") download.takePage(route.page, body);
      if (route.part === "page") return answered({ page: route.page, missing: download.missing?.pages.length });
      if (route.part !== "installation") return answered(await this.#facts(download, meter));
      // The image stays: who did not hear the answer asks again, and the board knows what it took.
      return answered(await handOver(meter, download.whole(), { ...atIn(body), signal: this.#stopping.signal }));
    });
  }

  /** Refuses at once what the board would refuse at the end, as far as the manifest tells. Audience and test are the board's to know. */
  async #begin(download: ImageDownload, meter: MeterClient, signed: Uint8Array): Promise<void> {
    const identity = await meter.readTable(1);
    const { counters, bufferOctets } = await readBoardStatus(meter);
    const hardware = { version: Number(identity.get("HW_VERSION")), revision: Number(identity.get("HW_REVISION")) };
    const firmware = releaseOf(await runsNow(meter));
    download.begin(signed, this.#now, (manifest) => {
      const { kind, audience, size } = manifest;
      if (size > bufferOctets) throw new NicError("too-large", `The image carries ${size} octets; the meter's buffer has ${bufferOctets}.`, { expected: bufferOctets, actual: size });
      const [first] = manifestRefusals(manifest, { deviceType: this.#card.deviceType, hardware, firmware, counter: counters[kind], now: this.#now, inTest: true, ...(audience === undefined ? {} : { audience }) });
      if (first) throw new NicError("bad-value", `This image is not for this meter: ${first.reason}.`, { field: first.place });
    });
  }

  async #facts(download: ImageDownload, meter: MeterClient): Promise<object> {
    const { manifest, missing } = download;
    return { image: manifest ? manifestFacts(manifest) : null, missing: missing ?? null, firmware: await runsNow(meter), board: await readBoardStatus(meter) };
  }

  get #now(): number {
    return Math.floor(this.#card.clock.now() / 1000);
  }
}

function manifestFacts({ kind, id, version, counter, size, pageSize, expiry }: Manifest): object {
  return { kind, id, version, counter, size, pageSize, expiry };
}

/** Exact, as the configuration interface's. Throws `no-such-path`. */
function routeOf(target: string): Route {
  const part = { "/v1/image": "image", "/v1/image/manifest": "manifest", "/v1/image/inventory": "inventory", "/v1/image/installation": "installation" } as const;
  const page = /^\/v1\/image\/pages\/(0|[1-9]\d{0,3})$/.exec(target)?.[1];
  if (page !== undefined) return { part: "page", page: Number(page) };
  for (const [path, name] of Object.entries(part)) if (target === path) return { part: name };
  throw new NicError("no-such-path", "There is /v1/image, and manifest, inventory, pages/<number> and installation below it, and nothing else.");
}

/** Nothing, or `{"at": seconds since 1970 UTC}`. Throws `bad-request`. */
function atIn(body: Uint8Array): { readonly at?: number } {
  if (body.length === 0) return {};
  let given: unknown;
  try {
    given = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new NicError("bad-request", "The body is no JSON.", {}, error);
  }
  const at: unknown = typeof given === "object" && given !== null && Object.keys(given).join() === "at" ? (given as { readonly at?: unknown }).at : undefined;
  if (typeof at !== "number" || !Number.isInteger(at) || at < 1 || at > 0xffff_ffff) throw new NicError("bad-request", 'Expected nothing, or {"at": seconds since 1970 UTC}.');
  return { at };
}
