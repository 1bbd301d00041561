import { diagnosticName, type Report } from "@metersmith/meter";

/** Who reports, and when it goes out. */
export interface ReportSender {
  readonly manufacturer: string;
  readonly serial: string;
  /** The street, as its topics name it. */
  readonly site: string;
}

/**
 * A report as it travels, to the topic `event`: JSON. `id` is the same when it is sent again; `first` and `last` are by the meter's clock, which has no zone; `entry` is the number
 * in table 76, 0 where it has none yet. Ours.
 */
export function reportMessage({ manufacturer, serial, site }: ReportSender, report: Report, now: number): Uint8Array {
  const { id, class: failureClass, diagnostic, code, detail, count, first, last, entry } = report;
  const civil = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19);
  return new TextEncoder().encode(JSON.stringify({
    id: `${manufacturer}/${serial}/${id}`, type: "failure.reported", v: 1, at: new Date(now).toISOString(), site, subject: { manufacturer, serial }, by: "meter",
    data: {
      class: failureClass, diagnostic: diagnosticName(diagnostic) ?? null, event: { code, manufacturer: report.manufacturer }, detail, count, first: civil(first), last: civil(last), entry,
    },
  }));
}
