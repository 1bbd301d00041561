import { setTimeout as delay } from "node:timers/promises";
import type { Association, MeterCalendar, Session } from "@metersmith/modules/ledger/api/contract.ts";
import type { LibraryProgram } from "@metersmith/modules/library/api/contract.ts";
import type { Meter } from "@metersmith/modules/registry/api/contract.ts";
import type { SiteClient } from "./site-client.ts";

/** A meter as its maker describes it on delivery. */
export interface DeliveredMeter {
  readonly manufacturer: string;
  readonly serial: string;
  readonly deviceType: string;
  readonly host: string;
  readonly port: number;
  /** 20 octets, hexadecimal. */
  readonly programmingPassword: string;
}

/** What the steps need of a site. */
type Site = Pick<SiteClient, "get" | "post" | "pages">;

/** A site takes no more in one request (the registry's contract). */
const METERS_PER_REQUEST = 1000;
const POLL_MS = 200;
/** Reading a long list again and again would take the time that its sessions need. */
const POLL_MS_PER_SESSION = 0.5;

export async function registerMeters(utility: Pick<Site, "post">, meters: readonly DeliveredMeter[]): Promise<Meter[]> {
  const registered: Meter[] = [];
  for (let at = 0; at < meters.length; at += METERS_PER_REQUEST) {
    const batch = meters.slice(at, at + METERS_PER_REQUEST).map(({ manufacturer, serial, deviceType, programmingPassword, host, port }) => ({
      manufacturer, serial, deviceType, programmingPassword, address: `tcp:${host}:${port}`,
    }));
    const { items } = await utility.post<{ items: Meter[] }>("/api/v1/meters", { meters: batch });
    registered.push(...items);
  }
  return registered;
}

/** Asks for a session with each meter and waits until all have ended, well or not. */
export async function programMeters(
  utility: Site,
  meters: readonly Meter[],
  library: readonly LibraryProgram[],
  onEnded: (count: number) => void,
  signal: AbortSignal,
): Promise<Session[]> {
  const waiting = new Set<string>();
  for (const meter of meters) {
    const program = library.find((one) => one.deviceType === meter.deviceType);
    if (!program) throw new Error(`no program in the library is for ${meter.deviceType} (meter ${meter.serial})`);
    const { id } = await utility.post<Session>(`/api/v1/meters/${meter.id}/program`, { program: program.id });
    waiting.add(id);
  }
  const ended: Session[] = [];
  while (waiting.size > 0) {
    await delay(Math.max(POLL_MS, POLL_MS_PER_SESSION * waiting.size), undefined, { signal }).catch(() => signal.throwIfAborted());
    let unseen = waiting.size;
    for await (const page of utility.pages<Session>("/api/v1/sessions")) {
      for (const session of page) {
        if (!waiting.has(session.id)) continue;
        unseen--;
        if (session.state === "waiting" || session.state === "running") continue;
        waiting.delete(session.id);
        ended.push(session);
      }
      // The newest come first: what follows is older than this story.
      if (unseen === 0) break;
    }
    onEnded(ended.length);
  }
  return ended;
}

/** Meters whose association in force names the session's program and whose calendar can be read from the evidence. */
export async function countVerified(utility: Pick<Site, "get" | "pages">, sessions: readonly Session[], onCounted: (count: number) => void): Promise<number> {
  const onRecord = new Map<string, string>();
  for await (const page of utility.pages<Association>("/api/v1/associations?current=true")) {
    for (const { meterId, program } of page) onRecord.set(meterId, program.digest);
  }
  let verified = 0;
  for (const { meterId, program } of sessions) {
    if (program === null || onRecord.get(meterId) !== program.digest) continue;
    const calendar = await utility.get<MeterCalendar>(`/api/v1/meters/${meterId}/calendar`);
    if (calendar.pictures.length > 0) verified++;
    onCounted(verified);
  }
  return verified;
}
