/** What the device is built for: facts of the meter, not settings. */
export interface SwitchRating {
  /** Rated breaking current: above it the switch must not open under load. About the meter's maximum current for a load switch (IEC 62055-31). */
  readonly breakingAmperes: number;
  /** From command to parted contacts. */
  readonly operatingSeconds: number;
  /** At or below this the conductor counts as without current. */
  readonly zeroAmperes: number;
  /** Below this on all elements the service counts as lost, and the meter lives from its store. */
  readonly lostVolts: number;
  /** From the return of voltage to a board that works, after it had died. */
  readonly bootSeconds: number;
  readonly store: EnergyStore;
}

/** The capacitor that lets the switch move, and the board live, without voltage. */
export interface EnergyStore {
  readonly capacityJoules: number;
  /** One movement of the switch, either way. */
  readonly movingJoules: number;
  readonly chargingWatts: number;
  /** What the board draws from it while there is no voltage. */
  readonly holdUpWatts: number;
}
