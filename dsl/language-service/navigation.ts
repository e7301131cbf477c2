import type { Occurrence } from '../symbols.ts'
import type { WrittenWorkspace } from './workspace.ts'

/** Where that is declared which the name at an offset stands for; a signal is declared where it is first mentioned. */
export function definitionsOf(workspace: WrittenWorkspace, file: string, offset: number): readonly Occurrence[] {
  const { symbols } = workspace.analysis
  return (symbols.at(file, offset)?.meanings ?? []).flatMap((meaning) => {
    const all = symbols.occurrences(meaning)
    const declared = all.filter(({ declares }) => declares)
    return declared.length > 0 ? declared : all.slice(0, 1)
  })
}

/** Every place that names the same, its declaration too. */
export function referencesTo(workspace: WrittenWorkspace, file: string, offset: number): readonly Occurrence[] {
  const { symbols } = workspace.analysis
  return distinct((symbols.at(file, offset)?.meanings ?? []).flatMap((meaning) => symbols.occurrences(meaning)))
}

/** Places without those that stand twice in the list. */
export function distinct(places: readonly Occurrence[]): readonly Occurrence[] {
  const byPlace = new Map<string, Occurrence>()
  for (const place of places) {
    const key = `${place.file}:${place.start}`
    if (place.declares || !byPlace.has(key)) byPlace.set(key, place)
  }
  return [...byPlace.values()]
}
