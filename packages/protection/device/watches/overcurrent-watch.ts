import { turned, untilOperation } from "../../curves/disk.ts";
import { highest } from "../line-state.ts";
import { instant, note, type Moment } from "../moment.ts";
import { tryToOpen } from "../switch-drive.ts";

/** Turns the disks by `seconds` of the line as it is. */
export function turnDisks(moment: Moment, seconds: number): void {
  const { hardware, running, protection: { setting } } = moment;
  const amperes = hardware.closed ? highest(hardware.line.amperes) : 0;
  running.disks = running.disks.map((disk, index) => {
    const curve = setting.overcurrent[index];
    return curve ? turned(curve, disk, amperes, seconds) : disk;
  });
}

/** An element that has operated breaks within the switch's rating. Above it, it says so once and waits for less current or none. */
export function settleOvercurrent(moment: Moment): void {
  const { hardware, running, protection: { rating } } = moment;
  const amperes = highest(hardware.line.amperes);
  if (!hardware.closed || !operated(moment)) {
    running.toldAboveRating = false;
    return;
  }
  if (amperes <= rating.breakingAmperes) tryToOpen(moment, "overcurrent");
  else if (!running.toldAboveRating) {
    running.toldAboveRating = true;
    note(moment, "overcurrent-above-rating", { amperes });
  }
}

export function nextOfOvercurrent({ hardware, running, protection: { setting } }: Moment): number {
  if (!hardware.closed) return Infinity;
  const amperes = highest(hardware.line.amperes);
  let next = Infinity;
  for (const [index, curve] of setting.overcurrent.entries()) {
    const disk = running.disks[index];
    if (disk && disk.travel < 1) next = Math.min(next, hardware.at + untilOperation(curve, disk, amperes));
  }
  return next;
}

function operated({ hardware, running, protection: { setting } }: Moment): boolean {
  const amperes = highest(hardware.line.amperes);
  return setting.overcurrent.some((curve, index) => {
    const disk = running.disks[index];
    return disk !== undefined && untilOperation(curve, disk, amperes) <= instant;
  });
}
