import { checkBreaker } from "./check-breaker.ts";
import { checkBreaking } from "./check-breaking.ts";
import { checkInrush } from "./check-inrush.ts";
import { checkSectionalizing } from "./check-sectionalizing.ts";
import type { StudyFinding } from "./finding.ts";
import type { Study } from "../study/study.ts";

export interface StudyReport {
  /** No finding is an error. Vacuous ones prove nothing and break nothing. */
  readonly coordinated: boolean;
  readonly findings: readonly StudyFinding[];
}

/** Checks a meter's setting on its circuit, from the home's main breaker to the recloser. Never throws. */
export function checkStudy(study: Study): StudyReport {
  const findings = [...checkBreaker(study), ...checkBreaking(study), ...checkSectionalizing(study), ...checkInrush(study)];
  return { coordinated: findings.every(({ severity }) => severity !== "error"), findings };
}
