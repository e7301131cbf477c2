import type { Cell, Reason, Row } from './compliance.ts'

/** Processes of which a requirement says the same, and what that is. */
export interface Gathered {
  readonly processes: readonly string[]
  readonly cell: Cell
}

/** The cells of a row, those that say the same put together: most of what a server does it does for every process. */
export function gathered({ cells }: Row): readonly Gathered[] {
  const groups = new Map<string, Gathered>()
  for (const cell of cells) {
    const key = JSON.stringify([cell.status, cell.reasons])
    const before = groups.get(key)
    groups.set(key, { cell, processes: [...(before?.processes ?? []), cell.process] })
  }
  return [...groups.values()]
}

/** Reasons by kind, in the order in which they count. */
export function byKind(reasons: readonly Reason[]): readonly (readonly [Reason['kind'], readonly Reason[]])[] {
  return [...Map.groupBy(reasons, ({ kind }) => kind)]
}

/** Parts of a list that stand beside each other in one table. */
export function inChunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.max(1, Math.ceil(list.length / size))
  const each = Math.ceil(list.length / count)
  return Array.from({ length: count }, (_, index) => list.slice(index * each, (index + 1) * each))
}
