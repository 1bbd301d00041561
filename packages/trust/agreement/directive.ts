import type { Json } from "../metadata/canonical-json.ts";
import { Fields } from "../metadata/fields.ts";
import { refused } from "../trust-error.ts";

/** What a repository of images says of one: as its manifest has it. */
export interface Description {
  readonly deviceType: string;
  readonly counter: number;
}

export interface SerialRange {
  readonly least: string;
  readonly most: string;
}

/** What a director says of an image: for which meters it is meant. */
export interface Directive extends Description {
  readonly meters: "all" | readonly SerialRange[];
}

const deviceTypeForm = /^[a-z0-9][a-z0-9-]{0,15}$/;
/** As in table 1: at most 16 characters. */
const serialForm = /^[A-Za-z0-9]{1,16}$/;
const mostRanges = 4096;
const largestCounter = 2 ** 32 - 1;

/** Nothing beyond its fields may stand there: a wall that is not understood is none that was passed. Throws `bad-metadata`. */
export function readDescription(fields: Fields): Description {
  return description(fields.only(["deviceType", "counter"]));
}

export function readDirective(fields: Fields): Directive {
  const common = description(fields.only(["deviceType", "counter", "meters"]));
  if (fields.raw("meters") === "all") return { ...common, meters: "all" };
  const meters = fields.list("meters", mostRanges).map((one, at) => {
    const range = Fields.of(one, `${fields.place}: meters ${at + 1}`).only(["least", "most"]);
    const [least, most] = [range.text("least", serialForm), range.text("most", serialForm)];
    if (least.length !== most.length || least > most) throw refused("bad-metadata", range.place, "a range of serials runs upwards, between two of the same length");
    return { least, most };
  });
  return { ...common, meters };
}

export function descriptionJson({ deviceType, counter }: Description): { readonly deviceType: string; readonly counter: number } {
  return { deviceType, counter };
}

export function directiveJson({ meters, ...rest }: Directive): Json {
  return { ...descriptionJson(rest), meters: meters === "all" ? meters : meters.map(({ least, most }) => ({ least, most })) };
}

function description(fields: Fields): Description {
  const counter = fields.whole("counter", 0);
  if (counter > largestCounter) throw refused("bad-metadata", fields.place, `counter: at most ${largestCounter}`);
  return { deviceType: fields.text("deviceType", deviceTypeForm), counter };
}
