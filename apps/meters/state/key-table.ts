import type { DatabaseSync } from "node:sqlite";
import type { EpochMillis } from "@metersmith/base/clock";
import type { SecurityKey } from "@metersmith/psem";
import { together } from "./together.ts";

/** C12.22 keys of each meter, the newest last. */
export const keySchema = `
  create table if not exists c1222_key (position integer not null references meter, made integer not null, id integer not null, octets blob not null, until integer, primary key (position, made), unique (position, id)) strict, without rowid;
`;

export interface KeyTable {
  /** Oldest first; the last one is in use. */
  of(position: number): readonly SecurityKey[];
  /** A new key in use from now on, under a number that is free; the one so far opens until `oldUntil`, those expired by `now` are forgotten. Returns the new one. */
  change(position: number, key: Uint8Array, oldUntil: EpochMillis, now: EpochMillis): SecurityKey;
}

const numbers = 256;

export function keyTable(database: DatabaseSync): KeyTable {
  const all = database.prepare("select made, id, octets, until from c1222_key where position = ? order by made");
  const insert = database.prepare("insert into c1222_key (position, made, id, octets) values (?, ?, ?, ?)");
  const limit = database.prepare("update c1222_key set until = min(coalesce(until, ?), ?) where position = ?");
  const forget = database.prepare("delete from c1222_key where position = ? and until <= ?");
  return {
    of: (position) =>
      all.all(position).map(({ id, octets, until }) => ({ id: Number(id), key: octets as Uint8Array, ...(until === null ? {} : { until: Number(until) }) })),
    change(position, key, oldUntil, now) {
      return together(database, () => {
        forget.run(position, now);
        limit.run(oldUntil, oldUntil, position);
        const held = all.all(position);
        const last = held.at(-1);
        const taken = new Set(held.map(({ id }) => Number(id)));
        // 0 is what a message means that names no key: it is given to none.
        let id = Number(last?.["id"] ?? 0);
        do id = (id % (numbers - 1)) + 1;
        while (taken.has(id));
        insert.run(position, Number(last?.["made"] ?? 0) + 1, id, key);
        return { id, key };
      });
    },
  };
}
