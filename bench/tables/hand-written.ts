import { date, momentWithSeconds, moment, putMoment, putMomentWithSeconds, wordOfDate } from "./hand-written-times.ts";

/**
 * Tables of the bench's meter as a programmer would write them for this one meter: DataView, fixed counts, INT32 numbers, UINT8 calendar
 * times; the data order is the one thing left open, as DataView has it. One number a field, in the order of the table, as the general
 * codec gives them; NaN for octets without a number.
 */
export interface HandWritten {
  readonly decode: (octets: Uint8Array, into: Float64Array, le: boolean) => void;
  readonly encode: (from: Float64Array, octets: Uint8Array, le: boolean) => void;
}

const viewOf = (octets: Uint8Array): DataView => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);

const tiers = 4;
const summations = 2;

export const table23: HandWritten = {
  decode(octets, into, le) {
    const view = viewOf(octets);
    let at = 0;
    let field = 0;
    into[field++] = view.getUint8(at++);
    for (let block = 0; block <= tiers; block++) {
      for (let i = 0; i < summations; i++, at += 4) into[field++] = view.getInt32(at, le);
      into[field++] = moment(view, at);
      into[field++] = view.getInt32(at + 5, le);
      into[field++] = view.getInt32(at + 9, le);
      at += 13;
    }
  },
  encode(from, octets, le) {
    const view = viewOf(octets);
    let at = 0;
    let field = 0;
    view.setUint8(at++, from[field++]!);
    for (let block = 0; block <= tiers; block++) {
      for (let i = 0; i < summations; i++, at += 4) view.setInt32(at, from[field++]!, le);
      putMoment(view, at, from[field++]!);
      view.setInt32(at + 5, from[field++]!, le);
      view.setInt32(at + 9, from[field++]!, le);
      at += 13;
    }
  },
};

const nonRecurring = 60;
const recurring = 12;
const switches = 40;
const seasonSchedules = 4 * (3 + 2);

export const table54: HandWritten = {
  decode(octets, into, le) {
    const view = viewOf(octets);
    let at = 0;
    let field = 0;
    for (let i = 0; i < nonRecurring; i++, at += 3) {
      into[field++] = date(view.getUint16(at, le));
      field = action(view.getUint8(at + 2), into, field);
    }
    for (let i = 0; i < recurring; i++, at += 3) {
      const rdate = view.getUint16(at, le);
      into[field++] = rdate & 15;
      into[field++] = (rdate >> 4) & 15;
      into[field++] = (rdate >> 8) & 7;
      into[field++] = rdate >> 11;
      field = action(view.getUint8(at + 2), into, field);
    }
    for (let i = 0; i < switches; i++, at += 3) {
      const word = view.getUint16(at, le);
      into[field++] = word & 7;
      into[field++] = (word >> 5) & 63;
      into[field++] = word >> 11;
      into[field++] = view.getUint8(at + 2);
    }
    for (let i = 0; i < seasonSchedules; i++) into[field++] = view.getUint8(at++);
  },
  encode(from, octets, le) {
    const view = viewOf(octets);
    let at = 0;
    let field = 0;
    for (let i = 0; i < nonRecurring; i++, at += 3) {
      view.setUint16(at, wordOfDate(from[field++]!), le);
      view.setUint8(at + 2, from[field]! | (from[field + 1]! << 5) | (from[field + 2]! << 6));
      field += 3;
    }
    for (let i = 0; i < recurring; i++, at += 3) {
      view.setUint16(at, from[field]! | (from[field + 1]! << 4) | (from[field + 2]! << 8) | (from[field + 3]! << 11), le);
      view.setUint8(at + 2, from[field + 4]! | (from[field + 5]! << 5) | (from[field + 6]! << 6));
      field += 7;
    }
    for (let i = 0; i < switches; i++, at += 3) {
      view.setUint16(at, from[field]! | (from[field + 1]! << 5) | (from[field + 2]! << 11), le);
      view.setUint8(at + 2, from[field + 3]!);
      field += 4;
    }
    for (let i = 0; i < seasonSchedules; i++) view.setUint8(at++, from[field++]!);
  },
};

function action(octet: number, into: Float64Array, field: number): number {
  into[field] = octet & 31;
  into[field + 1] = (octet >> 5) & 1;
  into[field + 2] = (octet >> 6) & 1;
  return field + 3;
}

const blocks = 26;
const channels = 4;
const values = 96 * channels;

export const table64: HandWritten = {
  decode(octets, into, le) {
    const view = viewOf(octets);
    let at = 0;
    let field = 0;
    for (let block = 0; block < blocks; block++) {
      into[field++] = moment(view, at);
      at += 5;
      for (let i = 0; i < channels; i++, at += 4) into[field++] = view.getInt32(at, le);
      for (let i = 0; i < values; i++, at += 2) into[field++] = view.getUint16(at, le);
    }
  },
  encode(from, octets, le) {
    const view = viewOf(octets);
    let at = 0;
    let field = 0;
    for (let block = 0; block < blocks; block++) {
      putMoment(view, at, from[field++]!);
      at += 5;
      for (let i = 0; i < channels; i++, at += 4) view.setInt32(at, from[field++]!, le);
      for (let i = 0; i < values; i++, at += 2) view.setUint16(at, from[field++]!, le);
    }
  },
};

const events = 227;

/** Arguments are octets without a number: left as they are. */
export const table76: HandWritten = {
  decode(octets, into, le) {
    const view = viewOf(octets);
    const flags = view.getUint8(0);
    for (let bit = 0; bit < 4; bit++) into[bit] = (flags >> bit) & 1;
    into[4] = view.getUint16(1, le);
    into[5] = view.getUint16(3, le);
    into[6] = view.getUint32(5, le);
    into[7] = view.getUint16(9, le);
    for (let i = 0, at = 11, field = 8; i < events; i++, at += 18, field += 8) {
      into[field] = momentWithSeconds(view, at);
      into[field + 1] = view.getUint16(at + 6, le);
      into[field + 2] = view.getUint16(at + 8, le);
      into[field + 3] = view.getUint16(at + 10, le);
      const code = view.getUint16(at + 12, le);
      into[field + 4] = code & 2047;
      into[field + 5] = (code >> 11) & 1;
      into[field + 6] = code >> 12;
      into[field + 7] = Number.NaN;
    }
  },
  encode(from, octets, le) {
    const view = viewOf(octets);
    view.setUint8(0, from[0]! | (from[1]! << 1) | (from[2]! << 2) | (from[3]! << 3));
    view.setUint16(1, from[4]!, le);
    view.setUint16(3, from[5]!, le);
    view.setUint32(5, from[6]!, le);
    view.setUint16(9, from[7]!, le);
    for (let i = 0, at = 11, field = 8; i < events; i++, at += 18, field += 8) {
      putMomentWithSeconds(view, at, from[field]!);
      view.setUint16(at + 6, from[field + 1]!, le);
      view.setUint16(at + 8, from[field + 2]!, le);
      view.setUint16(at + 10, from[field + 3]!, le);
      view.setUint16(at + 12, from[field + 4]! | (from[field + 5]! << 11) | (from[field + 6]! << 12), le);
    }
  },
};
