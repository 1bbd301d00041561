import type { Line } from "./line.ts";
import { householdService, powerLine, type PowerCurve, type Service } from "./power-line.ts";
import { hashOf, scattered } from "./seed.ts";

/** Watts by hour of day: night base, a morning and an evening peak. Synthetic, ours; it measures no household. */
const byHour = [310, 290, 280, 280, 300, 420, 780, 960, 720, 560, 520, 540, 600, 560, 540, 620, 860, 1380, 1760, 1690, 1420, 1080, 720, 450];
/** Minutes from universal time by which synthetic people live. Ours: the middle of the United States. */
const livesAt = -360;

export interface SyntheticLife {
  /** Against a household's load; 1 where absent. */
  readonly scale?: number;
  /** Local standard time minus universal time, minutes. */
  readonly zoneMinutes?: number;
}

/**
 * SYNTHETIC: a fixed daily curve, scaled by the meter (.7–1.5) and by the day (.8–1.2), both drawn from `seed`. So registers of a demonstration are not
 * dead; it stands for no real household.
 */
export function syntheticCurve(seed: string, { scale = 1, zoneMinutes = livesAt }: SyntheticLife = {}): PowerCurve {
  const own = hashOf(seed);
  const size = scale * (0.7 + (0.8 * (own & 0xffff)) / 0xffff);
  return {
    watts(seconds) {
      const local = seconds + zoneMinutes * 60;
      const day = Math.floor(local / 86_400);
      const hour = Math.floor((local - day * 86_400) / 3600);
      const ofDay = 0.8 + (0.4 * (Math.imul(own ^ day, 0x9e3779b1) >>> 16)) / 0xffff;
      return (byHour[hour] ?? 0) * size * ofDay;
    },
    until: (seconds) => (Math.floor((seconds + zoneMinutes * 60) / 3600) + 1) * 3600 - zoneMinutes * 60,
  };
}

/** SYNTHETIC: the curve of a household on its service. */
export function syntheticHousehold(seed: string, life: SyntheticLife = {}, service: Service = householdService): Line {
  return powerLine(syntheticCurve(seed, life), service);
}

/**
 * SYNTHETIC: whole watts for each minute. A base that drifts by the hour, and appliances that come and go: each of eight runs in a minute where
 * the seed says so for its quarter of an hour. Integers throughout, so that anybody can add it up.
 */
export function syntheticMinutes(seed: string): PowerCurve {
  const own = hashOf(seed);
  const appliances = [60, 90, 150, 350, 800, 1200, 2200, 4500];
  return {
    watts(seconds) {
      const minute = Math.floor(seconds / 60);
      const quarter = Math.floor(minute / 15);
      let watts = 120 + (scattered(own, Math.floor(minute / 60)) % 200);
      for (const [index, draw] of appliances.entries()) {
        const chance = scattered(own + index + 1, quarter);
        const runs = chance % 8 < 3 && (minute + (chance >>> 8)) % 15 < 3 + ((chance >>> 16) % 12);
        if (runs) watts += draw;
      }
      return watts;
    },
    until: (seconds) => (Math.floor(seconds / 60) + 1) * 60,
  };
}
