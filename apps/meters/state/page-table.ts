import type { DatabaseSync } from "node:sqlite";
import type { PageStore } from "@metersmith/meter";
import { together } from "./together.ts";

export const pageSchema = `
  create table if not exists page (position integer not null references meter, page integer not null, octets blob not null, primary key (position, page)) strict, without rowid;
`;

/** The pages of each meter's flash device that are not as the factory made them; a save is one transaction. */
export function pageTable(database: DatabaseSync): (position: number) => PageStore {
  const all = database.prepare("select page, octets from page where position = ?");
  const keep = database.prepare("insert into page (position, page, octets) values (?, ?, ?) on conflict (position, page) do update set octets = excluded.octets");
  return (position) => ({
    load: () => new Map(all.all(position).map(({ page, octets }) => [Number(page), octets as Uint8Array])),
    save: (pages) =>
      together(database, () => {
        for (const [page, octets] of pages) keep.run(position, page, octets);
      }),
  });
}
