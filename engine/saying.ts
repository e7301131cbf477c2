/**
 * A phrase or line as it is compared: letters' width, case, spacing and outer punctuation do not count,
 * nor do characters that nobody sees.
 */
export function normalSaying(line: string): string {
  const words = line
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[‘’ʼ]/g, "'")
    .toLowerCase()
    .replace(/\s+/g, ' ')
  let from = 0
  let to = words.length
  while (from < to && outer.test(words.charAt(from))) from += 1
  while (from < to && outer.test(words.charAt(to - 1))) to -= 1
  return words.slice(from, to)
}

/** Tested a character at a time: a pattern for the whole line would take quadratic time on a hostile one. */
const outer = /[\p{P}\s]/u

/**
 * Whether a client's words say one of `phrases` (normal sayings) and nothing that another rule waits for:
 * whoever writes both "I agree" and "no" has said neither.
 */
export function says(
  lines: readonly string[],
  phrases: ReadonlySet<string>,
  others: readonly ReadonlySet<string>[],
): boolean {
  let said = false
  for (const line of lines) {
    const words = normalSaying(line)
    if (words === '') continue
    if (phrases.has(words)) said = true
    else if (others.some((other) => other.has(words))) return false
  }
  return said
}
