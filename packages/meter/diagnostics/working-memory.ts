import type { Provocations } from "../provocations/provocations.ts";
import type { MemoryCells } from "./diagnostic-ports.ts";

/** Scratch cells of working memory, which the memory test may overwrite. SIMULATED: where cells are stuck, they are by provocation. */
export function workingMemory(provocations: Provocations): MemoryCells {
  const cells = new Uint8Array(64);
  return {
    size: cells.length,
    read(cell) {
      const stuck = provocations.get("working-memory-stuck");
      return (cells[cell] ?? 0) | (stuck?.cell === cell ? stuck.mask : 0);
    },
    write(cell, octet) {
      cells[cell] = octet;
    },
  };
}
