import type { Definition, Place } from '../../../engine/index.ts'
import { actionsIn, rulesIn } from './expressions.ts'

/** The name, as brute force gives it, of what stands at a place: undefined where nothing of the process does. */
export function nameAt(definition: Definition, processName: string, place: Place): string | undefined {
  const found = namesIn(definition, processName).find(([, at]) => samePlace(at, place))
  return found?.[0]
}

function samePlace(a: Place, b: Place): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column
}

function namesIn(definition: Definition, processName: string): readonly (readonly [string, Place])[] {
  const process = definition.processes[processName]
  if (!process) return []
  return [
    [process.name, process.at],
    ...Object.values(definition.purposes).map(({ name, at }) => [name, at] as const),
    ...Object.values(process.fields).map(({ name, at }) => [name, at] as const),
    ...Object.values(process.stages).flatMap((stage) => [
      [stage.name, stage.at] as const,
      ...[...stage.require, ...stage.show, ...stage.edit].map(
        ({ field, at }) => [`${stage.name} ${field}`, at] as const,
      ),
    ]),
    ...rulesIn(process).map(({ id, at }) => [id, at] as const),
    ...actionsIn(process).flatMap(({ owner, actions }) =>
      actions.map(({ at }, index) => [`${owner} #${index + 1}`, at] as const),
    ),
  ]
}
