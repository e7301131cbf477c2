import type { CaseState, Value } from '../../engine/case.ts'
import type { Process } from '../../engine/definition.ts'

/** What of a case a letter or a document can speak of. */
export type Matter = Pick<CaseState, 'number' | 'createdAt' | 'stage' | 'values' | 'client'>

/**
 * The case as it is now, with only those values that the templates may name: what is written keeps nothing that it does not
 * say. People who work here go by their names.
 */
export function matterOf(
  { number, createdAt, stage, values, client }: CaseState,
  { fields }: Process,
  named: ReadonlySet<string>,
  personName: (id: string) => string,
): Matter {
  const said: Record<string, Value> = {}
  for (const [field, value] of Object.entries(values)) {
    if (!named.has(field)) continue
    said[field] = fields[field]?.type.kind === 'person' ? personName(String(value)) : value
  }
  return { number, createdAt, stage, values: said, client }
}

/** The same in the shape that templates are filled in from. */
export function stateOf(matter: Matter): CaseState {
  return { id: '', enteredAt: '', visited: [], ended: 'no', timers: {}, fired: [], seq: 0, ...matter }
}
