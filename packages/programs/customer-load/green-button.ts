import { withDocument } from "@metersmith/tables/xml-document";
import { TablesError } from "@metersmith/tables";
import type { XmlElement, XmlNode } from "libxml2-wasm";
import { intervalSeries, invalidIntervals, mostIntervals, type IntervalSeries } from "./interval-series.ts";

/**
 * Codes of NAESB REQ.21 (Green Button, ESPI): unit 72 is Wh; flow 1 is forward, to the customer; accumulation 4 is the amount of each interval. Source: the
 * published ESPI schema's enumerations, and the values in published sample files.
 */
const code = { wattHours: "72", forward: "1", perInterval: "4" } as const;
const espi = { e: "http://naesb.org/espi", a: "http://www.w3.org/2005/Atom" };

/**
 * A customer's own file (Green Button, an Atom feed of ESPI). One reading type of energy delivered in intervals is taken; files with several are refused with
 * their number. Throws `intervals-invalid`.
 */
export function readGreenButton(xml: string, file: string): IntervalSeries {
  try {
    return withDocument(xml, file, (document) => {
      const types = document.find("//e:ReadingType", espi).filter((type) => text(type, "uom") === code.wattHours && given(text(type, "flowDirection"), code.forward) && given(text(type, "accumulationBehaviour"), code.perInterval));
      const [type] = types;
      if (!type) throw invalidIntervals(file, "no ReadingType of energy delivered in each interval (uom 72, flowDirection 1, accumulationBehaviour 4)");
      if (types.length > 1) throw invalidIntervals(file, `${types.length} kinds of readings of energy delivered; give a file with one`);
      const scale = 10 ** wholeIn(type, "powerOfTenMultiplier", file, 0);
      const readings = document.find("//e:IntervalBlock/e:IntervalReading", espi);
      if (readings.length > mostIntervals) throw invalidIntervals(file, `${readings.length} readings; at most ${mostIntervals}`);
      return intervalSeries(readings.map((reading) => ({
        start: wholeIn(reading, "timePeriod/e:start", file),
        seconds: wholeIn(reading, "timePeriod/e:duration", file, wholeIn(type, "intervalLength", file, 0)),
        wattHours: wholeIn(reading, "value", file) * scale,
      })), file);
    });
  } catch (error) {
    if (error instanceof TablesError) throw invalidIntervals(file, error.message, error);
    throw error;
  }
}

/** Absent elements of a reading type say nothing against it. */
const given = (found: string | undefined, wanted: string): boolean => found === undefined || found === wanted;

function text(node: XmlNode, path: string): string | undefined {
  const [found] = (node as XmlElement).find(`e:${path}`, espi);
  return found?.content.trim();
}

function wholeIn(node: XmlNode, path: string, file: string, otherwise?: number): number {
  const found = text(node, path);
  if (found === undefined && otherwise !== undefined) return otherwise;
  if (found === undefined || !/^-?\d{1,15}$/.test(found)) throw invalidIntervals(file, `line ${node.line}: ${path.replace("/e:", ".")} is ${found === undefined ? "missing" : `"${found.slice(0, 40)}"`}; expected a whole number`);
  return Number(found);
}
