import { chmodSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { MeterStorage } from "@metersmith/meter";
import type { CardMemory } from "@metersmith/nic";
import { systemClock } from "@metersmith/node/system-clock";
import { StreetError } from "../street-error.ts";
import { cardSchema, cardTable } from "./card-table.ts";
import { keySchema, keyTable, type KeyTable } from "./key-table.ts";
import { pageSchema, pageTable } from "./page-table.ts";
import { replaySchema, replayTable, type ReplayTable } from "./replay-table.ts";
import { scenarioSchema, scenarioTable, type ScenarioTable } from "./scenario-table.ts";
import { together } from "./together.ts";

/** A meter of the street as it was made: what its maker knows of it. */
export interface AsBuiltMeter {
  /** Its place in the street, from 0. */
  readonly position: number;
  readonly serial: string;
  readonly deviceType: string;
  /** By access level, in the order of table 42. */
  readonly passwords: readonly Uint8Array[];
}

/** Everything of the street that survives: one file, durable when a call returns. */
export interface StreetState {
  /** In the order of their places. */
  meters(): AsBuiltMeter[];
  add(meter: AsBuiltMeter): void;
  memoryOf(position: number): MeterStorage;
  /** Of the meter's communications card. */
  cardMemoryOf(position: number): CardMemory;
  readonly keys: KeyTable;
  readonly replaysOf: ReplayTable;
  readonly scenario: ScenarioTable;
  /** What many meters write in one go, of which nobody has been told yet: one wait for the disk. */
  together<Result>(work: () => Result): Result;
  close(): void;
}

/** Seconds by which the clocks of a meter and of who speaks to it over C12.22 may differ: what an open client quotes of the standard. */
export const clockTolerance = 900;

const schema = `
  create table if not exists meter (position integer primary key, serial text not null unique, device_type text not null) strict;
  create table if not exists password (position integer not null references meter, level integer not null, octets blob not null, primary key (position, level)) strict;
  create table if not exists memory (position integer not null references meter, key text not null, octets blob not null, primary key (position, key)) strict, without rowid;
${pageSchema}${cardSchema}${keySchema}${replaySchema}${scenarioSchema}`;

/** Opens or makes `file`. One process at a time: throws `state-in-use`; `state-damaged` for a file that is no street's. */
export function openStreetState(file: string): StreetState {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(file);
    // It holds passwords.
    chmodSync(file, 0o600);
    // The lock is taken by the first write and held until the file is closed.
    database.exec("pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; begin immediate;");
    database.exec(`${schema} commit;`);
  } catch (error) {
    const inUse = error instanceof Error && /locked|busy/.test(error.message);
    throw inUse
      ? new StreetError("input", "state-in-use", `${file} is open in another process: another street runs on it. Stop that one, or give this one its own folder.`, { file }, error)
      : new StreetError("input", "state-damaged", `${file} cannot be opened as the state of a street: ${error instanceof Error ? error.message : String(error)}. Move it away to begin anew.`, { file }, error);
  }
  const insertMeter = database.prepare("insert into meter (position, serial, device_type) values (?, ?, ?)");
  const insertPassword = database.prepare("insert into password (position, level, octets) values (?, ?, ?)");
  const passwords = database.prepare("select octets from password where position = ? order by level");
  const recall = database.prepare("select octets from memory where position = ? and key = ?");
  const keep = database.prepare("insert into memory (position, key, octets) values (?, ?, ?) on conflict (position, key) do update set octets = excluded.octets");
  const pagesOf = pageTable(database);
  return {
    meters() {
      return database.prepare("select position, serial, device_type from meter order by position").all().map((row) => ({
        position: Number(row["position"]),
        serial: String(row["serial"]),
        deviceType: String(row["device_type"]),
        passwords: passwords.all(Number(row["position"])).map(({ octets }) => octets as Uint8Array),
      }));
    },
    add({ position, serial, deviceType, passwords: levels }) {
      together(database, () => {
        insertMeter.run(position, serial, deviceType);
        for (const [level, octets] of levels.entries()) insertPassword.run(position, level, octets);
      });
    },
    memoryOf: (position) => ({
      pages: pagesOf(position),
      read: (key) => recall.get(position, key)?.["octets"] as Uint8Array | undefined,
      write: (key, octets) => void keep.run(position, key, octets),
    }),
    cardMemoryOf: cardTable(database),
    keys: keyTable(database),
    replaysOf: replayTable(database, systemClock, clockTolerance),
    scenario: scenarioTable(database),
    together: (work) => together(database, work),
    close: () => database.close(),
  };
}
