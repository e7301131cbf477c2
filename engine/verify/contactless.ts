import type { Finding } from '../checks/check.ts'
import { endsOf } from './ends.ts'
import { isRough } from './explore.ts'
import type { Proof } from './proof.ts'
import { arrivals, sureStages } from './sure.ts'

/** Z418: whether a client who can't be written to or called can be served. */
export function* contactless({ program, every, exploration }: Proof): Iterable<Finding> {
  const { process, rules } = program
  const needsContact =
    [...rules.values()].some(({ rule }) => rule.trigger.kind === 'reply') ||
    Object.values(process.fields).some(({ type }) => type.kind === 'client email' || type.kind === 'client phone')
  if (!needsContact || isRough(every) || endsOf(every, true).size === 0) return
  const sure = sureStages(every, true)
  if (arrivals(every.system.facts, program.first).every((stage) => sure.has(stage))) return
  if (endsOf(exploration({}, { unreachable: true }), true).size > 0) return
  yield {
    at: process.at,
    process: process.name,
    message: `a client without an e-mail address or telephone can't reach a successful end of \`${process.name}\``,
    hint: 'give the case another way on: a move by staff, a form, or a consent recorded on paper',
  }
}
