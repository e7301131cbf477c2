const mostListed = 8

/** `a`, `b` or `c`; of many only the first few. */
export function listOf(items: readonly string[], last: 'or' | 'and'): string {
  if (items.length > mostListed) return `${items.slice(0, mostListed).join(', ')} …`
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1]}`
}
