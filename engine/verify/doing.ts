import { delayKey } from '../actions.ts'
import { constantOf } from '../arithmetic.ts'
import type { Action, Expression, Field } from '../definition.ts'
import { own } from '../named.ts'
import { consentsToReach } from '../reach.ts'
import { expressionInWords } from '../wording.ts'
import { and, type Bits, minus, or } from './bits.ts'
import type { Facts } from './facts.ts'
import type { Operation } from './operation.ts'
import { atomsOf, strictFields } from './reading.ts'
import type { AskedCondition, Mode, News } from './system.ts'
import { assumptionsFor, basisOf, reachOf, type Truth, truthOf } from './truth.ts'
import { type ConditionRead, readsOf, restsOnConsents, type Use, usesOf } from './use.ts'

/** One way in which actions may go. */
export interface Alternative {
  readonly operations: readonly Operation[]
  readonly news: readonly News[]
  /** The purposes that the client has said no to. */
  readonly refuses: readonly string[]
  /** Where a `go to … when` that held has sent the case. */
  readonly going?: string
}

/** What actions are done on. */
export interface Ground {
  readonly facts: Facts
  readonly mode: Mode
  readonly uses: Use[]
  readonly conditions: AskedCondition[]
}

const noWay: Alternative = { operations: [], news: [], refuses: [] }

/** What a list of actions does. Consents are recorded only where the client has acted. */
export function alternativesOf(
  ground: Ground,
  rule: string,
  actions: readonly Action[],
  clientActed: boolean,
): readonly Alternative[] {
  let ways: readonly Alternative[] = [noWay]
  for (const [index, action] of actions.entries()) {
    if (action.kind === 'go to') ways = ways.flatMap((way) => going(ground, way, action))
    else if (action.kind === 'record consent' && clientActed)
      ways = ways.flatMap((way) => recorded(ground, way, action))
    else {
      const more = actionOperations(ground, rule, action, index)
      if (more.length > 0) ways = ways.map((way) => ({ ...way, operations: [...way.operations, ...more] }))
    }
  }
  return ways
}

/** What an action list does that neither records consents nor goes anywhere. */
export function plainOperations(ground: Ground, rule: string, actions: readonly Action[]): readonly Operation[] {
  return actions.flatMap((action, index) => actionOperations(ground, rule, action, index))
}

function actionOperations(ground: Ground, rule: string, action: Action, index: number): readonly Operation[] {
  const done = operationsOf(ground, action, delayKey(rule, index))
  return [...lookedAt(ground, action), ...conditional(ground.facts, action.when, done)]
}

/** What is worth noticing of an action's condition. */
function lookedAt(ground: Ground, action: Action): readonly Operation[] {
  return [...conditionLooks(ground, action), ...asking(ground, action)]
}

/** Where an action's condition is looked at, and where it may hold. */
function asking({ facts, conditions }: Ground, { when, at }: Action): readonly Operation[] {
  if (!when) return []
  const asked = conditions.push({ condition: when, at, what: 'asked' }) - 1
  const holds = conditions.push({ condition: when, at, what: 'holds' }) - 1
  return [
    { kind: 'look', at: 'condition', use: asked, out: facts.space.all },
    { kind: 'look', at: 'condition', use: holds, out: overAll(facts, when).may },
  ]
}

/** What an action's condition reads of data that rest on consents, where it reads it. */
function conditionLooks(ground: Ground, { when, at }: Action): readonly Operation[] {
  if (!when) return []
  const { facts, uses } = ground
  return readsOf(when).flatMap(({ field, when: guards }): readonly Operation[] => {
    if (!restsOnConsents(facts.program, field)) return []
    uses.push({ field, at, by: `the condition \`${expressionInWords(when)}\`` })
    const where = whereRead(facts, guards)
    const out = minus(facts.space.all, reachOf(facts, field).must)
    return [{ kind: 'if', may: where, must: where, inner: [{ kind: 'look', at: 'use', use: uses.length - 1, out }] }]
  })
}

/** Where a part of a condition is come to. */
export function whereRead(facts: Facts, guards: ConditionRead['when']): Bits {
  return guards.reduce((where, { condition, holds }) => {
    const { may, must } = overAll(facts, condition)
    return holds ? and(where, may) : minus(where, must)
  }, facts.space.all)
}

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>

function going(ground: Ground, before: Alternative, action: Of<'go to'>): readonly Alternative[] {
  const { facts } = ground
  const { stage, when } = action
  const way = { ...before, operations: [...before.operations, ...lookedAt(ground, action)] }
  if (!when) return [{ ...way, going: stage }]
  const { may, must } = overAll(facts, when)
  return [
    { ...way, operations: [...way.operations, { kind: 'only', where: may }], going: stage },
    { ...way, operations: [...way.operations, { kind: 'only', where: minus(facts.space.all, must) }] },
  ]
}

function recorded(ground: Ground, before: Alternative, action: Of<'record consent'>): readonly Alternative[] {
  const way = { ...before, operations: [...before.operations, ...lookedAt(ground, action)] }
  const { purpose, decision, when } = action
  const done = (operations: readonly Operation[]): Alternative => ({
    ...way,
    operations: [...way.operations, ...operations, ...decidedOperations(ground, purpose, decision)],
    news: isWaitedFor(ground.facts, { purpose, decision }) ? [...way.news, { purpose, decision }] : way.news,
    refuses: decision === 'refused' ? [...way.refuses, purpose] : way.refuses,
  })
  if (!when) return [done([])]
  const { may, must } = overAll(ground.facts, when)
  const not: Operation = { kind: 'only', where: minus(ground.facts.space.all, must) }
  return [done([{ kind: 'only', where: may }]), { ...way, operations: [...way.operations, not] }]
}

/** Whether any rule of the process answers to a decision. */
export function isWaitedFor({ program }: Facts, { purpose, decision }: News): boolean {
  return [...program.rules.values()].some(
    ({ rule: { trigger } }) =>
      trigger.kind === 'consent' && trigger.purpose === purpose && trigger.decision === decision,
  )
}

/** What a client's decision changes: how the consent stands, and the values that nothing but it was the ground for. */
export function decidedOperations(
  { facts, mode }: Ground,
  purpose: string,
  decision: News['decision'],
): readonly Operation[] {
  const { space, program, consents } = facts
  const variable = space.indexOf(`consent:${purpose}`)
  const fact = consents.get(purpose)
  if (variable === undefined || !fact) return []
  const value = fact.statuses.findIndex((statuses) => statuses.includes(decision))
  const put: Operation = { kind: 'put', variable, values: 1 << value }
  if (decision === 'given') {
    const lasting = mode.lasting?.has(purpose) ? [{ kind: 'only', where: saidNo(facts, purpose, false) } as const] : []
    return [...lasting, put]
  }
  const dropped = Object.values(program.process.fields).flatMap((field) => {
    if (!field.personal.includes(purpose)) return []
    const out = outOfReach(facts, field)
    return out
      ? emptied(facts, field.name).map((inner): Operation => ({ kind: 'if', may: out, must: out, inner: [inner] }))
      : []
  })
  return [put, ...dropped]
}

/** Where a client has said no to a purpose, or where they have not. */
export function saidNo({ space, consents }: Facts, purpose: string, no: boolean): Bits {
  const variable = space.indexOf(`consent:${purpose}`)
  const fact = consents.get(purpose)
  if (variable === undefined || !fact) return no ? space.nothing : space.all
  const values = fact.statuses.reduce((bits, statuses, value) => {
    const isNo = statuses.includes('refused') || statuses.includes('withdrawn')
    return isNo === no ? bits | (1 << value) : bits
  }, 0)
  return space.where(variable, values)
}

function outOfReach(facts: Facts, field: Field): Bits | undefined {
  if (!consentsToReach(facts.program.definition, field)) return undefined
  return minus(facts.space.all, reachOf(facts, field.name).may)
}

/** What makes a field empty. */
export function emptied({ space }: Facts, field: string): readonly Operation[] {
  return ['field', 'held'].flatMap((kind) => {
    const variable = space.indexOf(`${kind}:${field}`)
    return variable === undefined ? [] : [{ kind: 'put', variable, values: 1 } as const]
  })
}

/** What is missing is not held. */
export function heldOnlyFilled(facts: Facts, field: string): readonly Operation[] {
  const { space, fields } = facts
  const held = space.indexOf(`held:${field}`)
  const variable = space.indexOf(`field:${field}`)
  const filled = fields.get(field)?.holdFor({ kind: 'filled', field })
  if (held === undefined || variable === undefined || filled === undefined) return []
  const missing = minus(space.all, space.where(variable, filled))
  return [{ kind: 'if', may: missing, must: missing, inner: [{ kind: 'put', variable: held, values: 1 }] }]
}

/** What setting a flag does, where the flag is followed. */
export function flagged({ space }: Facts, key: string, value: 0 | 1): readonly Operation[] {
  const variable = space.indexOf(key)
  return variable === undefined ? [] : [{ kind: 'put', variable, values: 1 << value }]
}

/** Where a condition holds, whatever is not followed. */
export function overAll(facts: Facts, condition: Expression | undefined): Truth {
  if (!condition) return { may: facts.space.all, must: facts.space.all }
  const truths = assumptionsFor(facts, [condition]).map((assumed) => truthOf(facts, condition, assumed))
  return truths.reduce((a, b) => ({ may: or(a.may, b.may), must: and(a.must, b.must) }))
}

function conditional(facts: Facts, when: Expression | undefined, inner: readonly Operation[]): readonly Operation[] {
  if (!when || inner.length === 0) return inner
  return [{ kind: 'if', ...overAll(facts, when), inner }]
}

function operationsOf(ground: Ground, action: Action, key: string): readonly Operation[] {
  const { facts } = ground
  const looks = usesOf(facts.program, action).map((use): Operation => {
    ground.uses.push(use)
    const out = minus(facts.space.all, reachOf(facts, use.field).must)
    return { kind: 'look', at: 'use', use: ground.uses.length - 1, out }
  })
  return onlyWithBasis(facts, action, [...looks, ...changesOf(ground, action, key)])
}

/** Letters, documents and calls for a purpose go only while it has a basis. */
function onlyWithBasis(facts: Facts, action: Action, inner: readonly Operation[]): readonly Operation[] {
  const purpose = purposeOf(facts, action)
  if (purpose === undefined || inner.length === 0) return inner
  return [{ kind: 'if', ...basisOf(facts, purpose), inner }]
}

function purposeOf({ program: { definition } }: Facts, action: Action): string | undefined {
  switch (action.kind) {
    case 'send':
      return own(definition.letters, action.letter)?.purpose
    case 'write':
      return own(definition.documents, action.document)?.purpose
    case 'call':
      return own(definition.webhooks, action.webhook)?.purpose
    default:
      return undefined
  }
}

function changesOf({ facts, mode }: Ground, action: Action, key: string): readonly Operation[] {
  switch (action.kind) {
    case 'send':
      return isToClient(facts, action) && !mode.unreachable ? flagged(facts, `sent:${action.letter}`, 1) : []
    case 'set':
      return setOperations(facts, action)
    case 'erase':
      return action.after
        ? [...flagged(facts, `due:${key}`, 1), ...action.fields.flatMap((field) => flagged(facts, `held:${field}`, 0))]
        : action.fields.flatMap((field) => emptied(facts, field))
    case 'erase client':
      return Object.values(facts.program.process.fields)
        .filter(({ personal }) => personal.length > 0)
        .flatMap(({ name }) => emptied(facts, name))
    case 'start':
      return flagged(facts, 'began', 1)
    default:
      return []
  }
}

function isToClient({ program: { process } }: Facts, { to }: Of<'send'>): boolean {
  if (to.kind === 'client') return true
  return to.kind === 'field' && own(process.fields, to.field)?.type.kind === 'client email'
}

function setOperations(facts: Facts, { field, value }: Of<'set'>): readonly Operation[] {
  const { space } = facts
  const held = flagged(facts, `held:${field}`, 1)
  const variable = space.indexOf(`field:${field}`)
  const classes = facts.fields.get(field)
  const put = variable === undefined || !classes ? [] : putValue(facts, variable, classes, value)
  const reach = reachOf(facts, field)
  const inner = [...held, ...put, ...heldOnlyFilled(facts, field)]
  return reach.must === space.all || inner.length === 0 ? inner : [{ kind: 'if', ...reach, inner }]
}

type ClassesOf = NonNullable<ReturnType<Facts['fields']['get']>>

function putValue(facts: Facts, variable: number, { of, indexOf, field }: ClassesOf, value: Expression): Operation[] {
  const constant = constantOf(value)
  if (constant !== undefined) return [{ kind: 'put', variable, values: 1 << indexOf(constant) }]
  if (field.type.kind === 'yes/no' && isCondition(value)) {
    const inner: Operation = { kind: 'put', variable, values: 1 << indexOf(true) }
    const otherwise: Operation = { kind: 'put', variable, values: 1 << indexOf(false) }
    return [{ kind: 'if', ...overAll(facts, value), inner: [inner], otherwise: [otherwise] }]
  }
  const filled = of.reduce<number>((bits, each, index) => (each === undefined ? bits : bits | (1 << index)), 0)
  const mayLack = strictFields(value).length > 0 || value.kind === 'table' || value.kind === 'client'
  return [{ kind: 'put', variable, values: mayLack ? filled | 1 : filled || 1 }]
}

function isCondition(value: Expression): boolean {
  return atomsOf(value).length > 1 || !['field', 'table', 'client', 'case'].includes(value.kind)
}
