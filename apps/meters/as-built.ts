import { randomBytes } from "node:crypto";
import type { EpochMillis } from "@metersmith/base/clock";
import { systemClock } from "@metersmith/node/system-clock";
import type { SecurityKey } from "@metersmith/psem";
import type { AsBuiltMeter, StreetState } from "./state/street-state.ts";
import type { StreetConfig } from "./street-config.ts";

const passwordLength = 20;
const keyLength = 16;
const hour = 3_600_000;

/** Every third meter is instrument-rated. */
const ordinary = ["rx-2s", "rx-2s", "ix-4s"];

/** The meters that are there, and as many new ones as are missing from `count`; each with a C12.22 key, a new one where asked for. */
export function asBuilt(state: StreetState, config: StreetConfig): AsBuiltMeter[] {
  return state.together(() => made(state, config));
}

function made(state: StreetState, { count, newKeysOverlap, deviceTypes = ordinary }: StreetConfig): AsBuiltMeter[] {
  for (let position = state.meters().length; position < count; position++) {
    const deviceType = deviceTypes[position % deviceTypes.length] ?? "";
    const serial = `${deviceType.slice(0, 2).toUpperCase()}${String(260_000 + position + 1)}`;
    state.add({ position, serial, deviceType, passwords: [randomBytes(passwordLength), randomBytes(passwordLength), randomBytes(passwordLength)] });
  }
  const built = state.meters().slice(0, count);
  for (const { position } of built) {
    if (newKeysOverlap !== undefined || state.keys.of(position).length === 0) changeKey(state, position, newKeysOverlap ?? 0);
  }
  return built;
}

/** Gives a meter a new key, durable on return; the one so far opens for so many hours. Returns the new one, and until when the others open. */
export function changeKey(state: StreetState, position: number, overlapHours: number): readonly [key: SecurityKey, oldUntil: EpochMillis] {
  const now = systemClock.now();
  const until = now + overlapHours * hour;
  return [state.keys.change(position, randomBytes(keyLength), until, now), until];
}
