import type { Finding } from '../checks/check.ts'
import type { Process } from '../definition.ts'
import { own } from '../named.ts'
import { consentsToReach } from '../reach.ts'
import { and, type Bits, meet, minus } from './bits.ts'
import { endsOf } from './ends.ts'
import { pathTo } from './places.ts'
import type { Proof } from './proof.ts'
import { titleOf } from './story.ts'
import type { Node } from './system.ts'

/** Z407: personal data that an end leaves behind, with no limit to how long. */
export function* keptForEver({ program, exploration }: Proof): Iterable<Finding> {
  const { definition, process } = program
  for (const field of Object.values(process.fields)) {
    const unlimited = field.personal.find((name) => own(definition.purposes, name)?.keep === undefined)
    if (unlimited === undefined || everyEndErases(process, field.name)) continue
    const explored = exploration({ held: field.name, purposes: consentsToReach(definition, field) ?? [] })
    const ends = endsOf(explored, false)
    const holds = (node: Node, points: Bits) => ends.has(node) && meet(points, holding(node, field.name))
    if (![...explored.reached].some(([node, points]) => holds(node, points))) continue
    const first = explored.arrivals.find(({ node, points }) => holds(node, points))
    if (!first) continue
    yield {
      at: field.at,
      process: process.name,
      message: `\`${field.name}\` is never erased when a case ends in ${titleOf(explored.system, first.node.stage)}, and purpose \`${unlimited}\` says nothing of how long it is kept`,
      hint: {
        text: `write \`keep …\` in purpose \`${unlimited}\`, or \`on enter { erase ${field.name} }\` in that stage`,
        yaml: `write \`keep\` in purpose \`${unlimited}\`, or \`enter: [{ erase: [${field.name}] }]\` in that stage`,
      },
      ...pathTo(explored, first.node, and(first.points, holding(first.node, field.name))),
    }
  }
}

/** Where a value stays: it is held, and no erasure is pending that would take it along, however late it was filled in. */
function holding({ facts: { space, program } }: Node, field: string): Bits {
  const variable = space.indexOf(`held:${field}`)
  if (variable === undefined) return space.nothing
  const pending = [...program.erasures].flatMap(([key, erased]) => {
    const due = erased.includes(field) ? space.indexOf(`due:${key}`) : undefined
    return due === undefined ? [] : [space.where(due, 2)]
  })
  return pending.reduce(minus, space.where(variable, 2))
}

/** Whether each end erases a field as a case comes to it, whatever happened before. */
function everyEndErases(process: Process, name: string): boolean {
  const ends = Object.values(process.stages).filter(({ final }) => final)
  return ends.every(({ enter }) =>
    enter.some(
      (action) =>
        action.when === undefined &&
        (action.kind === 'erase client' || (action.kind === 'erase' && action.fields.includes(name))),
    ),
  )
}
