/** What a torture counted, and what did not hold. */
export interface TortureResult {
  readonly figures: Readonly<Record<string, number>>
  readonly failures: readonly string[]
}
