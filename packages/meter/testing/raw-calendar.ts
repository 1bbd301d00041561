/**
 * Table 54 written octet by octet from the facts (ST54 and 3.3 DATE, RDATE), for tests that judge the meter's reading: it
 * uses no definitions and no codec of ours. Layout without anchor date and separate weekdays.
 */
export interface RawCalendar {
  readonly littleEndian: boolean;
  readonly dated: readonly { readonly date: readonly [year: number, month: number, day: number]; readonly control: number }[];
  readonly recurring: readonly { readonly month: number; readonly day: number; readonly control: number }[];
  readonly switches: readonly { readonly schedule: number; readonly hour: number; readonly minute: number; readonly tier: number; readonly flags?: number }[];
  /** Saturday, Sunday, weekday, special 0, special 1. */
  readonly seasons: readonly (readonly [number, number, number, number, number])[];
  readonly sizes: { readonly dated: number; readonly recurring: number; readonly switches: number };
}

export const rawSizes = { "rx-2s": { dated: 60, recurring: 12, switches: 40 }, "ix-4s": { dated: 80, recurring: 12, switches: 60 }, "px-9s": { dated: 80, recurring: 12, switches: 40 } } as const;

export const seasonControl = (season: number): number => 3 + season;
export const specialControl = (special: number): number => 19 + special;
export const [daylightOn, daylightOff, endOfList] = [1, 2, 31];

export function rawCalendar({ littleEndian, dated, recurring, switches, seasons, sizes }: RawCalendar): Uint8Array {
  const octets: number[] = [];
  const word = (value: number): void => void (littleEndian ? octets.push(value & 0xff, value >> 8) : octets.push(value >> 8, value & 0xff));
  for (let i = 0; i < sizes.dated; i++) {
    const entry = dated[i];
    // DATE: bits 0–6 year, 7–10 month, 11–15 day.
    word(entry ? (entry.date[0] - 2000) | (entry.date[1] << 7) | (entry.date[2] << 11) : 0);
    octets.push(entry?.control ?? endOfList);
  }
  for (let i = 0; i < sizes.recurring; i++) {
    const entry = recurring[i];
    // RDATE: bits 0–3 month, 4–7 offset, 8–10 weekday, 11–15 day.
    word(entry ? entry.month | (entry.day << 11) : 0);
    octets.push(entry?.control ?? endOfList);
  }
  for (let i = 0; i < sizes.switches; i++) {
    const entry = switches[i];
    // TIER_SWITCH: bits 0–2 tier, 3 summations, 4 demands, 5–10 minute, 11–15 hour.
    word(entry ? entry.tier | ((entry.flags ?? 0) << 3) | (entry.minute << 5) | (entry.hour << 11) : 0);
    octets.push(entry?.schedule ?? 255);
  }
  for (let i = 0; i < 4; i++) octets.push(...(seasons[i] ?? [0, 0, 0, 0, 0]));
  return Uint8Array.from(octets);
}

/** Summer peak 15–20 on weekdays, a holiday, daylight saving of the United States in 2026. */
export function exampleCalendar(deviceType: keyof typeof rawSizes): Uint8Array {
  const littleEndian = deviceType !== "ix-4s";
  const flags = littleEndian ? 0 : 3;
  return rawCalendar({
    littleEndian,
    sizes: rawSizes[deviceType],
    dated: [
      { date: [2026, 3, 8], control: daylightOn },
      { date: [2026, 7, 3], control: specialControl(1) },
      { date: [2026, 11, 1], control: daylightOff },
    ],
    recurring: [
      { month: 5, day: 1, control: seasonControl(1) },
      { month: 11, day: 1, control: seasonControl(0) },
      { month: 12, day: 25, control: specialControl(0) },
    ],
    switches: [
      { schedule: 0, hour: 0, minute: 0, tier: 1, flags },
      { schedule: 1, hour: 15, minute: 0, tier: 0, flags },
      { schedule: 1, hour: 0, minute: 0, tier: 1, flags },
      { schedule: 1, hour: 20, minute: 30, tier: 1, flags },
      { schedule: 2, hour: 0, minute: 0, tier: 2, flags },
    ],
    seasons: [[0, 0, 0, 2, 2], [0, 0, 1, 2, 2]],
  });
}
