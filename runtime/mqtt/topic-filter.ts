/** The levels of a filter, or undefined where it is not one (MQTT 3.1.1, 4.7.1): `+` stands alone in its level, `#` alone and last. */
function levelsOf(filter: string): readonly string[] | undefined {
  if (filter === "" || filter.includes("\0")) return undefined;
  const levels = filter.split("/");
  const proper = levels.every((level, i) =>
    level === "#" ? i === levels.length - 1 : level === "+" || !(level.includes("+") || level.includes("#")),
  );
  return proper ? levels : undefined;
}

/** True for a topic filter of MQTT 3.1.1, 4.7. */
export function isTopicFilter(filter: string): boolean {
  return levelsOf(filter) !== undefined;
}

/** True for a topic one may publish to: no wildcards, not empty, none of the server's own (`$…`). */
export function isTopicName(topic: string): boolean {
  return isTopicFilter(topic) && !/[+#]/.test(topic) && !topic.startsWith("$");
}

/**
 * True where every topic that `asked` matches is one that `allowed` matches. With a topic name for `asked` this is plain matching.
 * Wildcards do not reach topics that begin with `$` (4.7.2), and shared subscriptions (`$share/…`) are never within anything.
 */
export function isWithin(asked: string, allowed: string): boolean {
  const inner = levelsOf(asked);
  const outer = levelsOf(allowed);
  if (!inner || !outer) return false;
  if (asked.startsWith("$") && !allowed.startsWith("$")) return false;
  if (asked.startsWith("$share/")) return false;
  for (let i = 0; i < outer.length; i++) {
    const wide = outer[i];
    const narrow = inner[i];
    // "a/#" matches "a" itself too: then `inner` ends just before the "#".
    if (wide === "#") return true;
    if (narrow === undefined || narrow === "#") return false;
    if (wide !== "+" && wide !== narrow) return false;
  }
  return inner.length === outer.length;
}
