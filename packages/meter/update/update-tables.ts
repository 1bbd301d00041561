import { toHex } from "@metersmith/base/bytes";
import type { MeterContext, TableId } from "@metersmith/tables";
import type { ProgramMark } from "../banks/bank-record.ts";
import { isReceived } from "./image-buffer.ts";
import type { MeterUpdate } from "./meter-update.ts";
import { refusalCodes } from "./update-refusal.ts";
import { updatePhases } from "./update-state.ts";

/** Manufacturer tables of updates (ours): 2048 + n. Each device type describes them in its fragment. */
export const updateTable = { status: 2060, buffer: 2061 } as const satisfies Record<string, TableId>;

/** IMAGE_KIND. */
const kinds = { program: 1, firmware: 2 } as const;
const longestName = 24;

/** How far an update is, what the buffer takes, and what the meter runs: all that a sender needs in order to go on. */
export function imageStatus(context: MeterContext, update: MeterUpdate, program: ProgramMark["program"] | undefined): Uint8Array {
  const { state, buffer, firmware } = update;
  const { image, outcome, counters } = state;
  return context.encode(updateTable.status, {
    PHASE: updatePhases.indexOf(state.phase), OUTCOME: refusalCodes.indexOf(outcome.code), OUTCOME_PLACE: outcome.place,
    UPDATE_NUMBER: state.update, KIND: image ? kinds[image.kind] : 0, TRIAL_STARTS: state.boots, TRIAL_PASSED: update.passed ? 1 : 0,
    SIZE: state.size, RECEIVED: Array.from({ length: buffer.pagesOf(state.size) }, (_, page) => page).filter((page) => isReceived(state.received, page)),
    BUFFER_OCTETS: buffer.length, PAGE_OCTETS: buffer.pageSize, UNIT_OCTETS: buffer.unit,
    ACTIVATE_AT: state.activateAt, TRIAL_UNTIL: state.trialUntil,
    IMAGE_ID: name(image?.id), IMAGE_VERSION: image?.version ?? 0, IMAGE_COUNTER: image?.counter ?? 0, IMAGE_DIGEST: toHex(image?.digest ?? new Uint8Array(32)),
    PROGRAM_COUNTER: counters.program, FIRMWARE_COUNTER: counters.firmware,
    FIRMWARE_ID: name(firmware?.id), FIRMWARE_VERSION: firmware?.version ?? 0,
    PROGRAM_ID: name(program?.id), PROGRAM_VERSION: program?.version ?? 0, PROGRAM_UPDATE: program?.update ?? 0,
  });
}

/** As far as a field of the table takes it. */
function name(id = ""): string {
  return id.slice(0, longestName).replace(/[^\x20-\x7e]/g, "?");
}
