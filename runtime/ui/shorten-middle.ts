/**
 * Shortens a digest or serial in the middle, keeping both ends readable: `sha256:1f3a…9c04`. An algorithm prefix that ends
 * with a colon is kept whole. Text of at most `head + tail + 1` characters after the prefix is returned as it is.
 */
export function shortenMiddle(text: string, head = 6, tail = 6): string {
  const prefixEnd = text.indexOf(":") + 1;
  const body = text.slice(prefixEnd);
  if (body.length <= head + tail + 1) return text;
  return `${text.slice(0, prefixEnd)}${body.slice(0, head)}…${body.slice(-tail)}`;
}
