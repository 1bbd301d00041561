import { concatBytes, toHex } from "@metersmith/base/bytes";
import { BerReader, badApdu, hex } from "../ber/ber-reader.ts";
import { berElement } from "../ber/ber-writer.ts";
import { arcsOf, parseIdentifier } from "../ber/object-identifier.ts";

/** Tags of a title: absolute, relative, relative as a draft of 2008 wrote it (read, kept, never made). Source: docs/reference/c1222.md 2. */
export const titleTag = { absolute: 0x06, relative: 0x80, draftRelative: 0x0d } as const;

export type TitleTag = (typeof titleTag)[keyof typeof titleTag];

/** The name of a node: an object identifier, absolute or relative to its network's base. Without octets it is the title of a node not yet registered. */
export interface ApTitle {
  readonly tag: TitleTag;
  /** Content octets of the identifier. */
  readonly octets: Uint8Array;
}

/** "1.3.6.1.4.1.33507.1919.29674": absolute; ".123.8437": relative. Throws `bad-argument`. */
export function apTitle(text: string): ApTitle {
  const { octets, relative } = parseIdentifier(text);
  return { tag: relative ? titleTag.relative : titleTag.absolute, octets };
}

export function titleText(title: ApTitle): string {
  const relative = title.tag !== titleTag.absolute;
  return `${relative ? "." : ""}${(arcsOf(title.octets, relative) ?? []).join(".")}`;
}

/** Reads one title, its tag included. Throws `bad-apdu`. */
export function readTitle(reader: BerReader): ApTitle {
  const element = reader.element();
  const { tag, offset } = element;
  if (tag !== titleTag.absolute && tag !== titleTag.relative && tag !== titleTag.draftRelative) {
    throw badApdu(`tag ${hex(tag)} where an application title (06, 80 or 0D) was expected`, offset);
  }
  const octets = reader.content(element);
  if (arcsOf(octets, tag !== titleTag.absolute) === undefined) throw badApdu("an application title that is no object identifier", offset);
  return { tag, octets };
}

export function encodeTitle({ tag, octets }: ApTitle): Uint8Array {
  return berElement(tag, octets);
}

/** The same title under its absolute tag. `base`: content octets that relative titles add to. */
export function absoluteTitle(title: ApTitle, base: Uint8Array): ApTitle {
  return title.tag === titleTag.absolute ? title : { tag: titleTag.absolute, octets: concatBytes(base, title.octets) };
}

/** Equal for two titles that name the same node under this base. */
export function titleKey(title: ApTitle, base: Uint8Array): string {
  return toHex(absoluteTitle(title, base).octets);
}

/** Whether a message that calls `called` is meant for another node than `own`; where either has no title, nobody can tell. */
export function namesOther(called: ApTitle | undefined, own: ApTitle | undefined, base: Uint8Array): boolean {
  return own !== undefined && called !== undefined && titleKey(called, base) !== titleKey(own, base);
}
