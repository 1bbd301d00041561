/** A version and revision as table 1 shows them (HW_VERSION, HW_REVISION; FW_VERSION, FW_REVISION), each 0–255. */
export interface Release {
  readonly version: number;
  readonly revision: number;
}

/** From `least` to `most`, both included. */
export interface ReleaseRange {
  readonly least: Release;
  readonly most: Release;
}

/** In order of age: 256 × version + revision. */
export function releaseNumber({ version, revision }: Release): number {
  return version * 256 + revision;
}

export function releaseOf(number: number): Release {
  return { version: number >>> 8, revision: number & 0xff };
}

/** "1.4". */
export function releaseText({ version, revision }: Release): string {
  return `${version}.${revision}`;
}

export function inRange(release: Release, { least, most }: ReleaseRange): boolean {
  const number = releaseNumber(release);
  return number >= releaseNumber(least) && number <= releaseNumber(most);
}
