import type { TableDefinition } from "./model.ts";
import { broken } from "./broken-definition.ts";
import type { Definitions } from "./definitions.ts";

const longestChain = 16;

/**
 * Throws `bad-definition` where tables take their dimensions from each other in a circle, or through more tables than a reader should have to read one after the other.
 * Only table 0 reads itself, which says its own size in its first octets, and it reads no other: it is read before all.
 */
export function refuseDimensionChains(definitions: Definitions): void {
  const done = new Map<string, number>();
  const open = new Set<string>();
  for (const table of definitions.tables.values()) chainBehind(table);

  /** Tables in the longest chain behind a table. */
  function chainBehind(table: TableDefinition): number {
    const { name } = table;
    const known = done.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) throw broken(name, `takes a dimension or condition from itself: ${[...open, name].join(" → ")}. Dimensions come from tables that are read before`);
    if (open.size >= longestChain) throw broken(name, `is the end of a chain of more than ${longestChain} tables that take dimensions from each other`);
    open.add(name);
    let longest = 0;
    for (const other of readBy(table)) {
      if (table.number === 0 && other !== table) throw broken(name, `takes a dimension or condition from ${other.name}, and is read before all others`);
      if (other !== table || table.number !== 0) longest = Math.max(longest, 1 + chainBehind(other));
    }
    open.delete(name);
    if (longest > longestChain) throw broken(name, `takes its dimensions through more than ${longestChain} tables`);
    done.set(name, longest);
    return longest;
  }

  /** The tables that it reads, and those that stand in for them. */
  function readBy(table: TableDefinition): TableDefinition[] {
    return [...definitions.tablesBehind(table.type)].flatMap((name) => {
      const read = definitions.tableNamed(name);
      const other = read?.otherwise === undefined ? undefined : definitions.tableNamed(read.otherwise);
      return [...(read ? [read] : []), ...(other ? [other] : [])];
    });
  }
}
