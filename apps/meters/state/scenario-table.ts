import type { DatabaseSync } from "node:sqlite";
import type { EpochMillis } from "@metersmith/base/clock";
import { scaledClock, type TimeAnchor } from "../scenario/scaled-clock.ts";
import { together } from "./together.ts";

/** The scenario that a street is in, in its one row, and since when the time of its meters has gone at which pace. */
export const scenarioSchema = `
  create table if not exists scenario (id integer primary key check (id = 1), digest text not null, began real not null, host real not null, simulated real not null, factor real not null) strict;
`;

export interface ScenarioRecord {
  readonly anchor: TimeAnchor;
  /** When the scenario began, by the meters' world. */
  readonly began: EpochMillis;
  /** Whether it began in an earlier run. */
  readonly goesOn: boolean;
}

export interface ScenarioTable {
  /** Undefined where the street never had one: its meters live in the machine's time. */
  current(): ScenarioRecord | undefined;
  /** Goes on with the scenario of this digest, or begins it now. The time of the meters' world never goes back; while the street is down it goes on at its pace. */
  take(digest: string, factor: number, now: EpochMillis): ScenarioRecord;
}

export function scenarioTable(database: DatabaseSync): ScenarioTable {
  const get = database.prepare("select digest, began, host, simulated, factor from scenario where id = 1");
  const put = database.prepare("insert into scenario (id, digest, began, host, simulated, factor) values (1, ?, ?, ?, ?, ?) on conflict (id) do update set digest = excluded.digest, began = excluded.began, host = excluded.host, simulated = excluded.simulated, factor = excluded.factor");
  const kept = (): (ScenarioRecord & { readonly digest: string }) | undefined => {
    const row = get.get();
    return row && { goesOn: true, digest: String(row["digest"]), began: Number(row["began"]), anchor: { host: Number(row["host"]), simulated: Number(row["simulated"]), factor: Number(row["factor"]) } };
  };
  return {
    current: kept,
    take: (digest, factor, now) =>
      together(database, () => {
        const before = kept();
        if (before?.digest === digest) return before;
        const simulated = before ? scaledClock({ now: () => now, after: neverFires }, before.anchor).now() : now;
        put.run(digest, simulated, now, simulated, factor);
        return { goesOn: false, began: simulated, anchor: { host: now, simulated, factor } };
      }),
  };
}

function neverFires(): never {
  throw new TypeError("time alone is asked for");
}
