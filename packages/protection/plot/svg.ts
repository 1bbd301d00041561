/** A piece of SVG that is well-formed: made by `element` and `text` alone. */
export interface Svg {
  readonly markup: string;
}

/** Text and attribute values as they may stand in XML: markup becomes characters, and what no XML 1.0 document may hold is left out. */
export function escaped(value: string): string {
  return value
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An element by its name and attributes; numbers to a tenth of a unit, which no eye tells apart. Absent attributes are left out. */
export function element(name: string, attributes: Readonly<Record<string, string | number | undefined>>, ...children: readonly Svg[]): Svg {
  const written = Object.entries(attributes).map(([key, value]) => (value === undefined ? "" : ` ${key}="${escaped(typeof value === "number" ? shortNumber(value) : value)}"`)).join("");
  return { markup: children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.map(({ markup }) => markup).join("")}</${name}>` };
}

export function text(content: string): Svg {
  return { markup: escaped(content) };
}

/** Coordinates of a line or an area. */
export function path(points: readonly (readonly [x: number, y: number])[], closed = false): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${shortNumber(x)} ${shortNumber(y)}`).join("") + (closed ? "Z" : "");
}

function shortNumber(value: number): string {
  return String(Math.round(value * 10) / 10);
}
