import type { CloseRefusal, ProtectionState } from "@metersmith/protection";
import type { FieldValue, MeterContext } from "@metersmith/tables";
import { civilText, type CivilSeconds } from "../time/civil-date.ts";
import { reasonNumber } from "./protection-events.ts";
import { protectionTable } from "./protection-tables.ts";

const switchState = { open: 0, closed: 1, moving: 2 } as const;

/** CLOSE_REFUSAL of the answer to an order, by its place; 0 is none. */
const refusals: readonly CloseRefusal[] = ["already-closed", "line-dead", "fed-from-behind", "without-energy", "not-armed", "too-early", "attempts-used", "moving"];

export function refusalNumber(refusal: CloseRefusal | undefined): number {
  return refusal === undefined ? 0 : refusals.indexOf(refusal) + 1;
}

/** SWITCH_STATUS_TBL. `openedAt`: what the clock showed as the switch opened last. */
export function switchStatusImage(context: MeterContext, { hardware, kept, running }: ProtectionState, refused: boolean, openedAt: CivilSeconds): Uint8Array {
  const tree: { readonly [field: string]: FieldValue } = {
    SWITCH: running?.moving ? switchState.moving : hardware.closed ? switchState.closed : switchState.open,
    OPENED_BY: reasonNumber(kept.openedBy),
    ARMED: Number(kept.armed),
    REDUCING: Number(running?.reducing ?? false),
    FAULT_COUNT: Math.min(kept.faultCount, 0xff),
    RECLOSURES: Math.min(kept.reclosures, 0xffff),
    STORED_ENERGY: Math.round(hardware.joules * 1000),
    SETTING: Number(refused),
  };
  return context.encode(protectionTable.status, kept.openedBy === null ? tree : { ...tree, OPENED_TIME: civilText(openedAt) });
}
