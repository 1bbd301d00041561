import type { Clock } from "@metersmith/base/clock";
import type { TableId } from "@metersmith/tables";
import type { FirmwareSource } from "../firmware/firmware-source.ts";
import type { Flash } from "../flash/flash.ts";
import type { Line } from "../line/line.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";
import type { Provocations } from "./provocations.ts";

/** A table in flash in which bits flip. */
export function provokedTable(table: TableId, image: Uint8Array, provocations: Provocations): Uint8Array {
  const flipped = provocations.get("program-bits-flipped");
  if (flipped?.table !== table || flipped.offset >= image.length) return image;
  const changed = image.slice();
  changed[flipped.offset] = (changed[flipped.offset] ?? 0) ^ flipped.mask;
  return changed;
}

/** Non-volatile memory that wears out. */
export function provokedMemory(memory: MeterMemory, provocations: Provocations): MeterMemory {
  return {
    read: (key) => memory.read(key),
    write(key, bytes) {
      refuseWornOut(provocations);
      memory.write(key, bytes);
    },
  };
}

/** Flash that wears out with it. */
export function provokedFlash(flash: Flash, provocations: Provocations): Flash {
  return {
    geometry: flash.geometry,
    read: (at, length) => flash.read(at, length),
    program(at, bytes) {
      refuseWornOut(provocations);
      flash.program(at, bytes);
    },
    erase(page) {
      refuseWornOut(provocations);
      flash.erase(page);
    },
    sync: () => flash.sync(),
  };
}

function refuseWornOut(provocations: Provocations): void {
  if (provocations.get("memory-worn-out")) throw new Error("provoked: non-volatile memory takes no writes");
}

/** The meter's oscillator: the host's time, and how far it has run ahead of it. */
export function provokedClock(host: Clock, provocations: Provocations): Clock {
  return { now: () => host.now() + provocations.ahead(host.now()), after: (milliseconds, fire) => host.after(milliseconds, fire) };
}

/** The line as it reaches the meter through its socket, and as the front end reads it. */
export function provokedLine(line: Line, provocations: Provocations): Line {
  return {
    kind: line.kind,
    sample(from, until, into) {
      const end = line.sample(from, until, into);
      const { factor } = provocations.get("foreign-voltage") ?? { factor: 1 };
      const { gain } = provocations.get("front-end-drift") ?? { gain: 1 };
      const missing = provocations.get("phase-missing")?.phase;
      const reversed = provocations.get("line-reversed") !== undefined;
      if (factor === 1 && gain === 1 && missing === undefined && !reversed) return end;
      for (let phase = 0; phase < into.volts.length; phase++) {
        const dead = phase === missing;
        into.volts[phase] = dead ? 0 : (into.volts[phase] ?? 0) * factor;
        into.amperes[phase] = dead ? 0 : (into.amperes[phase] ?? 0) * gain;
        if (reversed && (into.amperes[phase] ?? 0) > 0) into.degrees[phase] = 180 - (into.degrees[phase] ?? 0);
      }
      return end;
    },
  };
}

/** Program memory in which bits flip. */
export function provokedFirmware(source: FirmwareSource, provocations: Provocations): FirmwareSource {
  let damaged: { readonly of: Uint8Array; readonly by: unknown; readonly image: Uint8Array } | undefined;
  return {
    get active() {
      const image = source.active;
      const by = provocations.get("firmware-damaged");
      if (!by) return image;
      if (damaged?.of !== image || damaged.by !== by) {
        damaged = { of: image, by, image: image.slice() };
        damaged.image[by.offset] = (damaged.image[by.offset] ?? 0) ^ by.mask;
      }
      return damaged.image;
    },
  };
}
