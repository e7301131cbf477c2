import type { ConsentStatus } from '../../engine/definition.ts'
import { compileExpression, emptyCase, visibleFields } from '../../engine/index.ts'
import type { Caller, FieldView } from '../http/ports.ts'
import { actorOf, caseRights } from './rights.ts'
import type { Versions } from './versions.ts'

/** What a person may fill in as they start a case, each field with its default: docs/decisions/003. */
export function startFields(
  versions: Versions,
  by: Caller,
  name: string,
  consents: Readonly<Record<string, ConsentStatus>>,
  now: string,
): readonly FieldView[] {
  const current = versions.current(name)
  if (!current) return []
  const { machine, process, definition } = current
  const actor = actorOf(by, definition)
  if (actor.kind !== 'staff' || !caseRights(by, process, definition).has('edit')) return []
  const state = emptyCase(machine, { id: '', number: '', client: { consents } }, now)
  const visible = visibleFields(machine, state, actor)
  const required = new Set(process.stages[state.stage]?.require.map(({ field }) => field))
  return Object.values(process.fields).flatMap((field) => {
    if (!visible.has(field.name)) return []
    const value = field.default && compileExpression(field.default, machine)(state, now)
    return [
      {
        name: field.name,
        title: field.title,
        type: field.type,
        value: value ?? null,
        editable: true,
        personal: field.personal.length > 0,
        required: required.has(field.name),
      },
    ]
  })
}
