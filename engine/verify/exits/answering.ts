import type { Expression } from '../../definition.ts'
import type { CompiledRule } from '../../program.ts'
import { and, type Bits, isEmpty, minus, or } from '../bits.ts'
import { alternativesOf, flagged, overAll } from '../doing.ts'
import type { Operation } from '../operation.ts'
import type { Happening } from '../step.ts'
import type { Candidate, Edge, News, Node } from '../system.ts'
import { assumptionsFor, truthOf } from '../truth.ts'
import type { Making } from './making.ts'

/** A rule that may answer. */
export interface Asked {
  readonly rule: CompiledRule
  /** What must hold beside its `when`. */
  readonly also?: Bits
}

/** What happens at a node, and the rules that wait for it. */
export interface Asking {
  readonly from: Node
  readonly happening?: Happening
  readonly ready: readonly Operation[]
  /** What must hold for it to happen at all, beside what `ready` says. */
  readonly possible?: Expression
  readonly rules: readonly Asked[]
  readonly news: readonly News[]
  readonly clientActed: boolean
  readonly refuses?: readonly string[]
  /** What is left when no rule answers; nothing where the happening is then refused or changes nothing. */
  readonly unanswered?: Node
}

/** Lets the rules answer in order, and leads on where none does. */
export function ask(making: Making, asking: Asking): void {
  const { from, happening, ready, possible, rules, unanswered } = asking
  const { candidates, rest } = judge(making, rules, possible)
  if (candidates.length > 0) making.choose({ ...(happening && { happening }), ready, candidates })
  for (const [index, { rule }] of rules.entries()) {
    const fires = candidates[index]?.fires
    if (!fires || isEmpty(fires)) continue
    const conditions = rules.slice(0, index + 1).map(({ rule: earlier }) => earlier.rule.when)
    answer(making, asking, rule, [...ready, { kind: 'only', where: fires }], conditions)
  }
  if (!unanswered || isEmpty(rest)) return
  const again = unanswered.kind === 'rest' ? rearmed(making) : []
  const operations = [...ready, { kind: 'only', where: rest } as const, ...again]
  const { refuses = [] } = asking
  const conditions = rules.map(({ rule }) => rule.rule.when)
  const told = { ...(happening && { happening }), ...(possible && { possible }) }
  making.edge({ from, to: unanswered, operations, ...told, conditions, refuses })
}

function answer(
  making: Making,
  asking: Asking,
  compiled: CompiledRule,
  ready: readonly Operation[],
  conditions: Edge['conditions'] & object,
): void {
  const { from, happening, possible, news, clientActed } = asking
  const { rule, goTo } = compiled
  const actions = goTo === undefined || rule.trigger.kind === 'move' ? rule.actions : rule.actions.slice(0, -1)
  const fired = goTo === undefined ? flagged(making.facts, `fired:${rule.id}`, 1) : []
  for (const way of alternativesOf(making.ground, rule.id, actions, clientActed)) {
    const target = goTo ?? way.going
    const told = [...news, ...way.news]
    const { to, operations } =
      target === undefined ? { to: making.arrived(from.stage, told), operations: [] } : making.into(target, told)
    const leaving = target === undefined ? [] : making.leaving(from.stage)
    const all = [...ready, ...fired, ...way.operations, ...leaving, ...operations]
    const refuses = happening?.kind === 'reply' ? way.refuses : (asking.refuses ?? [])
    const known = { ...(happening && { happening }), ...(possible && { possible }) }
    making.edge({ from, to, operations: all, ...known, rule: rule.id, conditions, refuses })
  }
}

interface Judged {
  readonly candidates: readonly Candidate[]
  /** Where none of them answers. */
  readonly rest: Bits
}

/** Where each of some rules is looked at, may hold and answers, in their order. */
export function judge(making: Making, rules: readonly Asked[], possible?: Expression): Judged {
  const { facts } = making
  const { space } = facts
  const found = rules.map(() => ({ asked: space.nothing, holds: space.nothing, fires: space.nothing }))
  let rest = space.nothing
  for (const assumed of assumptionsFor(facts, [possible, ...rules.map(({ rule }) => rule.rule.when)])) {
    const there = truthOf(facts, possible, assumed).may
    let left = there
    for (const [index, { rule, also }] of rules.entries()) {
      const truth = truthOf(facts, rule.rule.when, assumed)
      const so = found[index]
      if (!so) continue
      so.asked = or(so.asked, left)
      so.holds = or(so.holds, and(there, truth.may))
      const fires = and(left, truth.may)
      so.fires = or(so.fires, also ? and(fires, also) : fires)
      left = minus(left, also ? and(truth.must, also) : truth.must)
    }
    rest = or(rest, left)
  }
  const candidates = rules.map(({ rule: { rule } }, index) => ({
    rule: rule.id,
    at: rule.at,
    ...(rule.when && { condition: rule.when }),
    ...(found[index] ?? { asked: space.nothing, holds: space.nothing, fires: space.nothing }),
  }))
  return { candidates, rest }
}

/** `when` rules that have fired may fire again once their condition has become false. */
function rearmed(making: Making): readonly Operation[] {
  const { space } = making.facts
  return [...making.program.rules.values()].flatMap(({ rule }) => {
    const variable = space.indexOf(`fired:${rule.id}`)
    if (variable === undefined) return []
    const { may, must } = overAll(making.facts, rule.when)
    const inner: Operation = { kind: 'put', variable, values: 1 }
    return [{ kind: 'if', may: minus(space.all, must), must: minus(space.all, may), inner: [inner] } as const]
  })
}
