export const SHORTEST = 12;
export const LONGEST = 256;

/** What a guesser tries first, beside what everybody knows of the person. */
const usual = ["password", "passwort", "contraseña", "letmein", "welcome", "qwertyuiop", "asdfghjkl", "zxcvbnm", "iloveyou", "administrator", "changeme", "metersmith"];

const runs = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
const RUN = 4;

export interface KnownOf {
  readonly email: string;
  readonly name: string;
  readonly siteName: string;
}

/**
 * Why a password is not accepted, in words; undefined where it is. By NIST SP 800-63B-4 §3.1.1: length, and a list of what is expected
 * or known; no rules of composition, no expiry. What is left after everything guessable is taken out has to be long enough by itself.
 * A list of breached passwords is not part of this site.
 */
export function whyNotPassword(password: string, known: KnownOf): string | undefined {
  if (password.length < SHORTEST) return `A password has at least ${SHORTEST} characters. Several words are easy to keep in mind.`;
  if (password.length > LONGEST) return `A password has at most ${LONGEST} characters.`;
  const rest = withoutGuessable(password.normalize("NFKC").toLowerCase(), [...usual, ...wordsOf(known)]);
  if (new Set(rest).size < 5) return "This password is among those that are tried first: repeated or neighbouring characters, a usual password, or the name of the person or of this site. Choose several words that do not belong together.";
  return undefined;
}

function wordsOf({ email, name, siteName }: KnownOf): string[] {
  return [email, ...`${email} ${name} ${siteName}`.split(/[^\p{L}\p{N}]+/u)].map((word) => word.toLowerCase()).filter((word) => word.length >= 4);
}

function withoutGuessable(password: string, words: readonly string[]): string {
  let rest = password;
  for (const word of words.toSorted((a, b) => b.length - a.length)) rest = rest.replaceAll(word, "");
  return rest
    .split("")
    .filter((_, at) => !inRun(rest, at))
    .join("");
}

/** Whether the character at a place belongs to four or more in a row that stand so on the keyboard, in the alphabet, or are the same. */
function inRun(text: string, at: number): boolean {
  for (let start = Math.max(0, at - RUN + 1); start <= at && start + RUN <= text.length; start += 1) {
    const part = text.slice(start, start + RUN);
    const reversed = part.split("").toReversed().join("");
    if (new Set(part).size === 1 || runs.some((run) => run.includes(part) || run.includes(reversed))) return true;
  }
  return false;
}
