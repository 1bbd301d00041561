import type { Log } from "@metersmith/base/log";
import type { Meter, Report } from "@metersmith/meter";

/**
 * Takes a meter's reports away: one after the other in the meter's order, each acknowledged once `send` has settled, which is when it has arrived where it is kept. One that does not
 * arrive stays in the meter, which asks again at a later tick. Answers how to end it.
 */
export function carryReports(meter: Pick<Meter, "reports" | "serial">, send: (report: Report) => Promise<void>, log: Log): () => void {
  const life = new AbortController();
  let under = false;
  const carry = async (): Promise<void> => {
    if (under || life.signal.aborted) return;
    under = true;
    try {
      for (let [report] = meter.reports.pending; report && !life.signal.aborted; [report] = meter.reports.pending) {
        await send(report);
        // The meter may have lost its power while it was on its way; it then sends it again.
        if (!life.signal.aborted) meter.reports.acknowledge(report.id);
      }
    } catch (error) {
      log.warn("a report has not arrived", { serial: meter.serial, error });
    } finally {
      under = false;
    }
  };
  const forget = meter.reports.onReport(() => void carry());
  return () => {
    life.abort();
    forget();
  };
}
