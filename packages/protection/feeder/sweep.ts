import { secondsAt } from "../curves/curve.ts";
import { shotSeconds, upstreamSafeSeconds } from "../checks/device-times.ts";
import { faultKinds, largestFaultAmperes } from "../study/referral.ts";
import { faultOutcome, type FaultOutcome } from "../checks/sectionalizing-verdict.ts";
import type { Study } from "../study/study.ts";
import { runFeeder } from "./run-feeder.ts";
import type { FeederFault, FeederOutcome } from "./scenario.ts";

export interface SweepRun {
  readonly fault: FeederFault;
  /** Through the faulted home's meter; for a fault before it, at the fault. */
  readonly amperes: number;
  /** What the check says of that current: for faults between meter and main breaker. */
  readonly verdict: FaultOutcome | "breaking" | null;
  /** In which way the run was not as it must be; empty where it was. */
  readonly problems: readonly string[];
}

export interface Sweep {
  readonly runs: readonly SweepRun[];
  readonly problems: number;
}

const places = ["before-breaker", "behind-breaker", "service"] as const;
const beginsAt = 1;
const seconds = 60;

/**
 * Runs the simulated feeder once for each of `currents` fault currents (spread evenly on a logarithmic scale from twice a home's load to the largest fault), place and
 * home, and holds each run against what must hold always and against what the check says.
 */
export function sweepFeeder(study: Study, currents: number): Sweep {
  const runs: SweepRun[] = [];
  const [least, most] = [study.home.amperes * 2, largestFaultAmperes(study)];
  for (let step = 0; step < currents; step++) {
    const amperes = least * (most / least) ** (step / Math.max(1, currents - 1));
    for (const place of places) {
      for (let home = 0; home < study.transformer.homes; home++) runs.push(oneRun(study, { home, place, ohms: ohmsFor(study, amperes), from: beginsAt }));
    }
  }
  return { runs, problems: runs.filter(({ problems }) => problems.length > 0).length };
}

/** About the resistance that makes this current: what source and drop leave of the voltage. At the largest fault next to nothing. */
function ohmsFor(study: Study, amperes: number): number {
  const { secondaryVolts } = study.transformer;
  return Math.max(1e-6, secondaryVolts / amperes - secondaryVolts / largestFaultAmperes(study));
}

function oneRun(study: Study, fault: FeederFault): SweepRun {
  const outcome = runFeeder(study, { faults: [fault], seconds });
  const faulted = outcome.homes[fault.home];
  const amperes = fault.place === "service" ? largestFaultAmperes(study) : (faulted?.mostAmperes ?? 0);
  const [lineToLine] = faultKinds(study);
  const judged = fault.place === "before-breaker" && lineToLine !== undefined;
  const verdict = !judged ? null : amperes <= study.meter.rating.breakingAmperes ? "breaking" : faultOutcome(study, lineToLine, amperes);
  return { fault, amperes, verdict, problems: [...always(study, fault, outcome), ...asChecked(study, fault, outcome, amperes, verdict)] };
}

/** Holds whatever the current, the place and the coordination. */
function always(study: Study, fault: FeederFault, { homes }: FeederOutcome): string[] {
  const problems: string[] = [];
  homes.forEach(({ partedAtAmperes, openedBy }, home) => {
    if ((partedAtAmperes ?? 0) > study.meter.rating.breakingAmperes) problems.push(`the meter of home ${home + 1} parted at ${partedAtAmperes} A`);
    if (openedBy !== null && (home !== fault.home || fault.place === "service")) problems.push(`the meter of home ${home + 1} opened (${openedBy}) for a fault that is not behind it`);
  });
  return problems;
}

function asChecked(study: Study, fault: FeederFault, outcome: FeederOutcome, amperes: number, verdict: SweepRun["verdict"]): string[] {
  const problems: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || problems.push(what));
  const others = outcome.homes.filter((_, home) => home !== fault.home);
  const faulted = outcome.homes[fault.home];
  const perAmpere = study.transformer.secondaryVolts / study.transformer.primaryVolts;
  if (verdict === "effective") {
    must(faulted?.openedBy === "fault", "the faulted home is not off by its meter");
    must(others.every(({ served }) => served), "a neighbour is without service");
    must(others.every(({ interruptions }) => interruptions === 1), "a neighbour rode through more, or less, than one reclosing");
    must(others.every(({ longestSeconds }) => longestSeconds <= (study.recloser.openSeconds[0] ?? 0) + 1e-6), "a neighbour was out for longer than the dead time");
    must(outcome.upstreamDamage <= study.upstream.share + 1e-9, `the ${study.upstream.name} was damaged (${outcome.upstreamDamage.toFixed(2)})`);
    must(outcome.recloserOpenings === 1, `the recloser opened ${outcome.recloserOpenings} times`);
  }
  // With all load on top the recloser may see what the check does not count on.
  const withLoad = (amperes + study.home.amperes * (study.transformer.homes - 1)) * perAmpere + study.recloser.loadAmperes;
  if ((verdict === "nothing" || verdict === "fuse-alone") && withLoad < study.recloser.tripAmperes) must(outcome.recloserOpenings === 0, "the recloser opened for what it cannot see");
  if (verdict === "fuse-first") must(outcome.upstreamDamage > study.upstream.share, `the ${study.upstream.name} was spared where the check says it acts first`);
  if (fault.place === "behind-breaker" && amperes > study.meter.rating.breakingAmperes) {
    const [lineToLine] = faultKinds(study);
    const breaker = secondsAt(study.breaker, amperes);
    const withHomes = amperes + study.home.amperes * study.transformer.homes;
    if (lineToLine && breaker < seconds / 2 && breaker + 0.05 < Math.min(shotSeconds(study.shots[0], lineToLine, withHomes), upstreamSafeSeconds(study, lineToLine, withHomes))) {
      must(faulted?.breakerOpen === true && faulted.meterClosed, "the main breaker did not clear it alone");
      must(others.every(({ served }) => served), "a neighbour is without service for what the main breaker clears");
    }
  }
  return problems;
}
