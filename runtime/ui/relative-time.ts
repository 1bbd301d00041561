const steps = [
  { unit: "second", seconds: 1, until: 60 },
  { unit: "minute", seconds: 60, until: 3600 },
  { unit: "hour", seconds: 3600, until: 86_400 },
  { unit: "day", seconds: 86_400, until: 30 * 86_400 },
  { unit: "month", seconds: 30.44 * 86_400, until: 365 * 86_400 },
  { unit: "year", seconds: 365.25 * 86_400, until: Infinity },
] as const;

const words = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "long" });

/** An instant (milliseconds since 1970 UTC) as seen from `now`: "2 minutes ago", "in 3 hours", "now". Rounded towards `now`. */
export function relativeTime(at: number, now: number): string {
  const seconds = (at - now) / 1000;
  const size = Math.abs(seconds);
  for (const step of steps) {
    if (size < step.until) return words.format(Math.trunc(seconds / step.seconds) || 0, step.unit);
  }
  return "";
}

/** The same instant twice, in UTC and on this computer's clock: "2026-11-21 07:05:09 UTC · 2026-11-21 00:05:09 GMT-7". */
export function absoluteTime(at: number, zone?: string): string {
  const utc = new Date(at).toISOString();
  const local = new Intl.DateTimeFormat("sv-SE", {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short", timeZone: zone,
  }).format(at);
  return `${utc.slice(0, 10)} ${utc.slice(11, 19)} UTC · ${local}`;
}
