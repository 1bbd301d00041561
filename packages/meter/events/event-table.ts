import type { FieldValue, MeterContext } from "@metersmith/tables";
import { civilText } from "../time/civil-date.ts";
import { argumentOf, type EventEntry } from "./event-entry.ts";

export interface EventTable {
  /** Places. */
  readonly room: number;
  readonly sequence: number;
  readonly valid: number;
  readonly unread: number;
  readonly overflow: boolean;
  /** Entries that cannot be read are left out: their places show event 0, none, under their number. */
  readonly entries: Iterable<{ readonly number: number; readonly entry: EventEntry }>;
}

/** Octets of table 76. The entries are written leaf by leaf: most places are empty, and a tree of all of them would be most of the work. */
export function eventTable(context: MeterContext, { room, sequence, valid, unread, overflow, entries }: EventTable): Uint8Array {
  const image = context.encode(76, {
    EVENT_FLAGS: { LIST_TYPE: true, OVERFLOW_FLAG: overflow },
    NBR_VALID_ENTRIES: valid,
    LAST_ENTRY_ELEMENT: room === 0 ? 0 : sequence % room,
    LAST_ENTRY_SEQ_NBR: sequence,
    NBR_UNREAD_ENTRIES: unread,
  });
  const layout = context.layout(76);
  const stride = layout.part("ENTRIES[0]")?.shape.size ?? 0;
  const field = (name: string): ((place: number, value: FieldValue) => void) => {
    const leaf = layout.find(`ENTRIES[0].${name}`);
    return (place, value) => leaf?.codec.write(image, leaf.offset + place * stride, value);
  };
  const [time, number, user, code, maker] = ["EVENT_TIME", "EVENT_SEQ_NBR", "USER_ID", "EVENT_CODE.TBL_PROC_NBR", "EVENT_CODE.STD_VS_MFG"].map(field);
  const argument = layout.find("ENTRIES[0].EVENT_ARGUMENT");
  for (let each = sequence - valid + 1; each <= sequence; each++) number?.(each % room, each & 0xffff);
  for (const one of entries) {
    const place = one.number % room;
    time?.(place, civilText(one.entry.time));
    user?.(place, one.entry.user);
    code?.(place, one.entry.code);
    maker?.(place, one.entry.manufacturer);
    if (argument) image.set(argumentOf(one.entry).subarray(0, argument.width), argument.offset + place * stride);
  }
  return image;
}
