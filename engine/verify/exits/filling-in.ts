import type { Expression, Field } from '../../definition.ts'
import { own } from '../../named.ts'
import { heldOnlyFilled } from '../doing.ts'
import { isEditable } from '../facts.ts'
import type { Operation } from '../operation.ts'
import type { Node } from '../system.ts'
import { reachOf } from '../truth.ts'
import type { Making } from './making.ts'

/** Any of the fields may be given any value, where it is in reach. */
export function filledIn(
  making: Making,
  names: readonly string[],
  canBeFilled: (name: string) => boolean,
  byForm = false,
): readonly Operation[] {
  const { space, fields } = making.facts
  const { process } = making.program
  return names.filter(canBeFilled).flatMap((name): readonly Operation[] => {
    if (making.mode.unreachable && isContact(own(process.fields, name))) return []
    const where = reachOf(making.facts, name).may
    const operations: Operation[] = []
    const variable = space.indexOf(`field:${name}`)
    const classes = fields.get(name)
    if (variable !== undefined && classes) {
      operations.push({
        kind: 'may put',
        variable,
        values: byForm ? classes.filled : 2 ** classes.of.length - 1,
        where,
      })
    }
    const held = space.indexOf(`held:${name}`)
    if (held !== undefined)
      operations.push({ kind: 'may put', variable: held, values: 2, where }, ...heldOnlyFilled(making.facts, name))
    return operations
  })
}

/** Whoever may edit fills in what the stage lets them. */
export function fills(making: Making, node: Node): void {
  const { process } = making.program
  const stage = making.stage(node.stage)
  const names = [...new Set([...process.edit, ...stage.edit].map(({ field }) => field))]
  const fills = filledIn(making, names, (name) => isEditable(process, stage, name))
  if (fills.length === 0) return
  const operations = [...making.moment(), ...fills]
  making.edge({ from: node, to: making.node('settle', node.stage), operations, happening: { kind: 'fill' } })
}

/** Whether a field says how to reach the client. */
export function isContact(field: Field | undefined): boolean {
  return field?.type.kind === 'client email' || field?.type.kind === 'client phone'
}

/** That fields have values, as one condition. */
export function allFilled(fields: readonly string[]): Expression | undefined {
  return fields.reduce<Expression | undefined>((all, field) => {
    const filled: Expression = { kind: 'filled', field }
    return all ? { kind: 'and', left: all, right: filled } : filled
  }, undefined)
}
