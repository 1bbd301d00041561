import { NicError } from "../nic-error.ts";

/** The forms in which values travel. */
export type Form = "json" | "edl" | "octets";

/** `application/edl+xml` is ours: no type is registered for EDL. */
export const mediaTypes: Readonly<Record<Form, string>> = { json: "application/json", edl: "application/edl+xml", octets: "application/octet-stream" };

const forms = Object.keys(mediaTypes) as readonly Form[];

/** The form that an Accept header (RFC 9110 §12.5.1) likes best among those offered; the first offered where there is none. Throws `not-acceptable`. */
export function acceptedForm(accept: string | undefined, offered: readonly Form[]): Form {
  const [first] = offered;
  if (accept === undefined && first) return first;
  const ranges = (accept ?? "").toLowerCase().split(",").map(rangeOf);
  let best: { readonly form: Form; readonly quality: number } | undefined;
  for (const form of offered) {
    const quality = qualityOf(mediaTypes[form], ranges);
    if (quality > (best?.quality ?? 0)) best = { form, quality };
  }
  if (best) return best.form;
  throw new NicError("not-acceptable", `Offered here: ${offered.map((form) => mediaTypes[form]).join(", ")}.`);
}

/** The form of a body by its Content-Type. Parameters other than charset=utf-8 are refused. Throws `unsupported-media-type`. */
export function bodyForm(contentType: string | undefined, taken: readonly Form[]): Form {
  const [type, ...parameters] = (contentType ?? "").toLowerCase().split(";").map((part) => part.trim());
  const form = forms.find((one) => mediaTypes[one] === type);
  const plain = parameters.every((parameter) => parameter === "charset=utf-8" || parameter === 'charset="utf-8"');
  if (form && taken.includes(form) && plain) return form;
  throw new NicError("unsupported-media-type", `Taken here: ${taken.map((one) => mediaTypes[one]).join(", ")}, in UTF-8.`);
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function rangeOf(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith("q="));
  return { type, quality: quality === undefined ? 1 : /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(quality) ? Number(quality.slice(2)) : 0 };
}

/** By the most specific range that matches. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const wanted of [type, `${type.split("/")[0]}/*`, "*/*"]) {
    const range = ranges.find((one) => one.type === wanted);
    if (range) return range.quality;
  }
  return 0;
}
