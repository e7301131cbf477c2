import type { Action, Expression, Stage } from '../definition.ts'
import { own } from '../named.ts'
import type { Program } from '../program.ts'
import { expressionInWords } from '../wording.ts'
import { fieldOfAtom } from './classes.ts'
import { atomsOf, strictFields } from './reading.ts'
import { orderedTimers } from './timers.ts'
import { consentsFor, usesOf } from './use.ts'
import { formsOf } from './workspace.ts'

/** What is worth telling apart at each stage: what is read there, or later on a way that leads on from there. */
export interface Live {
  readonly at: (stage: string) => ReadonlySet<string>
}

/**
 * Facts, by key, that are read at each stage or after it. What nobody asks for any more need not be told apart: that keeps the
 * number of combinations small.
 */
export function liveFacts(program: Program, reads: (stage: Stage) => ReadonlySet<string>): Live {
  const stages = Object.values(program.process.stages)
  const live = new Map(stages.map((stage) => [stage.name, new Set(reads(stage))]))
  const ways = stages.map((stage) => ({ stage: stage.name, next: waysFrom(program, stage) }))
  for (let changed = true; changed; ) {
    changed = false
    for (const { stage, next } of ways) {
      const here = live.get(stage)
      if (!here) continue
      const before = here.size
      for (const to of next) for (const key of live.get(to) ?? []) if (!isOwn(program, key, to)) here.add(key)
      changed ||= here.size > before
    }
  }
  const first = live.get(program.first) ?? new Set<string>()
  return { at: (stage) => live.get(stage) ?? first }
}

/** A stage's own timers start anew whenever it is entered, and what counts as possible at a moment does so at each. */
function isOwn(program: Program, key: string, stage: string): boolean {
  if (key.startsWith('moment:')) return true
  return (
    key.startsWith('pending:') &&
    own(program.process.stages, stage)?.rules.some(({ id }) => key === `pending:${id}`) === true
  )
}

function waysFrom(program: Program, stage: Stage): readonly string[] {
  const next = stage.needs.map(({ otherwise }) => otherwise)
  for (const { goTo, mayGoTo } of program.stages.get(stage.name)?.rules ?? []) {
    const to = goTo ?? mayGoTo
    if (to !== undefined) next.push(to)
  }
  if (program.process.moves === 'free' && !stage.final) {
    for (const other of Object.values(program.process.stages))
      if (other.manualEntry === 'allowed') next.push(other.name)
  }
  return next
}

/** What is asked for beside what says where a case goes. */
interface Asking {
  /** The consents that are told apart. */
  readonly consents: ReadonlySet<string>
  /** Whether an action changes anything that is followed. */
  readonly counts: (action: Action) => boolean
  readonly held?: string
}

/** The facts that are read at a stage itself, by key. */
export function readsAt(program: Program, stage: Stage, { consents, counts, held }: Asking): ReadonlySet<string> {
  const { definition, process } = program
  const keys = new Set<string>()
  const consent = (purpose: string) => consents.has(purpose) && keys.add(`consent:${purpose}`)
  const reach = (name: string) => {
    for (const purpose of consentsFor(program, name)) consent(purpose)
  }
  const field = (name: string) => {
    keys.add(`field:${name}`)
    reach(name)
  }
  const condition = (expression: Expression | undefined, always = false) => {
    for (const atom of expression ? atomsOf(expression) : []) {
      if (atom.kind === 'consent') consent(atom.purpose)
      else if (atom.kind === 'stage was') keys.add(`was:${atom.stage}`)
      else {
        const name = fieldOfAtom(atom)
        for (const each of name === undefined ? strictFields(atom) : [name]) field(each)
        if (always) keys.add(`moment:${expressionInWords(atom)}`)
      }
    }
  }
  const used = (actions: readonly Action[]) => {
    for (const action of actions) {
      for (const use of usesOf(program, action)) field(use.field)
      if (!counts(action)) {
        if (consents.size > 0 && action.when) condition(action.when)
        continue
      }
      condition(action.when)
      if (action.kind === 'set') {
        condition(action.value)
        field(action.field)
      }
      const purpose = action.kind === 'send' ? own(definition.letters, action.letter)?.purpose : undefined
      if (purpose !== undefined) consent(purpose)
      if (action.kind === 'record consent') consent(action.purpose)
    }
  }
  for (const { purpose } of stage.needs) consent(purpose)
  used(stage.enter)
  used(stage.leave)
  for (const shown of [...stage.show, ...stage.edit]) reach(shown.field)
  if (held !== undefined) {
    keys.add(`held:${held}`)
    field(held)
  }
  if (stage.final) return keys
  for (const { field: name } of stage.require) field(name)
  const rules = program.stages.get(stage.name)?.rules ?? []
  for (const { rule } of rules) {
    const { trigger } = rule
    condition(rule.when, trigger.kind === 'when')
    used(rule.actions)
    if (trigger.kind === 'consent') consent(trigger.purpose)
    if (trigger.kind === 'at') for (const name of strictFields(trigger.time)) field(name)
    if (trigger.kind === 'reply' && trigger.letter !== undefined) keys.add(`sent:${trigger.letter}`)
    if (trigger.kind === 'when') keys.add(`fired:${rule.id}`)
    if (trigger.kind === 'cases done') keys.add('began')
    if (trigger.kind === 'move')
      for (const { purpose } of own(process.stages, trigger.to)?.needs ?? []) consent(purpose)
  }
  for (const id of [...orderedTimers(stage.rules).followed, ...orderedTimers(process.rules, program).followed])
    keys.add(`pending:${id}`)
  for (const { questions } of formsOf(definition, process.name)) for (const { when } of questions) condition(when)
  return keys
}
