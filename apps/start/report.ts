import type { FirstLogin } from "@metersmith/site/site-config";
import type { Step } from "./start-steps.ts";
import type { StoryCounts } from "./story.ts";

/** What is printed at the end of `--once`, and on one line with `--json`. */
export interface StartReport {
  readonly ok: boolean;
  readonly steps: readonly Step[];
  readonly meters: StoryCounts;
}

export function summaryText(report: StartReport): string {
  const width = Math.max(...report.steps.map(({ name }) => name.length));
  const lines = report.steps.map(
    ({ name, ok, detail, seconds }) => `  ${ok ? "✓" : "✗"} ${name.padEnd(width)}  ${`${seconds.toFixed(1)} s`.padStart(7)}  ${detail}`,
  );
  const { total, programmed, verified } = report.meters;
  const verdict = report.ok ? "Every step is good" : "A step failed";
  return [...lines, "", `${verdict}: ${total} meters, ${programmed} programmed, ${verified} verified by what was read back.`, ""].join("\n");
}

/** Where to go, and with which logins where these are new. */
export function welcomeText(
  urls: { readonly utility: string; readonly manufacturer: string },
  meters: readonly { readonly serial: string }[],
  logins: { readonly utility: readonly FirstLogin[]; readonly manufacturer: readonly FirstLogin[] } | undefined,
): string {
  const lines = ["", `  Utility       ${urls.utility}`, `  Manufacturer  ${urls.manufacturer}`, ""];
  const [first] = meters;
  if (first) lines.push(`  In another terminal: npx metersmith meter read ${first.serial}`, "");
  if (!logins) return [...lines, "  Sign in as before; the first-run logins were shown at the first start.", ""].join("\n");
  lines.push("  First-run logins, shown this once: keep them.");
  for (const [site, accounts] of Object.entries(logins)) {
    for (const { email, password, name } of accounts) lines.push(`    ${site.padEnd(12)}  ${email.padEnd(28)}  ${password}  (${name})`);
  }
  return [...lines, ""].join("\n");
}
