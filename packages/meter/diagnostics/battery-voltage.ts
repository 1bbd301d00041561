/** A fresh lithium cell, and what a year of age and an hour of carrying the clock take from it, millivolts. SIMULATED, ours: it lasts 15 years with a few outages (I2NFR8). */
const [fresh, ofYear, ofHour] = [3600, 30, 0.25];
const [hour, year] = [3600, 365.25 * 86_400];

/** Millivolts after so many seconds of age, of which it carried the clock for some. Not below 0. */
export function batteryVoltage(age: number, carriedOver: number): number {
  return Math.max(0, Math.round(fresh - (Math.max(0, age) / year) * ofYear - (carriedOver / hour) * ofHour));
}
