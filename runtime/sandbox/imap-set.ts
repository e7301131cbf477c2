const mostRanges = 10_000

/** Whether a number is in a set such as `1:4,9,12:*` (RFC 3501 §9 sequence-set); `undefined` where the text is no set. */
export function numberSet(text: string, largest: number): ((number: number) => boolean) | undefined {
  const parts = text.split(',')
  if (parts.length > mostRanges) return undefined
  const ranges: [number, number][] = []
  for (const part of parts) {
    const [, from, to] = /^(\d{1,10}|\*)(?::(\d{1,10}|\*))?$/.exec(part) ?? []
    if (from === undefined) return undefined
    const first = from === '*' ? largest : Number(from)
    const last = to === undefined ? first : to === '*' ? largest : Number(to)
    ranges.push([Math.min(first, last), Math.max(first, last)])
  }
  return (number) => ranges.some(([first, last]) => number >= first && number <= last)
}
