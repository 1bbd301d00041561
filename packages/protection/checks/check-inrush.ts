import { secondsAt, type TimedCurve } from "../curves/curve.ts";
import { initialState } from "../device/protection-state.ts";
import { protect } from "../device/protect.ts";
import { inAmperes, inSeconds, type StudyFinding } from "./finding.ts";
import { ratedPrimaryAmperes } from "../study/referral.ts";
import type { Study } from "../study/study.ts";

interface Pulse {
  readonly amperes: number;
  readonly seconds: number;
}

/** What returns with the voltage, inrush and cold load, must trip nothing: not the meter, not the transformer's protection, not the recloser's next shot. */
export function checkInrush(study: Study): StudyFinding[] {
  return [...meterRides(study), ...upstreamRides(study), ...recloserRides(study)];
}

/** The meter itself is run: dead for an hour, then the cold load, largest first, then the home's load. */
function meterRides({ meter, home, transformer }: Study): StudyFinding[] {
  const place = "meter, cold-load pickup";
  const pulses = coldLoad(home);
  let { state } = protect(meter, initialState(0, { joules: meter.rating.store.capacityJoules }), { kind: "line", line: { amperes: [0], volts: [0] } }, 0);
  let now = 3600;
  for (const { amperes, seconds } of [...pulses, { amperes: home.amperes, seconds: 7200 }]) {
    const end = now + seconds;
    let step = protect(meter, state, { kind: "line", line: { amperes: [amperes, amperes], volts: [transformer.secondaryVolts] } }, now);
    for (;;) {
      state = step.state;
      const opening = step.effects.find((effect) => effect.kind === "move" && effect.to === "open");
      if (opening) return [{ severity: "error", place, text: `the meter opens (${state.kept.openedBy}) ${inSeconds(state.hardware.at - 3600)} after the voltage returned, at ${inAmperes(amperes)}: cold load must not trip it` }];
      if (now >= end) break;
      now = Math.min(end, Math.max(step.wakeAt, now));
      step = protect(meter, state, { kind: "time" }, now);
    }
  }
  const worst = Math.max(home.amperes, ...pulses.map(({ amperes }) => amperes));
  return [{ severity: "ok", place, text: `the meter was run through it, up to ${inAmperes(worst)}, and stays closed` }];
}

function upstreamRides(study: Study): StudyFinding[] {
  const { upstream, transformer, home } = study;
  const place = `${upstream.name}, inrush and cold-load pickup`;
  const cold = coldLoad(home).map(({ amperes, seconds }) => ({ amperes: amperes * transformer.homes * upstream.perSecondaryAmpere, seconds }));
  // Magnetizing inrush passes the primary alone.
  const inrush = upstream.kind === "fuse" ? transformer.inrush.map(({ multiple, seconds }) => ({ amperes: multiple * ratedPrimaryAmperes(study), seconds })) : [];
  return [rides(place, upstream.earliest, upstream.share, cold, "cold load"), ...inrush.map((pulse) => rides(place, upstream.earliest, upstream.share, [pulse], "inrush"))];
}

/** The recloser closes onto inrush with its second shot. Its first serves a line that is energized. */
function recloserRides(study: Study): StudyFinding[] {
  const { recloser, shots, transformer, home } = study;
  const next = shots[1];
  if (!next) return [];
  const place = "recloser, inrush and cold-load pickup";
  const inrush = transformer.inrush.map(({ multiple, seconds }) => ({ amperes: multiple * ratedPrimaryAmperes(study) * recloser.transformers, seconds }));
  // Cold load comes after long outages; after a dead time of seconds the load is as before.
  const load = { amperes: Math.max(recloser.loadAmperes, (home.amperes * transformer.homes * transformer.secondaryVolts) / transformer.primaryVolts), seconds: 3600 };
  return [...inrush.map((pulse) => rides(place, next, 1, [pulse], "inrush")), rides(place, next, 1, [load], "load")];
}

/** Parts of the device's time add up: together they stay below its share. */
function rides(place: string, curve: TimedCurve, share: number, pulses: readonly Pulse[], what: string): StudyFinding {
  const spent = pulses.reduce((sum, { amperes, seconds }) => sum + seconds / secondsAt(curve, amperes), 0);
  const shown = pulses.map(({ amperes, seconds }) => `${inAmperes(amperes)} for ${inSeconds(seconds)}`).join(", ");
  if (spent <= share) return { severity: "ok", place, text: `${what} of ${shown || "nothing"} takes ${(100 * spent).toFixed(0)} % of its time` };
  return { severity: "error", place, text: `${what} of ${shown} takes ${spent === Infinity ? "all" : `${(100 * spent).toFixed(0)} %`} of its time; ${(100 * share).toFixed(0)} % may be` };
}

function coldLoad({ amperes, coldLoad: pulses }: Study["home"]): Pulse[] {
  return pulses.map(({ multiple, seconds }) => ({ amperes: multiple * amperes, seconds })).toSorted((a, b) => b.amperes - a.amperes);
}
