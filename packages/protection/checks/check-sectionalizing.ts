import type { CurrentRange } from "./current-ranges.ts";
import { shotSeconds, upstreamClearingSeconds, upstreamSafeSeconds } from "./device-times.ts";
import { inAmperes, inSeconds, type StudyFinding } from "./finding.ts";
import { faultKinds, largestFaultAmperes, type FaultKind } from "../study/referral.ts";
import { faultOutcomes, type FaultOutcome } from "./sectionalizing-verdict.ts";
import type { Study } from "../study/study.ts";

/** Above the breaking current: what sectionalizing does for each fault, and whether its times and its energy suffice. */
export function checkSectionalizing(study: Study): StudyFinding[] {
  const { setting, rating } = study.meter;
  if (!setting.sectionalize) return [{ severity: "warning", place: "sectionalizing", fromAmperes: rating.breakingAmperes, text: `is not set: above ${inAmperes(rating.breakingAmperes)} the meter never opens` }];
  const findings = [...timing(study), ...energy(study), ...level(study)];
  for (const kind of faultKinds(study)) {
    const outcomes = faultOutcomes(study, kind);
    if (outcomes.length === 0) findings.push({ severity: "vacuous", place: `sectionalizing, ${kind.name}`, text: `no fault here exceeds the breaking current: the largest is ${inAmperes(largestFaultAmperes(study))}` });
    else if (!outcomes.some(({ label }) => label !== "nothing" && label !== "fuse-alone")) findings.push(vacuous(study, kind, outcomes));
    findings.push(...outcomes.map((range) => outcomeFinding(study, kind, range)));
  }
  return findings;
}

function vacuous(study: Study, kind: FaultKind, outcomes: readonly CurrentRange<FaultOutcome>[]): StudyFinding {
  const most = largestFaultAmperes(study);
  return {
    severity: "vacuous", place: `sectionalizing, ${kind.name}`, fromAmperes: study.meter.rating.breakingAmperes, toAmperes: outcomes.at(-1)?.to ?? most,
    text: `the largest fault, ${inAmperes(most)}, is ${inAmperes(most * kind.perSecondaryAmpere)} at the recloser, which trips at ${inAmperes(study.recloser.tripAmperes)}: it never opens for a fault here, so there is no dead time to open in`,
  };
}

function outcomeFinding(study: Study, kind: FaultKind, { from, to, label }: CurrentRange<FaultOutcome>): StudyFinding {
  const place = `sectionalizing, ${kind.name}`;
  const range = { place, fromAmperes: from, toAmperes: to };
  const trip = inAmperes(study.recloser.tripAmperes);
  if (label === "nothing") return { ...range, severity: "warning", text: `nothing is sure to clear a fault between meter and main breaker: the switch may not break it, the recloser (trip ${trip}) does not see it, and it is too little for the ${study.upstream.name}` };
  if (label === "fuse-alone") {
    const [slow, fast] = [from * 1.0001, to].map((amperes) => inSeconds(upstreamClearingSeconds(study, kind, amperes)));
    return { ...range, severity: "vacuous", text: `the recloser (trip ${trip}) cannot see it; the ${study.upstream.name} clears it alone after ${slow} to ${fast}, and all ${study.transformer.homes} homes of the transformer are out` };
  }
  if (label === "unseen") return { ...range, severity: "error", text: "the recloser opens, but the meter takes the current for load: it is below the actuating current, or over before the sensing time" };
  const shots = study.meter.setting.sectionalize?.shots ?? 1;
  const margins = [from * 1.0001, to].map((amperes) => {
    const firstSeconds = study.shots.slice(0, shots).reduce((sum, shot) => sum + shotSeconds(shot, kind, amperes), 0);
    const secondSeconds = upstreamSafeSeconds(study, kind, amperes);
    return { amperes, firstSeconds, secondSeconds, marginSeconds: secondSeconds - firstSeconds, requiredSeconds: 0 };
  });
  const [least] = margins.toSorted((a, b) => a.marginSeconds - b.marginSeconds);
  if (label === "effective") return { ...range, ...(least ? { least } : {}), severity: "ok", text: "the recloser opens before the transformer's protection is touched, the meter opens in the dead time, the neighbours ride through one reclosing" };
  return { ...range, ...(least ? { least } : {}), severity: "warning", text: `the ${study.upstream.name} may act before the recloser has opened ${shots === 1 ? "once" : `${shots} times`}: all ${study.transformer.homes} homes of the transformer are out, and sectionalizing comes too late` };
}

function timing({ meter: { rating, setting: { sectionalize } }, recloser }: Study): StudyFinding[] {
  if (!sectionalize) return [];
  const place = "sectionalizing, dead time";
  const dead = recloser.openSeconds[sectionalize.shots - 1];
  if (dead === undefined) return [{ severity: "error", place, text: `opens after ${sectionalize.shots} shots; the recloser locks out after ${recloser.openSeconds.length + 1}` }];
  const shortest = Math.min(...recloser.openSeconds);
  const findings: StudyFinding[] = [];
  if (sectionalize.deadTimeSeconds > shortest) findings.push({ severity: "error", place, text: `reckons with ${inSeconds(sectionalize.deadTimeSeconds)}; the recloser closes after ${inSeconds(shortest)}` });
  const needed = sectionalize.confirmSeconds + rating.operatingSeconds;
  const margin = Math.min(dead, sectionalize.deadTimeSeconds) - needed;
  findings.push(margin < 0
    ? { severity: "error", place, text: `confirming and opening take ${inSeconds(needed)}, longer than the dead time: it never opens` }
    : { severity: "ok", place, text: `confirming and opening take ${inSeconds(needed)} of ${inSeconds(dead)}: ${inSeconds(margin)} left` });
  if (sectionalize.resetSeconds <= recloser.resetSeconds) findings.push({ severity: "error", place: "sectionalizing, reset", text: `forgets its count after ${inSeconds(sectionalize.resetSeconds)}, not later than the recloser (${inSeconds(recloser.resetSeconds)}): shots of one sequence would be lost` });
  return findings;
}

function energy({ meter: { rating: { store, operatingSeconds }, setting: { sectionalize } }, recloser }: Study): StudyFinding[] {
  if (!sectionalize) return [];
  // Worst: each shot so far found the store no fuller than the one before left it.
  const dark = recloser.openSeconds.slice(0, sectionalize.shots - 1).reduce((sum, seconds) => sum + seconds, 0) + sectionalize.confirmSeconds + operatingSeconds;
  const left = store.capacityJoules - store.holdUpWatts * dark;
  const charging = Math.max(0, store.movingJoules - (store.capacityJoules - store.movingJoules)) / store.chargingWatts;
  const place = "sectionalizing, stored energy";
  if (left < store.movingJoules) return [{ severity: "error", place, text: `a full store holds ${left.toFixed(1)} J when it is to open, a movement takes ${store.movingJoules} J` }];
  return [{ severity: "ok", place, text: `a full store holds ${left.toFixed(1)} J when it is to open, a movement takes ${store.movingJoules} J${charging > 0 ? `; after a movement it must charge for ${inSeconds(charging)}` : ""}` }];
}

function level({ meter: { rating, setting: { sectionalize } }, breaker }: Study): StudyFinding[] {
  if (!sectionalize) return [];
  const { actuatingAmperes } = sectionalize;
  const findings: StudyFinding[] = [];
  if (actuatingAmperes > rating.breakingAmperes * 1.25) findings.push({ severity: "warning", place: "sectionalizing, actuating current", fromAmperes: rating.breakingAmperes, toAmperes: actuatingAmperes, text: "between the breaking current and the actuating current the meter neither breaks nor counts" });
  if (actuatingAmperes <= breaker.pickupAmperes) findings.push({ severity: "error", place: "sectionalizing, actuating current", text: `${inAmperes(actuatingAmperes)} is within the main breaker's rating of ${inAmperes(breaker.pickupAmperes)}: load would count as a fault` });
  return findings;
}
