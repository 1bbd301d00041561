import type { FirmwareFault } from "./firmware-runner.ts";
import { mostImageOctets } from "./interface.ts";

/**
 * Sections of a module (WebAssembly Core 1.0, 5.5.2). Those that would run at once, claim memory or tables, write into the board's memory, or keep
 * anything between two meters are not for firmware.
 */
const allowed: ReadonlySet<number> = new Set([0, 1, 2, 3, 6, 7, 10]);
const globalSection = 6;

/** What is wrong with an image before any of it is given to an engine; undefined where nothing is. */
export function examineImage(image: Uint8Array): FirmwareFault | undefined {
  if (image.length > mostImageOctets) return notAModule(`it has ${image.length} octets, at most ${mostImageOctets} are taken`);
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  if (magic.some((octet, index) => image[index] !== octet)) return notAModule("it does not begin as a module of version 1 does");
  const reader = new SectionReader(image, magic.length);
  while (!reader.atEnd) {
    const section = reader.octet();
    const end = reader.number() + reader.at;
    if (section === undefined || Number.isNaN(end) || end > image.length) return notAModule("a section ends behind the image");
    if (!allowed.has(section)) return { reason: "forbidden-part", what: `it has a section ${section}, which firmware may not have` };
    if (section === globalSection && !constantGlobals(new SectionReader(image.subarray(0, end), reader.at))) {
      return { reason: "forbidden-part", what: "it has a global that can change or is no constant number" };
    }
    reader.at = end;
  }
  return undefined;
}

/** Whether every global is immutable and made by one constant. What changes would carry something from one meter to the next. */
function constantGlobals(reader: SectionReader): boolean {
  const count = reader.number();
  if (Number.isNaN(count)) return false;
  for (let index = 0; index < count; index++) {
    reader.octet();
    if (reader.octet() !== 0) return false;
    const constant = reader.octet();
    if (constant === 0x41 || constant === 0x42) reader.number();
    else if (constant === 0x43) reader.at += 4;
    else if (constant === 0x44) reader.at += 8;
    else return false;
    if (reader.octet() !== 0x0b) return false;
  }
  return reader.atEnd;
}

function notAModule(what: string): FirmwareFault {
  return { reason: "not-a-module", what };
}

class SectionReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  get atEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  octet(): number | undefined {
    return this.#bytes[this.at++];
  }

  /** LEB128, taken as unsigned: signs matter to nobody here. NaN where it does not end within ten octets. */
  number(): number {
    let value = 0;
    for (let place = 0; place < 10; place++) {
      const octet = this.octet();
      if (octet === undefined) return Number.NaN;
      value += (octet & 0x7f) * 2 ** (7 * place);
      if (octet < 0x80) return value;
    }
    return Number.NaN;
  }
}
