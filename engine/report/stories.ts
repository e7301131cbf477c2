import type { Decided } from '../definition.ts'
import type { Ground } from '../ground.ts'
import { own } from '../named.ts'
import type { Expectation, Scenario, Step } from '../simulate/scenario.ts'
import { extrasOf } from './uses.ts'

/** Which requirement a scenario shows, read from what happens in it and what it expects of that. */

type Shows = (scenario: Scenario, ground: Ground) => boolean

const expected = ({ steps }: Scenario): readonly Expectation[] =>
  steps.flatMap((step) => (step.kind === 'expect' ? [step.expected] : []))

/** What is expected from the first step on that `from` knows. */
const afterwards = ({ steps }: Scenario, from: (step: Step) => boolean): readonly Expectation[] => {
  const start = steps.findIndex(from)
  const rest = start < 0 ? [] : steps.slice(start)
  return rest.flatMap((step) => (step.kind === 'expect' ? [step.expected] : []))
}

const isDecision =
  (...decisions: readonly Decided[]) =>
  (step: Step): boolean =>
    step.kind === 'consent' && decisions.includes(step.decision)

/** Whether the client is known by no address or number, on the card or in the case. */
const isWithoutContact: Shows = ({ client, steps }, { process }) => {
  const filled = steps.flatMap((step) => ('values' in step ? Object.keys(step.values) : []))
  const ways = filled.filter((name) => /email|phone/.test(own(process.fields, name)?.type.kind ?? ''))
  return client.email === undefined && client.phone === undefined && ways.length === 0
}

export const servesWithoutContact: Shows = (scenario, ground) => {
  const { process } = ground
  const isServed = ({ stage, ended }: Expectation) => {
    const at = stage === undefined ? undefined : own(process.stages, stage)
    return ended === 'success' || (at !== undefined && (!at.final || at.success))
  }
  return isWithoutContact(scenario, ground) && expected(scenario).some(isServed)
}

/** Each purpose that the scenario decides on, or expects to be decided, and how. */
const decisionsIn = ({ steps }: Scenario): readonly (readonly [purpose: string, status: string])[] =>
  steps.flatMap((step): (readonly [string, string])[] => {
    if (step.kind === 'consent') return [[step.purpose, step.decision]]
    if (step.kind === 'form') return Object.entries(step.consents)
    return step.kind === 'expect' ? Object.entries(step.expected.consent ?? {}) : []
  })

export const decidesSeveral: Shows = (scenario) => new Set(decisionsIn(scenario).map(([purpose]) => purpose)).size > 1

export const oneOfSeveral: Shows = (scenario) => {
  const given = decisionsIn(scenario).flatMap(([purpose, status]) => (status === 'given' ? [purpose] : []))
  return decisionsIn(scenario).some(
    ([purpose, status]) => (status === 'withdrawn' || status === 'refused') && given.some((other) => other !== purpose),
  )
}

export const endsWellAfterNo: Shows = (scenario, ground) => {
  const extras = new Set(extrasOf(ground).map(({ name }) => name))
  const saysNo = decisionsIn(scenario).some(
    ([purpose, status]) => extras.has(purpose) && (status === 'refused' || status === 'withdrawn'),
  )
  return saysNo && expected(scenario).some(({ ended }) => ended === 'success')
}

export const fillsOwnContact: Shows = ({ steps }, { process }) =>
  steps.some((step) => {
    const values = 'values' in step ? step.values : {}
    return Object.keys(values).some((name) => own(process.fields, name)?.type.kind.startsWith('client '))
  })

export const silenceIsNone: Shows = (scenario) =>
  afterwards(scenario, ({ kind }) => kind === 'wait' || kind === 'reply' || kind === 'move').some(({ consent = {} }) =>
    Object.values(consent).includes('none'),
  )

export const onlyOwnWords: Shows = (scenario) =>
  scenario.steps.some((step) => step.kind === 'reply' && (step.auto || step.from !== undefined)) &&
  expected(scenario).length > 0

export const withdraws: Shows = (scenario) => scenario.steps.some(isDecision('withdrawn'))

export const erases: Shows = ({ steps }) => steps.some(({ kind }) => kind === 'erase')

export const stopsAfterWithdrawal: Shows = (scenario) =>
  afterwards(scenario, isDecision('withdrawn')).some(
    ({ stage, hidden, fields, scheduled, notified }) =>
      stage !== undefined ||
      (hidden ?? []).length > 0 ||
      fields !== undefined ||
      scheduled !== undefined ||
      notified !== undefined,
  )

export const hidesOrErases: Shows = (scenario) =>
  expected(scenario).some(
    ({ hidden = [], fields = {} }) => hidden.length > 0 || Object.values(fields).some(({ is }) => is === 'erased'),
  )

export const consentStands: Shows = (scenario) =>
  expected(scenario).some(({ consent = {} }) => Object.values(consent).includes('given'))
