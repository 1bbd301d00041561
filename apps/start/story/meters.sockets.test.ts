import type { Session } from "@metersmith/modules/ledger/api/contract.ts";
import type { LibraryProgram } from "@metersmith/modules/library/api/contract.ts";
import { registerMeters as registerMetersBody, type Meter } from "@metersmith/modules/registry/api/contract.ts";
import { expect, test } from "vitest";
import { countVerified, type DeliveredMeter, programMeters, registerMeters } from "./meters.ts";
import { SiteClient } from "./site-client.ts";

const STREET = 1300;
const PAGE = 1000;
const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const delivered = Array.from({ length: STREET }, (_, number): DeliveredMeter => ({
  manufacturer: "MSM",
  serial: `RX${number}`,
  deviceType: "rx-2s",
  host: "127.4.0.1",
  port: 1153,
  programmingPassword: "00".repeat(20),
}));

/** A utility that holds its callers to what the real one does: at most 1000 meters a request, 1000 items a page, the newest first. */
class PagedUtility extends SiteClient {
  readonly sessions: Session[] = [];
  readonly batches: number[] = [];
  #meters = 0;
  /** Pages of sessions read so far: those after the first page end only with the second round of reading. */
  #reads = 0;

  constructor() {
    super("http://utility.invalid", new AbortController().signal);
  }

  override async post<Answer>(path: string, body: unknown): Promise<Answer> {
    if (path === "/api/v1/meters") {
      const { meters } = registerMetersBody.parse(body);
      this.batches.push(meters.length);
      return { items: meters.map(({ serial, deviceType }) => ({ id: idOf(this.#meters++), serial, deviceType })) } as Answer;
    }
    const session = { id: idOf(this.sessions.length), meterId: path.split("/")[4], state: "running", program: { digest: "sha256:1" } };
    this.sessions.unshift(session as unknown as Session);
    return session as Answer;
  }

  override async get<Answer>(path: string): Promise<Answer> {
    const url = new URL(path, "http://utility.invalid");
    if (url.pathname.endsWith("/calendar")) return { pictures: [{}] } as Answer;
    const limit = Number(url.searchParams.get("limit"));
    expect(limit).toBeLessThanOrEqual(PAGE);
    const after = this.sessions.findIndex(({ id }) => id === url.searchParams.get("after"));
    const all = url.pathname === "/api/v1/sessions" ? this.#endedSoFar() : this.sessions;
    const items = all.slice(after + 1, after + 1 + limit);
    return { items, after: items.length === limit ? items.at(-1)?.id : null } as Answer;
  }

  #endedSoFar(): Session[] {
    this.#reads++;
    return this.sessions.map((session, at) => (at < PAGE || this.#reads > 3 ? { ...session, state: "verified" } : session));
  }
}

test("a street of more meters than a site takes at once is registered in parts, programmed and verified to the last", async () => {
  const utility = new PagedUtility();
  const meters: Meter[] = await registerMeters(utility, delivered);
  expect(utility.batches).toEqual([1000, 300]);
  expect(meters.map(({ serial }) => serial)).toEqual(delivered.map(({ serial }) => serial));
  const library = [{ id: idOf(1), deviceType: "rx-2s" }] as LibraryProgram[];
  const told: number[] = [];
  const sessions = await programMeters(utility, meters, library, (count) => told.push(count), new AbortController().signal);
  expect(new Set(sessions.map(({ id }) => id)).size).toBe(STREET);
  expect(told).toEqual([1000, STREET]);
  expect(await countVerified(utility, sessions, () => undefined)).toBe(STREET);
});

test("a story that is told to stop ends its wait with the reason", async () => {
  const stopping = new AbortController();
  const reason = new Error("interrupted");
  const library = [{ id: idOf(1), deviceType: "rx-2s" }] as LibraryProgram[];
  const meters = [{ id: idOf(1), deviceType: "rx-2s", serial: "RX1" }] as Meter[];
  const waiting = programMeters(new PagedUtility(), meters, library, () => undefined, stopping.signal);
  stopping.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
