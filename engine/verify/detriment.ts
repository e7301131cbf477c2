import type { Finding } from '../checks/check.ts'
import type { Expression, Place, Rule } from '../definition.ts'
import { own } from '../named.ts'
import { restsOnConsent } from '../reach.ts'
import { and, type Bits, isEmpty, minus, only, or } from './bits.ts'
import { saidNo } from './doing.ts'
import { endsOf } from './ends.ts'
import { type Exploration, follow, fromWhere, isQuiet, isRough, type WayStep, wayTo } from './explore.ts'
import { after } from './operation.ts'
import { pathOver } from './places.ts'
import type { Proof } from './proof.ts'
import { fieldsIn, partsOf } from './reading.ts'
import { arrivals, sureStages } from './sure.ts'
import type { Edge, Node, System } from './system.ts'
import { consentsFor } from './use.ts'
import { everyAction } from './workspace.ts'

/** Z403: a client's no to what is not necessary that takes a successful end away. */
export function* detriments({ program, every, exploration }: Proof): Iterable<Finding> {
  const recorded = everyAction(program.process).flatMap((action) =>
    action.kind === 'record consent' ? [action.purpose] : [],
  )
  const optional = [...new Set([...every.system.facts.consents.keys(), ...recorded])].filter((name) => {
    const purpose = own(program.definition.purposes, name)
    return purpose !== undefined && restsOnConsent(purpose) && !purpose.necessary
  })
  if (optional.length === 0 || isHarmless(every, optional) || isRough(every)) return
  const explored = exploration({ purposes: recorded }, { lasting: new Set(optional) })
  const hopeful = fromWhere(explored, endsOf(explored, true))
  const told = new Set<string>()
  for (const { purpose, way, atStart } of harms(explored, hopeful, optional)) {
    if (atStart && told.size > 0) continue
    const [first] = way
    if (!first) continue
    const at = blame(explored, purpose, way)
    const key = `${purpose} ${at.file}:${at.line}:${at.column}`
    if (told.has(key)) continue
    told.add(key)
    yield {
      at,
      process: program.process.name,
      message: `a client who says no to \`${purpose}\` can no longer reach a successful end, and \`${purpose}\` is not marked \`necessary\``,
      hint: 'let the case go on to a successful end without it, or mark the purpose `necessary` if the service can not be given without it',
      ...pathOver(explored, first.edge.from, only(first.edge.from.facts.space.words, first.from), way),
    }
  }
}

/**
 * Whether a successful end is sure to be in reach without any consent from wherever a case may be, and from wherever a no itself may
 * send it: then no more has to be explored.
 */
function isHarmless(exploration: Exploration, optional: readonly string[]): boolean {
  const { system, reached } = exploration
  const { facts } = system
  const { program } = facts
  const sure = sureStages(exploration, true)
  const isSure = (to: string) => arrivals(facts, to).every((stage) => sure.has(stage))
  const { stages } = program
  for (const { stage } of reached.keys()) {
    const compiled = stages.get(stage)
    if (compiled && !compiled.stage.final && !sure.has(stage)) return false
    if (compiled?.stage.needs.some(({ purpose, otherwise }) => optional.includes(purpose) && !isSure(otherwise)))
      return false
    for (const { rule, goTo, mayGoTo } of compiled?.rules ?? []) {
      const to = goTo ?? mayGoTo
      if (to !== undefined && mayFollowNo(program, rule, optional) && !isSure(to)) return false
    }
  }
  return isSure(program.first)
}

function mayFollowNo(program: Grounded, { trigger, when, actions }: Rule, optional: readonly string[]): boolean {
  if (trigger.kind === 'consent') return trigger.decision !== 'given'
  if (trigger.kind === 'form') return true
  if (trigger.kind === 'reply')
    return actions.some((action) => action.kind === 'record consent' && action.decision === 'refused')
  return trigger.kind === 'when' && when !== undefined && optional.some((purpose) => asksFor(program, when, purpose))
}

interface Harm {
  readonly purpose: string
  /** The no, and what follows from it. */
  readonly way: readonly WayStep[]
  readonly atStart: boolean
}

/** The happenings in which a no takes a successful end out of reach, the soonest first; those before the start last. */
function harms(
  exploration: Exploration,
  hopeful: ReadonlyMap<Node, Bits>,
  optional: readonly string[],
): readonly Harm[] {
  const { system } = exploration
  const found: Harm[] = []
  const suspects = new Set(
    refusals(exploration).filter((edge) => optional.some((each) => harmBy(system, edge, hopeful, each))),
  )
  const seen = new Set<string>()
  for (const { node, points } of suspects.size === 0 ? [] : exploration.arrivals) {
    for (const edge of system.exitsOf(node).edges) {
      for (const purpose of suspects.has(edge) ? optional : []) {
        const key = `${purpose} ${node.key} ${edge.happening?.kind} ${edge.rule ?? ''} ${edge.to.key}`
        const way = seen.has(key) ? undefined : harmBy(system, edge, hopeful, purpose, points)
        if (!way) continue
        seen.add(key)
        found.push({ purpose, way, atStart: node.kind === 'before' })
      }
    }
  }
  return found.toSorted((a, b) => Number(a.atStart) - Number(b.atStart))
}

/** The steps on which a client says no. */
function refusals({ system, reached }: Exploration): readonly Edge[] {
  return [...reached.keys()].flatMap((node) =>
    isQuiet(node) ? system.exitsOf(node).edges.filter(({ refuses = [] }) => refuses.length > 0) : [],
  )
}

/** A way from a no to where the end is out of reach, though it was in reach before: from any of the hopeful points, or of some. */
function harmBy(
  system: System,
  edge: Edge,
  hopeful: ReadonlyMap<Node, Bits>,
  purpose: string,
  among?: Bits,
): readonly WayStep[] | undefined {
  if (!edge.refuses?.includes(purpose)) return undefined
  const { facts } = edge.from
  const hoping = hopeful.get(edge.from) ?? facts.space.nothing
  const yet = and(among ? and(hoping, among) : hoping, saidNo(facts, purpose, false))
  if (isEmpty(yet)) return undefined
  const followed = follow(system, edge, yet)
  for (const { node, points, edge: by } of followed.arrivals) {
    const lost =
      by && isQuiet(node) ? minus(points, hopeful.get(node) ?? node.facts.space.nothing) : node.facts.space.nothing
    if (!isEmpty(lost)) return wayTo(followed, node, lost)
  }
  return undefined
}

/** The rule that takes the end away, or else the one that would lead there but for the no. */
function blame(exploration: Exploration, purpose: string, way: readonly WayStep[]): Place {
  const { program } = exploration.system.facts
  const taken = way.findLast(
    ({ edge }) => edge.from.stage !== edge.to.stage && (edge.rule !== undefined || edge.needs !== undefined),
  )
  const ruled = taken?.edge.rule === undefined ? undefined : program.rules.get(taken.edge.rule)?.rule.at
  if (ruled) return ruled
  if (taken?.edge.needs !== undefined) {
    const stage = own(program.process.stages, taken.edge.from.stage) ?? own(program.process.stages, taken.edge.to.stage)
    const need = stage?.needs.find((each) => each.purpose === taken.edge.needs)
    if (need) return need.at
  }
  const last = way.at(-1)
  return (last && barrier(exploration, purpose, last)) ?? program.process.at
}

/** Of all that is still in reach, the first thing that asks for the consent. */
function barrier(exploration: Exploration, purpose: string, last: WayStep): Place | undefined {
  const { program } = exploration.system.facts
  const found: Place[] = []
  for (const name of stagesFrom(exploration, last)) {
    const stage = own(program.process.stages, name)
    if (!stage) continue
    const rules = program.stages.get(name)?.rules ?? []
    for (const { rule } of rules) {
      const goes = rule.trigger.kind === 'move' || rule.actions.at(-1)?.kind === 'go to'
      if (goes && rule.when && asksFor(program, rule.when, purpose)) found.push(rule.at)
    }
    for (const { field, at } of stage.require) if (consentsFor(program, field).includes(purpose)) found.push(at)
    for (const { rule } of rules) {
      const { trigger } = rule
      const to = trigger.kind === 'move' ? trigger.to : undefined
      const need =
        to === undefined ? undefined : own(program.process.stages, to)?.needs.find((each) => each.purpose === purpose)
      if (need) found.push(need.at)
      if (trigger.kind === 'consent' && trigger.purpose === purpose && trigger.decision === 'given') found.push(rule.at)
      if (
        rule.actions.some(
          (action) => action.kind === 'record consent' && action.purpose === purpose && action.decision === 'given',
        )
      ) {
        found.push(rule.at)
      }
    }
    for (const action of [...stage.enter, ...rules.flatMap(({ rule }) => rule.actions)]) {
      if (action.when && asksFor(program, action.when, purpose)) found.push(action.at)
      if (action.kind === 'send' && own(program.definition.letters, action.letter)?.purpose === purpose)
        found.push(action.at)
    }
    if (found[0]) return found[0]
  }
  return undefined
}

function stagesFrom({ system }: Exploration, last: WayStep): readonly string[] {
  const seen = new Map<Node, Bits>([[last.edge.to, only(last.edge.to.facts.space.words, last.to)]])
  const waiting: [Node, Bits][] = [...seen]
  for (const [node, points] of waiting) {
    for (const edge of system.exitsOf(node).edges) {
      const led = after(node.facts.space, edge.operations, points)
      const known = seen.get(edge.to)
      const fresh = known ? minus(led, known) : led
      if (isEmpty(fresh)) continue
      seen.set(edge.to, known ? or(known, fresh) : fresh)
      waiting.push([edge.to, fresh])
    }
  }
  return [...new Set([...seen.keys()].map(({ stage }) => stage))].filter((stage) => stage !== '')
}

type Grounded = Proof['program']

function asksFor(program: Grounded, condition: Expression, purpose: string): boolean {
  if (condition.kind === 'consent') return condition.purpose === purpose
  if (fieldsIn(condition).some((field) => consentsFor(program, field).includes(purpose))) return true
  return partsOf(condition).some((part) => asksFor(program, part, purpose))
}
