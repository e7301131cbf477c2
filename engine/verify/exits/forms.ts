import type { Expression, Form, Question } from '../../definition.ts'
import { own } from '../../named.ts'
import { minus, or } from '../bits.ts'
import { type Alternative, decidedOperations, isWaitedFor, overAll, saidNo } from '../doing.ts'
import type { Operation } from '../operation.ts'
import type { Node } from '../system.ts'
import { reachOf } from '../truth.ts'
import { consentsFor } from '../use.ts'
import { formsOf } from '../workspace.ts'
import { ask } from './answering.ts'
import { allFilled, filledIn, isContact } from './filling-in.ts'
import type { Making } from './making.ts'

/** Forms that the client sends while the case is open. */
export function forms(making: Making, node: Node): void {
  const { definition, process } = making.program
  for (const form of formsOf(definition, process.name)) {
    if (form.fills !== process.name) continue
    const rules = making
      .rulesAt(node.stage)
      .filter(({ rule: { trigger } }) => trigger.kind === 'form' && trigger.form === form.name)
    const possible = answeredAlways(making, form)
    for (const { operations, news, refuses } of answers(making, form)) {
      ask(making, {
        refuses,
        from: node,
        happening: { kind: 'form', form: form.name },
        ready: [...making.moment(), ...operations],
        ...(possible && { possible }),
        rules: rules.map((rule) => ({ rule })),
        news,
        clientActed: true,
        unanswered: making.arrived(node.stage, news),
      })
    }
  }
}

/** What a client may answer to a form: consents first, then values. */
export function answers(making: Making, form: Form): readonly Alternative[] {
  if (making.mode.unreachable && asksForContact(making, form)) return []
  let ways: Alternative[] = [{ operations: [], news: [], refuses: [] }]
  for (const question of form.questions) {
    if (!('consent' in question.ask)) continue
    const purpose = question.ask.consent
    const isTold = (['given', 'refused'] as const).some((decision) => isWaitedFor(making.facts, { purpose, decision }))
    ways = isTold
      ? ways.flatMap((way) => answeredApart(making, way, purpose, question))
      : ways.map((way) => ({ ...way, operations: [...way.operations, ...answered(making, purpose, question)] }))
  }
  const values = formValues(making, form)
  return ways.map((way) => ({ ...way, operations: [...way.operations, ...values] }))
}

function asksForContact(making: Making, { questions }: Form): boolean {
  return questions.some(({ ask, when, required }) => {
    if (!required || when || !('field' in ask) || consentsFor(making.program, ask.field).length > 0) return false
    return isContact(own(making.program.process.fields, ask.field))
  })
}

/** Yes, no or nothing to a question about a consent, each its own way: rules are told of it. */
function answeredApart(
  making: Making,
  way: Alternative,
  purpose: string,
  { when, required }: Question,
): readonly Alternative[] {
  const { space } = making.facts
  const asked = overAll(making.facts, when)
  const answered = (['given', 'refused'] as const).map((decision): Alternative => {
    const news = isWaitedFor(making.facts, { purpose, decision }) ? [...way.news, { purpose, decision }] : way.news
    const only: readonly Operation[] = when ? [{ kind: 'only', where: asked.may }] : []
    return {
      operations: [...way.operations, ...only, ...decidedOperations(making.ground, purpose, decision)],
      news,
      refuses: way.refuses,
    }
  })
  if (required && !when) return answered
  const not: Operation = { kind: 'only', where: minus(space.all, required ? asked.must : space.nothing) }
  return [...answered, { ...way, operations: [...way.operations, not] }]
}

/** The same in one way, where no rule is told. */
function answered(making: Making, purpose: string, { when, required }: Question): readonly Operation[] {
  const { space, consents } = making.facts
  const variable = space.indexOf(`consent:${purpose}`)
  const statuses = consents.get(purpose)?.statuses
  if (variable === undefined || !statuses) return []
  const yes = 1 << statuses.findIndex((each) => each.includes('given'))
  const no = 1 << statuses.findIndex((each) => each.includes('refused'))
  const [, ...dropped] = decidedOperations(making.ground, purpose, 'refused')
  const never = making.mode.lasting?.has(purpose) ? saidNo(making.facts, purpose, true) : space.nothing
  const inner: readonly Operation[] = [
    {
      kind: 'if',
      may: never,
      must: never,
      inner: [{ kind: 'put', variable, values: no }],
      otherwise: [{ kind: 'put', variable, values: yes | no }],
      chosen: true,
    },
    ...dropped,
  ]
  if (required && !when) return inner
  const { may, must } = overAll(making.facts, when)
  return [{ kind: 'if', may, must: required ? must : space.nothing, inner, chosen: true }]
}

function formValues(making: Making, form: Form): readonly Operation[] {
  return form.questions.flatMap(({ ask, when, required }): readonly Operation[] => {
    if (!('field' in ask)) return []
    const given = filledIn(making, [ask.field], () => true, true)
    const must = required && !when ? mustBeFilled(making, ask.field) : []
    if (given.length === 0) return []
    return when ? [{ kind: 'if', ...overAll(making.facts, when), inner: given, chosen: true }] : [...given, ...must]
  })
}

/** The fields that a form is not sent without, as one condition. */
function answeredAlways(making: Making, form: Form): Expression | undefined {
  const fields = form.questions.flatMap(({ ask, when, required }) =>
    required && !when && 'field' in ask && consentsFor(making.program, ask.field).length === 0 ? [ask.field] : [],
  )
  return allFilled(fields)
}

function mustBeFilled(making: Making, name: string): readonly Operation[] {
  const classes = making.facts.fields.get(name)
  const filled = classes?.holdFor({ kind: 'filled', field: name })
  const variable = making.facts.space.indexOf(`field:${name}`)
  if (filled === undefined || variable === undefined) return []
  const where = making.facts.space.where(variable, filled)
  return [{ kind: 'only', where: or(where, minus(making.facts.space.all, reachOf(making.facts, name).may)) }]
}
