import { diagnostic } from "../../diagnostic.ts";
import type { MemoryCells } from "../../diagnostic-ports.ts";

/**
 * March C− over the scratch cells of working memory: finds cells that are stuck, do not change, or change with another. Value: cells that failed; detail: the first of them.
 * Source: A. J. van de Goor, Testing Semiconductor Memories, 1991.
 */
export const dataMemory = diagnostic({
  number: 2, id: "data-memory", class: "service", critical: true, code: 39, flag: "RAM_FAILURE", when: "self-test",
  check: ({ workingMemory }) => {
    const failing = march(workingMemory);
    return { failed: failing.length > 0, value: failing.length, limit: 0, detail: failing[0] ?? 0 };
  },
});

const [zeros, ones] = [0x00, 0xff];
/** Elements of the test: upwards or downwards, expect and write. */
const elements = [
  { up: true, expect: undefined, write: zeros },
  { up: true, expect: zeros, write: ones },
  { up: true, expect: ones, write: zeros },
  { up: false, expect: zeros, write: ones },
  { up: false, expect: ones, write: zeros },
  { up: true, expect: zeros, write: undefined },
] as const;

function march(cells: MemoryCells): number[] {
  const failing = new Set<number>();
  for (const { up, expect, write } of elements) {
    for (let step = 0; step < cells.size; step++) {
      const cell = up ? step : cells.size - 1 - step;
      if (expect !== undefined && cells.read(cell) !== expect) failing.add(cell);
      if (write !== undefined) cells.write(cell, write);
    }
  }
  return [...failing].sort((a, b) => a - b);
}
