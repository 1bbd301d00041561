/** Text as people write it: well-formed Unicode without control characters. What fails here cannot be stored or would act on a terminal. */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}
