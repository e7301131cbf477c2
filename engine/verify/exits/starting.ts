import { rolesWith } from '../../rights.ts'
import { type Alternative, flagged, plainOperations } from '../doing.ts'
import { isForEditors } from '../facts.ts'
import type { Operation } from '../operation.ts'
import type { Happening } from '../step.ts'
import type { Node } from '../system.ts'
import { orderedTimers } from '../timers.ts'
import { reachOf } from '../truth.ts'
import { formsOf, givenByOthers } from '../workspace.ts'
import { filledIn } from './filling-in.ts'
import { answers } from './forms.ts'
import type { Making } from './making.ts'

/** The start of a case, by staff or a rule or with a form. */
export function starts(making: Making, node: Node): void {
  const { process, definition, first } = making.program
  const lasting = orderedTimers(process.rules, making.program).followed.flatMap((id) =>
    flagged(making.facts, `pending:${id}`, 1),
  )
  const stage = making.stage(first)
  const named = [...process.show, ...process.edit, ...stage.show, ...stage.edit]
    .filter((shown) => isForEditors(process, shown))
    .map(({ field }) => field)
  const movers = Object.keys(process.access).length === 0 || rolesWith(process, 'move').length > 0
  const names = movers ? [...new Set(named)] : givenByOthers(definition, process.name)
  const begin = (happening: Happening, { operations: given, news, refuses }: Alternative) => {
    const { to, operations } = making.into(first, news)
    const all = [...making.moment(), ...given, ...defaults(making), ...lasting, ...operations]
    making.edge({ from: node, to, operations: all, happening, refuses })
  }
  begin({ kind: 'start' }, { operations: filledIn(making, names, () => true), news: [], refuses: [] })
  for (const form of formsOf(definition, process.name)) {
    if (form.starts !== process.name) continue
    for (const way of answers(making, form)) begin({ kind: 'start', form: form.name }, way)
  }
}

/** Fields still missing get their defaults. */
function defaults(making: Making): readonly Operation[] {
  const { space } = making.facts
  return Object.values(making.program.process.fields).flatMap((field) => {
    if (!field.default) return []
    const variable = space.indexOf(`field:${field.name}`)
    const held = space.indexOf(`held:${field.name}`)
    const reach = reachOf(making.facts, field.name)
    const operations: Operation[] = []
    if (held !== undefined) operations.push({ kind: 'put', variable: held, values: 2 })
    if (variable !== undefined) {
      const missing = space.where(variable, 1)
      const set = plainOperations(making.ground, '', [
        { kind: 'set', field: field.name, value: field.default, at: field.at },
      ]).filter(({ kind }) => kind !== 'look')
      operations.push({ kind: 'if', may: missing, must: missing, inner: set })
    }
    return operations.length === 0 ? [] : [{ kind: 'if', ...reach, inner: operations } as const]
  })
}
