import type { DatabaseSync } from "node:sqlite";
import { decodeCbor, encodeCbor } from "@metersmith/base/cbor";
import type { Clock } from "@metersmith/base/clock";
import { readPeerWindow, refusingUntil, type PeerWindow, type ReplayStore } from "@metersmith/psem";

/** Of one meter: what it has taken from whom. */
export const replaySchema = `
  create table if not exists replay (position integer not null references meter, sender text not null, octets blob not null, primary key (position, sender)) strict, without rowid;
`;

/** What a meter has taken, durable when a call returns: a message recorded before a restart stays refused after it. */
export type ReplayTable = (position: number) => ReplayStore;

/** `tolerance`: seconds by which vectors may differ from the clock. A damaged record is replaced by one that refuses all vectors it might have seen. */
export function replayTable(database: DatabaseSync, clock: Clock, tolerance: number): ReplayTable {
  const one = database.prepare("select octets from replay where position = ? and sender = ?");
  const all = database.prepare("select sender, octets from replay where position = ?");
  const count = database.prepare("select count(*) as senders from replay where position = ?");
  const keep = database.prepare("insert into replay (position, sender, octets) values (?, ?, ?) on conflict (position, sender) do update set octets = excluded.octets");
  const forget = database.prepare("delete from replay where position = ? and sender = ?");
  return (position) => {
    const set = (sender: string, window: PeerWindow): void => void keep.run(position, sender, encodeCbor(window));
    const mended = (sender: string, octets: unknown): PeerWindow => {
      const window = octets instanceof Uint8Array ? readWindow(octets) : undefined;
      if (window) return window;
      const refusing = refusingUntil(Math.floor(clock.now() / 1000) + tolerance);
      set(sender, refusing);
      return refusing;
    };
    return {
      get(sender) {
        const row = one.get(position, sender);
        return row && mended(sender, row["octets"]);
      },
      set,
      entries: () => all.all(position).map((row) => [String(row["sender"]), mended(String(row["sender"]), row["octets"])] as const),
      delete: (sender) => void forget.run(position, sender),
      get size() {
        return Number(count.get(position)?.["senders"]);
      },
    };
  };
}

function readWindow(octets: Uint8Array): PeerWindow | undefined {
  try {
    return readPeerWindow(decodeCbor(octets));
  } catch {
    return undefined;
  }
}
