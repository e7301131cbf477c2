/** A difference between two lists that have an order. */
export type Edit<T> =
  | { readonly kind: 'gone'; readonly before: T }
  | { readonly kind: 'new'; readonly after: T }
  | { readonly kind: 'changed' | 'moved'; readonly before: T; readonly after: T }

/** How members of a list are known: `all` by what each says, `subject` by what it is about. */
export interface Keys<T> {
  all(of: T, side: 'before' | 'after'): string
  subject(of: T, side: 'before' | 'after'): string
}

/** The fewest edits that lead from one list to another; a member gone and one new on the same subject are one that changed. */
export function edits<T>(before: readonly T[], after: readonly T[], keys: Keys<T>): readonly Edit<T>[] {
  const { gone, fresh } = apart(before, after, keys)
  const left = [...fresh]
  const take = (wanted: (key: T) => boolean) => {
    const index = left.findIndex(wanted)
    return index < 0 ? undefined : left.splice(index, 1)[0]
  }
  const found = gone.map((earlier): Edit<T> => {
    const moved = take((each) => keys.all(each, 'after') === keys.all(earlier, 'before'))
    if (moved !== undefined) return { kind: 'moved', before: earlier, after: moved }
    const changed = take((each) => keys.subject(each, 'after') === keys.subject(earlier, 'before'))
    if (changed !== undefined) return { kind: 'changed', before: earlier, after: changed }
    return { kind: 'gone', before: earlier }
  })
  return [...found, ...left.map((each): Edit<T> => ({ kind: 'new', after: each }))]
}

/** What stands outside the longest common subsequence of two lists. */
function apart<T>(before: readonly T[], after: readonly T[], keys: Keys<T>): { gone: T[]; fresh: T[] } {
  const a = before.map((each) => keys.all(each, 'before'))
  const b = after.map((each) => keys.all(each, 'after'))
  const common = lengths(a, b)
  const gone: T[] = []
  const fresh: T[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      gone.push(...before.slice(i, i + 1))
      i += 1
    } else {
      fresh.push(...after.slice(j, j + 1))
      j += 1
    }
  }
  return { gone, fresh }
}

/** How long the longest common part of what follows each pair of places is. */
function lengths(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = rows[i] ?? []
      row[j] = a[i] === b[j] ? at(rows, i + 1, j + 1) + 1 : Math.max(at(rows, i + 1, j), at(rows, i, j + 1))
    }
  }
  return rows
}

function at(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? 0
}
