/** One thing found in a person's input. `field` is the path in the file or the parameters, e.g. `energyweekdayschedule[3][24]`. */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly field: string;
  readonly message: string;
}

export function errorsAmong(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((finding) => finding.severity === "error");
}

/** `field: message`, or the message alone where it concerns the whole file. */
export function findingText(finding: Finding): string {
  return finding.field === "" ? finding.message : `${finding.field}: ${finding.message}`;
}

/** A path as people write it: `a.b[3][24]`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else text += text === "" ? String(key) : `.${String(key)}`;
  }
  return text;
}
