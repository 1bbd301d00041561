import { ProtectionError } from "../protection-error.ts";
import { ratedPrimaryAmperes, sourceOhms } from "../study/referral.ts";
import type { Study } from "../study/study.ts";
import { add, ohms } from "./complex.ts";
import { solve } from "./network.ts";
import { recloserAfter, recloserAtRest, recloserNext } from "./recloser.ts";
import type { FeederOutcome, FeederScenario } from "./scenario.ts";
import { SimulatedHome } from "./simulated-home.ts";
import { cold, heated, untilOpen } from "./thermal-device.ts";

const mostEvents = 20_000;

/**
 * A SIMULATION of one transformer's homes behind a recloser, from event to event: between events all currents are constant, so times are exact. Steady-state rms,
 * loads as impedances, faults line to line, magnitudes added at the recloser; no offset, no arc, no motors. Stricter than a real feeder where it is simpler:
 * whole cold load and inrush after every return of voltage, nothing cools, everything opens at its latest and a fuse is damaged at its earliest.
 * @throws ProtectionError `simulation-endless` where its devices do not come to rest.
 */
export function runFeeder(study: Study, scenario: FeederScenario): FeederOutcome {
  const { upstream, transformer } = study;
  const story: { at: number; who: string; what: string }[] = [];
  let now = 0;
  const tell = (who: string, what: string): void => void story.push({ at: now, who, what });
  const homes = Array.from({ length: transformer.homes }, (_, number) => new SimulatedHome(study, scenario, number, tell));
  const { r, x } = sourceOhms(study);
  const drop = ohms(study.line.drop.r, study.line.drop.x);
  let recloser = recloserAtRest;
  let fuse = cold;
  let energizedAt = -Infinity;

  const flow = (): { readonly upstreamAmperes: number; readonly recloserAmperes: number } => {
    const live = recloser.closed && !fuse.open;
    const { volts, total } = solve(live ? transformer.secondaryVolts : 0, ohms(r, x), homes.map((home) => ({ drop, admittance: add(home.behindMeter(now), home.beforeMeter(now)) })));
    homes.forEach((home, index) => home.energized(volts[index] ?? 0, now));
    const primary = total * (transformer.secondaryVolts / transformer.primaryVolts);
    const inrush = inrushAmperes(study, now - energizedAt);
    return {
      upstreamAmperes: live ? total * upstream.perSecondaryAmpere + (upstream.kind === "fuse" ? inrush : 0) : 0,
      recloserAmperes: recloser.closed ? primary + study.recloser.loadAmperes + inrush * study.recloser.transformers : 0,
    };
  };

  for (let event = 0; event < mostEvents; event++) {
    // Twice: the load behind a voltage that has just returned is another.
    flow();
    const { upstreamAmperes, recloserAmperes } = flow();
    const next = Math.min(
      scenario.seconds,
      ...homes.map((home) => home.next(now)),
      recloserNext(study, recloser, recloserAmperes, now),
      now + untilOpen(upstream.latest, fuse, upstreamAmperes),
      ...transformer.inrush.map(({ seconds }) => energizedAt + seconds).filter((at) => at > now + 1e-9),
    );
    const from = now;
    now = Math.max(now, next);
    for (const home of homes) home.heat(from, now);
    const [before, melted] = [recloser, fuse.open];
    fuse = heated(upstream.earliest, upstream.latest, fuse, upstreamAmperes, now - from);
    if (fuse.open && !melted) tell(upstream.name, "opens");
    recloser = recloserAfter(study, recloser, recloserAmperes, from, now);
    if (before.closed !== recloser.closed) tell("recloser", recloser.closed ? "recloses" : recloser.lockedOut ? "opens and locks out" : "opens");
    if (!before.closed && recloser.closed) energizedAt = now;
    for (const home of homes) home.act(now);
    if (now >= scenario.seconds) {
      return { homes: homes.map((home) => home.outcome(now)), upstreamDamage: fuse.damage, upstreamOpen: fuse.open, recloserOpenings: recloser.openings, lockedOut: recloser.lockedOut, story };
    }
  }
  throw new ProtectionError("bug", "simulation-endless", `the simulated feeder had ${mostEvents} events by ${now.toFixed(3)} s and no end`, { seconds: now });
}

function inrushAmperes(study: Study, since: number): number {
  const multiples = study.transformer.inrush.filter(({ seconds }) => since < seconds - 1e-9).map(({ multiple }) => multiple);
  return Math.max(0, ...multiples) * ratedPrimaryAmperes(study);
}
