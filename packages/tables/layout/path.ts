/** One step of a path: a field's name, or an element's index. */
export type PathStep = string | number;

const form = /^[A-Z][A-Z0-9_]*(?:\[\d{1,7}\])?(?:\.[A-Z][A-Z0-9_]*(?:\[\d{1,7}\])?)*$/;

/** Steps of `TIER_SWITCHES[3].TIER_SWITCH.SWITCH_HOUR`; undefined where the text is no path. `""` is the whole table. */
export function parsePath(path: string): PathStep[] | undefined {
  if (path === "") return [];
  if (path.length > 500 || !form.test(path)) return undefined;
  return path.split(/[.[]/).map((step) => (step.endsWith("]") ? Number(step.slice(0, -1)) : step));
}

export function pathOf(steps: readonly PathStep[]): string {
  let path = "";
  for (const step of steps) path += typeof step === "number" ? `[${step}]` : path === "" ? step : `.${step}`;
  return path;
}

/** A step of a pattern: `*` stands for every element of an array. */
export type PatternStep = PathStep | { readonly every: true };

const patternForm = /^[A-Z][A-Z0-9_]*(?:\[(?:\d{1,7}|\*)\])?(?:\.[A-Z][A-Z0-9_]*(?:\[(?:\d{1,7}|\*)\])?)*$/;

/** Steps of a path in which an index may be `*`, such as `TIER_SWITCHES[*].DAY_SCH_NUM`; undefined where the text is none. */
export function parsePattern(pattern: string): PatternStep[] | undefined {
  if (!pattern.includes("*")) return parsePath(pattern);
  if (pattern.length > 500 || !patternForm.test(pattern)) return undefined;
  return pattern.split(/[.[]/).map((step) => (step === "*]" ? { every: true } : step.endsWith("]") ? Number(step.slice(0, -1)) : step));
}
