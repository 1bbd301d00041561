import { expect, test } from "vitest";
import { memoryInRam } from "./meter-memory.ts";
import { TwinRecord } from "./twin-record.ts";

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);
const octets = (written: string): Uint8Array => new TextEncoder().encode(written);

function opened(memory = memoryInRam()): { record: TwinRecord; memory: ReturnType<typeof memoryInRam>; content: string | undefined } {
  const record = new TwinRecord(memory, "thing");
  const content = text(record.read());
  return { record, memory, content };
}

test("what was written is read, across restarts and any number of writes", () => {
  const { record, memory } = opened();
  for (let write = 0; write < 5; write++) {
    record.write(octets(`state ${write}`));
    expect(opened(memory).content).toBe(`state ${write}`);
  }
  expect(opened(memory).record).toMatchObject({ torn: false, lost: false });
});

test("a write cut short at any octet leaves the one before, is known as torn, and the next write heals it", () => {
  for (let kept = 0; kept < 8 + 7; kept++) {
    const first = opened();
    first.record.write(octets("state 1"));
    first.record.write(octets("state 2"));
    // The third goes to where the first was, and only `kept` octets of it arrive.
    const before = first.memory.read("thing.1") ?? new Uint8Array();
    first.record.write(octets("state 3"));
    const after = first.memory.read("thing.1") ?? new Uint8Array();
    const torn = before.slice();
    torn.set(after.subarray(0, kept));
    first.memory.write("thing.1", torn);
    const again = opened(first.memory);
    expect(again.content).toBe("state 2");
    expect(again.record.lost).toBe(false);
    expect(again.record.torn).toBe(kept > 3);
    again.record.write(octets("state 3"));
    expect(opened(again.memory)).toMatchObject({ content: "state 3", record: { torn: false } });
  }
});

test("where both copies are damaged the record is lost, and says so", () => {
  const { record, memory } = opened();
  record.write(octets("state 1"));
  record.write(octets("state 2"));
  memory.write("thing.0", Uint8Array.of(1, 2, 3));
  memory.write("thing.1", new Uint8Array(15));
  const again = opened(memory);
  expect(again.content).toBeUndefined();
  expect(again.record).toMatchObject({ torn: false, lost: true });
});
