/** What a failure touches. Source: the failure report classes of use case I2 (glossary); the numbers are ours, in the order in which reports go (I2FR16). */
export const failureClasses = {
  safety: { number: 1, importance: "high" },
  service: { number: 2, importance: "high" },
  billing: { number: 3, importance: "low" },
  customer: { number: 4, importance: "low" },
  informational: { number: 5, importance: "low" },
} as const satisfies Record<string, { readonly number: number; readonly importance: "high" | "low" }>;

export type FailureClass = keyof typeof failureClasses;

/** The class of a number as it stands in an event; informational for any other. */
export function classOfNumber(number: number): FailureClass {
  for (const [name, row] of Object.entries(failureClasses)) if (row.number === number) return name as FailureClass;
  return "informational";
}
