/** What a torture counted, and what did not hold. */
export interface TortureResult {
  readonly figures: Readonly<Record<string, number>>
  readonly failures: readonly string[]
}

/** Several as one: what each has counted is added up. */
export function total(results: readonly TortureResult[]): TortureResult {
  const figures: Record<string, number> = {}
  for (const result of results) {
    for (const [what, count] of Object.entries(result.figures)) figures[what] = (figures[what] ?? 0) + count
  }
  return { figures, failures: results.flatMap(({ failures }) => failures) }
}
