/** A hint that says what should stand instead. */
export interface Suggestion {
  readonly words: string
  /** What puts it right in the place of the whole span of the problem. */
  readonly replacement: string
}

/** The candidate most like `word`, if one is near enough to be meant: at most a third of its letters differ. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 64) return undefined
  const wanted = word.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  let best: string | undefined
  let least = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue
    const distance = editDistance(wanted, candidate.toLowerCase(), least)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** `did you mean …?`, or nothing. It is meant for a problem whose span is that of `word`. */
export function didYouMean(word: string, candidates: Iterable<string>): Suggestion | undefined {
  const meant = nearest(word, candidates)
  return meant === undefined ? undefined : { words: `did you mean \`${meant}\`?`, replacement: meant }
}

/** Letters inserted, deleted, replaced or swapped with their neighbour (Damerau), given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      current.push(cost)
      least = Math.min(least, cost)
    }
    if (least >= limit) return limit
    before = previous
    previous = current
  }
  return previous[b.length] ?? limit
}
