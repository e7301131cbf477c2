/** The sums of what rounds counted, by what they counted. */
export function total(
  rounds: readonly { readonly figures: Readonly<Record<string, number>> }[],
): Record<string, number> {
  const sums: Record<string, number> = { rounds: rounds.length }
  for (const { figures } of rounds) {
    for (const [what, count] of Object.entries(figures)) sums[what] = (sums[what] ?? 0) + count
  }
  return sums
}
