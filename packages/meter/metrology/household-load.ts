/** Watts drawn at an instant, given in seconds since 1970 of local standard time. Deterministic. */
export type Load = (localSeconds: number) => number;

/** Watts by hour of day: night base, a morning and an evening peak. Synthetic, ours; it measures no household. */
const byHour = [310, 290, 280, 280, 300, 420, 780, 960, 720, 560, 520, 540, 600, 560, 540, 620, 860, 1380, 1760, 1690, 1420, 1080, 720, 450];

/**
 * A synthetic load so that the registers of a demonstration are not dead: a fixed daily curve, scaled by the meter (0.7–1.5)
 * and by the day (0.8–1.2), both drawn from `seed`. Real loads drive the meter of a later day.
 */
export function syntheticHousehold(seed: string, scale = 1): Load {
  const own = hash(seed);
  const size = scale * (0.7 + (0.8 * (own & 0xffff)) / 0xffff);
  return (localSeconds) => {
    const day = Math.floor(localSeconds / 86_400);
    const hour = Math.floor((localSeconds - day * 86_400) / 3600);
    const ofDay = 0.8 + (0.4 * (Math.imul(own ^ day, 0x9e3779b1) >>> 16)) / 0xffff;
    return (byHour[hour] ?? 0) * size * ofDay;
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return state;
}
