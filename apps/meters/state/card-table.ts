import type { DatabaseSync } from "node:sqlite";
import type { CardMemory } from "@metersmith/nic";

export const cardSchema = `
  create table if not exists card (position integer not null references meter, key text not null, octets blob not null, primary key (position, key)) strict, without rowid;
`;

/** The memory of each meter's communications card. */
export function cardTable(database: DatabaseSync): (position: number) => CardMemory {
  const recall = database.prepare("select octets from card where position = ? and key = ?");
  const keep = database.prepare("insert into card (position, key, octets) values (?, ?, ?) on conflict (position, key) do update set octets = excluded.octets");
  const forget = database.prepare("delete from card where position = ? and substr(key, 1, ?) = ?");
  return (position) => ({
    read: (key) => recall.get(position, key)?.["octets"] as Uint8Array | undefined,
    write: (key, octets) => void keep.run(position, key, octets),
    clear: (prefix) => void forget.run(position, prefix.length, prefix),
  });
}
