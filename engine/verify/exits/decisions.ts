import type { ConsentStatus, Expression } from '../../definition.ts'
import { own } from '../../named.ts'
import { decidedOperations, isWaitedFor } from '../doing.ts'
import type { Operation } from '../operation.ts'
import { partsOf } from '../reading.ts'
import type { News, Node } from '../system.ts'
import type { Making } from './making.ts'

/** What the client decides outside the case. */
export function decisions(making: Making, node: Node): void {
  const { space, consents, asked } = making.facts
  const waited = [...making.program.rules.values()].flatMap(({ rule: { trigger } }) =>
    trigger.kind === 'consent' ? [trigger.purpose] : [],
  )
  const silent = making.mode.lasting ? [] : [...consents.keys()].filter((name) => isSilent(making, node, name))
  silentDecisions(making, node, silent)
  for (const purpose of new Set([...consents.keys(), ...waited])) {
    if (silent.includes(purpose)) continue
    for (const decision of ['given', 'refused', 'withdrawn'] as const) {
      if (decision !== 'refused' && !asked.has(purpose)) continue
      if (decision === 'given' && making.mode.fresh?.has(purpose)) continue
      const variable = space.indexOf(`consent:${purpose}`)
      const before: Operation[] =
        decision === 'withdrawn' && variable !== undefined ? [{ kind: 'only', where: space.where(variable, 2) }] : []
      const moment = making.mode.lasting ? [] : making.moment()
      const operations = [...moment, ...before, ...decidedOperations(making.ground, purpose, decision)]
      making.edge({
        from: node,
        to: node.kind === 'before' ? node : told(making, node.stage, { purpose, decision }),
        operations,
        happening: { kind: 'decision', purpose, decision },
        ...(decision !== 'given' && { refuses: [purpose] }),
      })
    }
  }
}

/** Whether a decision on a purpose sets nothing off at a node: nothing there looks at it, and no value hangs on it. */
function isSilent(making: Making, node: Node, purpose: string): boolean {
  const { program, fields, consents } = making.facts
  if (consents.get(purpose)?.statuses.some((statuses) => statuses.includes('expired'))) return false
  const rests = (name: string) => own(program.process.fields, name)?.personal.includes(purpose) ?? false
  if (
    [...fields.keys()].some(rests) ||
    making.facts.space.variables.some(({ key }) => key.startsWith('held:') && rests(key.slice(5)))
  ) {
    return false
  }
  if (node.kind === 'before') return true
  if (making.stage(node.stage).needs.some((need) => need.purpose === purpose)) return false
  return making.rulesAt(node.stage).every(({ rule: { trigger, when } }) => {
    if (trigger.kind === 'consent') return trigger.purpose !== purpose
    return trigger.kind !== 'when' || !when || !mentions(when, purpose)
  })
}

/** All such decisions in one step: they do not disturb each other. */
function silentDecisions(making: Making, node: Node, purposes: readonly string[]): void {
  const { space, consents, asked } = making.facts
  const operations = purposes.flatMap((purpose): readonly Operation[] => {
    const variable = space.indexOf(`consent:${purpose}`)
    const statuses = consents.get(purpose)?.statuses ?? []
    if (variable === undefined) return []
    const bitOf = (status: ConsentStatus) => 1 << statuses.findIndex((each) => each.includes(status))
    const yes = asked.has(purpose) && !making.mode.fresh?.has(purpose) ? bitOf('given') : 0
    const no: Operation = { kind: 'may put', variable, values: yes | bitOf('refused') }
    if (!asked.has(purpose)) return [no]
    return [no, { kind: 'may put', variable, values: bitOf('withdrawn'), where: space.where(variable, bitOf('given')) }]
  })
  if (operations.length > 0) making.edge({ from: node, to: node, operations, happening: { kind: 'decisions' } })
}

/** Consents that run out, where a condition asks for that. */
export function expiries(making: Making, node: Node): void {
  const { space, consents } = making.facts
  for (const { purpose, statuses } of consents.values()) {
    const expired = statuses.findIndex((each) => each.includes('expired'))
    const variable = space.indexOf(`consent:${purpose}`)
    if (expired < 0 || variable === undefined) continue
    const operations: readonly Operation[] = [
      ...making.moment(),
      { kind: 'only', where: space.where(variable, 2) },
      { kind: 'put', variable, values: 1 << expired },
    ]
    const to = node.kind === 'before' ? node : making.node('settle', node.stage)
    making.edge({ from: node, to, operations, happening: { kind: 'expiry', purpose } })
  }
}

function told(making: Making, stage: string, news: News): Node {
  return isWaitedFor(making.facts, news) ? making.node('tell', stage, [news]) : making.node('settle', stage)
}

function mentions(condition: Expression, purpose: string): boolean {
  return condition.kind === 'consent'
    ? condition.purpose === purpose
    : partsOf(condition).some((part) => mentions(part, purpose))
}
