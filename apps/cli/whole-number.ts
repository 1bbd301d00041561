import { Failure } from "@metersmith/base/errors";

/** The value of an option that takes decimal digits and nothing else. @throws Failure `misuse`, its code the option's name. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
  throw new Failure("misuse", option, `--${option} takes a whole number from ${least} to ${most}, not “${text}”`);
}
