import type { Action, ConsentStatus, Expression, Field, Process, Shown, Stage } from '../definition.ts'
import type { Ground } from '../ground.ts'
import { own } from '../named.ts'
import type { Program } from '../program.ts'
import { consentsToReach, restsOnConsent } from '../reach.ts'
import { rolesWith } from '../rights.ts'
import { expressionInWords } from '../wording.ts'
import { areTooMany, type Classes, classesOf, fieldOfAtom } from './classes.ts'
import { liveFacts, readsAt } from './live.ts'
import { atomsOf, fieldsIn, type Reading, readingsOf, strictFields } from './reading.ts'
import { type Space, spaceMaker, type Variable } from './space.ts'
import { orderedTimers } from './timers.ts'
import { consentsFor, usesConsentData } from './use.ts'
import { askedIn, everyAction } from './workspace.ts'

/** How the consent to a purpose is told apart: the statuses that no condition distinguishes are one. */
export interface ConsentFact {
  readonly purpose: string
  /** By value of the variable, the statuses it stands for. */
  readonly statuses: readonly (readonly ConsentStatus[])[]
}

/** What conditions are judged by. */
export interface Known {
  readonly ground: Ground
  readonly space: Space
  readonly fields: ReadonlyMap<string, Classes>
  readonly consents: ReadonlyMap<string, ConsentFact>
  /** Purposes that something in the workspace asks for. */
  readonly asked: ReadonlySet<string>
}

/** What is told apart about the cases of one process, and the space of all its combinations. */
export interface Facts extends Known {
  readonly program: Program
  /** The same, with what is told apart at a stage; '' is before the start. */
  readonly at: (stage: string) => Facts
  /** Fields whose value is chosen anew wherever it matters, so that it need not be followed. */
  readonly free: ReadonlySet<string>
  /** Conditions that count as possibly true and possibly false, by their words: the same all through one macrostep. */
  readonly moments: ReadonlyMap<string, Expression>
  /** Letters that rules wait for answers to. */
  readonly awaited: ReadonlySet<string>
  /** Whether the conditions of all actions are told apart, asked for or not. */
  readonly tellsAllActions: boolean
  /** There was too much to follow: some of what conditions say counts as possibly true and false all the time. */
  readonly rough: boolean
}

/** What is to be told apart beside what says where a case goes. */
export interface Extra {
  readonly purposes?: readonly string[]
  /** A field to follow from its first value to its erasure. */
  readonly held?: string
  /** Whether the conditions of all actions are told apart, also of those that change nothing followed. */
  readonly actions?: boolean
}

/** How many combinations are followed at most: at one stage, and at all stages of a process together. */
const mostPoints = 2 ** 20
const mostTogether = 2 ** 23

export function factsOf(program: Program, extra: Extra = {}): Facts {
  const { definition, process } = program
  const awaited = awaitedLetters(process)
  const changes = changesOf(program, extra)
  const readings = relevantReadings(process, changes, extra.held)
  const atoms = readings.flatMap(({ condition, moment, stage }) =>
    atomsOf(condition).map((atom) => ({ atom, moment, stage })),
  )
  const fieldAtoms = groupByField(
    process,
    atoms.map(({ atom }) => atom),
  )
  for (const [name, atoms] of fieldAtoms) {
    const { default: given } = fieldOf(process, name)
    if (given || name === extra.held) fieldAtoms.set(name, [...atoms, { kind: 'filled', field: name }])
  }
  const fields = new Map(
    [...fieldAtoms].map(([name, own]) => [name, classesOf(program, fieldOf(process, name), own)] as const),
  )
  const told = (atom: Expression) => {
    const field = fieldOfAtom(atom)
    return field !== undefined && fields.get(field)?.holdFor(atom) !== undefined
  }
  const free = new Set([...fields.keys()].filter((name) => name !== extra.held && isFree(program, name, readings)))
  const moments = new Map<string, Expression>()
  for (const { atom, moment } of atoms) {
    if (isMoment(atom) && !told(atom) && moment === 'always') moments.set(expressionInWords(atom), atom)
  }
  const consents = consentsOf(program, readings, [...fields.keys()], extra)
  const followed = new Set([...fields.keys(), ...(extra.held === undefined ? [] : [extra.held])])
  const variables: Variable[] = []
  for (const { purpose, statuses } of consents.values())
    variables.push({ key: `consent:${purpose}`, size: statuses.length })
  for (const [name, { of }] of fields)
    if (!free.has(name) && of.length > 1) variables.push({ key: `field:${name}`, size: of.length })
  for (const stage of stagesAskedFor(readings)) variables.push({ key: `was:${stage}`, size: 2 })
  for (const letter of awaited) if (isSent(process, letter)) variables.push({ key: `sent:${letter}`, size: 2 })
  for (const key of bitsOf(program, followed, changes)) variables.push({ key, size: 2 })
  if (extra.held !== undefined) variables.push({ key: `held:${extra.held}`, size: 2 })
  for (const key of moments.keys()) variables.push({ key: `moment:${key}`, size: 2 })
  const asking = {
    consents: new Set(consents.keys()),
    counts: (action: Action) => changes(action, followed),
    ...(extra.held !== undefined && { held: extra.held }),
  }
  const live = liveFacts(program, (stage) => readsAt(program, stage, asking))
  return spaced(
    {
      program,
      ground: program,
      fields,
      free,
      consents,
      moments,
      asked: askedIn(definition),
      awaited,
      tellsAllActions: everyAction(process).every((action) => action.when === undefined || changes(action, followed)),
    },
    (stage) =>
      variables.filter(
        ({ key }) => live.at(stage).has(key) || (key.startsWith('due:') && isDueLive(program, key, live.at(stage))),
      ),
  )
}

function isDueLive({ erasures }: Program, key: string, live: ReadonlySet<string>): boolean {
  return erasures.get(key.slice('due:'.length))?.some((field) => live.has(`field:${field}`)) ?? false
}

/** The facts with a space for each stage; stages that tell the same apart have the same one. */
function spaced(
  facts: Omit<Facts, 'space' | 'at' | 'rough'>,
  variablesAt: (stage: string) => readonly Variable[],
): Facts {
  const spaces = new Map<string, Space>()
  const makeSpace = spaceMaker()
  const made = new Map<string, Facts>()
  const most = Math.min(mostPoints, mostTogether / Object.keys(facts.program.process.stages).length)
  const at = (stage: string): Facts => {
    const found = made.get(stage)
    if (found) return found
    const { kept, rough } = within(variablesAt(stage), most)
    const key = kept.map((variable) => variable.key).join(' ')
    const space = spaces.get(key) ?? makeSpace(kept)
    spaces.set(key, space)
    const placed = { ...facts, space, rough, at }
    made.set(stage, placed)
    return placed
  }
  return at('')
}

/** Leaves out what can't be followed: conditions of a moment first, then the fields with most values. */
function within(variables: readonly Variable[], most: number): { kept: readonly Variable[]; rough: boolean } {
  let kept = [...variables]
  const size = () => kept.reduce((product, variable) => product * variable.size, 1)
  const drop = (test: (variable: Variable) => boolean) => {
    const found = kept.filter(test).toSorted((a, b) => b.size - a.size)[0]
    if (found) kept = kept.filter((variable) => variable !== found)
    return found !== undefined
  }
  let rough = false
  while (size() > most) {
    rough = true
    if (drop(({ key }) => key.startsWith('moment:'))) continue
    if (drop(({ key }) => key.startsWith('field:'))) continue
    if (!drop(() => true)) break
  }
  return { kept, rough }
}

function fieldOf(process: Process, name: string): Field {
  return own(process.fields, name) as Field
}

function awaitedLetters(process: Process): ReadonlySet<string> {
  const rules = [...process.rules, ...Object.values(process.stages).flatMap((stage) => stage.rules)]
  return new Set(rules.flatMap(({ trigger }) => (trigger.kind === 'reply' && trigger.letter ? [trigger.letter] : [])))
}

/** Those of actions count only where the action changes what is followed; which fields are, the readings say: so in turns. */
function relevantReadings(process: Process, changes: Changes, held: string | undefined): readonly Reading[] {
  const always = held === undefined ? [] : [held]
  let followed = new Set(always)
  for (;;) {
    const readings = readingsOf(process, (action) => changes(action, followed))
    const fields = new Set([...always, ...readings.flatMap(({ condition }) => fieldsIn(condition))])
    if (fields.size === followed.size) return readings
    followed = fields
  }
}

/** Whether an action changes anything that is followed, given the fields that are, or uses what rests on consents. */
type Changes = (action: Action, fields: ReadonlySet<string>) => boolean

function changesOf(program: Program, { actions = false }: Extra): Changes {
  const awaited = awaitedLetters(program.process)
  return (action, fields) => {
    if (usesConsentData(program, action)) return true
    switch (action.kind) {
      case 'set':
        return actions || fields.has(action.field)
      case 'erase':
        return actions || action.fields.some((field) => fields.has(field))
      case 'send':
        return actions || awaited.has(action.letter)
      case 'go to':
      case 'record consent':
      case 'erase client':
      case 'start':
        return true
      default:
        return actions
    }
  }
}

/** The conditions that classes of a field's values can say, by field; and whether each is filled, where others read it. */
function groupByField(process: Process, atoms: readonly Expression[]): Map<string, readonly Expression[]> {
  const found = new Map<string, readonly Expression[]>()
  const add = (field: string, atom: Expression) => {
    if (own(process.fields, field)) found.set(field, [...(found.get(field) ?? []), atom])
  }
  for (const atom of atoms) {
    const field = fieldOfAtom(atom)
    if (field !== undefined) add(field, atom)
    if (field !== undefined && atom.kind === 'missing') add(field, { kind: 'filled', field })
    if (field === undefined) for (const each of strictFields(atom)) add(each, { kind: 'filled', field: each })
  }
  for (const [name, own] of found) {
    if (!areTooMany(fieldOf(process, name), own)) continue
    const simple = own.filter(({ kind }) => kind === 'filled' || kind === 'missing')
    found.set(name, [...simple, { kind: 'filled', field: name }])
  }
  return found
}

/** Whether an atom counts as possibly true and possibly false. */
function isMoment(atom: Expression): boolean {
  return atom.kind !== 'consent' && atom.kind !== 'stage was' && atom.kind !== 'yes/no'
}

/**
 * A field whose value somebody may choose anew at rest, wherever a happening asks for it, and which nothing asks for at other
 * times: whatever it held before, each of its values is within reach there and then.
 */
function isFree({ definition, process }: Program, name: string, readings: readonly Reading[]): boolean {
  const field = fieldOf(process, name)
  if (consentsToReach(definition, field) !== undefined) return false
  if (field.type.kind === 'client email' || field.type.kind === 'client phone') return false
  return readings.every(({ condition, moment, stage }) => {
    if (!fieldsIn(condition).includes(name)) return true
    if (moment !== 'happening') return false
    const stages = stage === undefined ? Object.values(process.stages) : [own(process.stages, stage)]
    return stages.every((each) => each === undefined || each.final || isEditable(process, each, name))
  })
}

/** Whether somebody may fill a field in at a stage. */
export function isEditable(process: Process, stage: Stage, name: string): boolean {
  return [...process.edit, ...stage.edit].some((shown) => shown.field === name && isForEditors(process, shown))
}

/** Whether a field is named to somebody with the right to edit. */
export function isForEditors(process: Process, { to }: Shown): boolean {
  if (Object.keys(process.access).length === 0) return to?.includes('client') !== true || to.length > 1
  const editors = rolesWith(process, 'edit')
  return to === undefined || to.length === 0 ? editors.length > 0 : to.some((role) => editors.includes(role))
}

function consentsOf(
  program: Program,
  readings: readonly Reading[],
  fields: readonly string[],
  extra: Extra,
): ReadonlyMap<string, ConsentFact> {
  const { definition, process } = program
  const purposes = new Set(extra.purposes)
  const asked: (readonly ConsentStatus[])[] = []
  for (const { condition } of readings) {
    for (const atom of atomsOf(condition)) {
      if (atom.kind !== 'consent') continue
      purposes.add(atom.purpose)
      asked.push(atom.statuses)
    }
  }
  for (const stage of Object.values(process.stages)) {
    for (const { purpose } of stage.needs) purposes.add(purpose)
    for (const { trigger } of stage.rules) if (trigger.kind === 'consent') purposes.add(trigger.purpose)
  }
  for (const { trigger } of process.rules) if (trigger.kind === 'consent') purposes.add(trigger.purpose)
  for (const name of fields) for (const purpose of consentsFor(program, name)) purposes.add(purpose)
  for (const letter of awaitedLetters(process)) {
    const purpose = own(definition.letters, letter)?.purpose
    if (purpose !== undefined) purposes.add(purpose)
  }
  const resting = [...purposes].filter((name) => {
    const purpose = own(definition.purposes, name)
    return purpose !== undefined && restsOnConsent(purpose)
  })
  return new Map(resting.map((purpose) => [purpose, { purpose, statuses: statusesOf(asked) }]))
}

/** Silence, a yes, and a no, which is two where a condition tells a refusal from a withdrawal. */
function statusesOf(asked: readonly (readonly ConsentStatus[])[]): readonly (readonly ConsentStatus[])[] {
  const apart = asked.some((statuses) => statuses.includes('refused') !== statuses.includes('withdrawn'))
  const no: readonly (readonly ConsentStatus[])[] = apart ? [['refused'], ['withdrawn']] : [['refused', 'withdrawn']]
  const expired: readonly (readonly ConsentStatus[])[] = asked.some((statuses) => statuses.includes('expired'))
    ? [['expired']]
    : []
  return [['none'], ['given'], ...no, ...expired]
}

function stagesAskedFor(readings: readonly Reading[]): ReadonlySet<string> {
  const atoms = readings.flatMap(({ condition }) => atomsOf(condition))
  return new Set(atoms.flatMap((atom) => (atom.kind === 'stage was' ? [atom.stage] : [])))
}

function isSent(process: Process, letter: string): boolean {
  return everyAction(process).some((action) => action.kind === 'send' && action.letter === letter)
}

/** Timers that may fire once only, `when` rules that wait for their condition to pass, delayed erasures, cases started. */
function bitsOf(program: Program, fields: ReadonlySet<string>, changes: Changes): readonly string[] {
  const { process, erasures } = program
  const keys: string[] = []
  for (const stage of Object.values(process.stages))
    keys.push(...orderedTimers(stage.rules).followed.map((id) => `pending:${id}`))
  keys.push(...orderedTimers(process.rules, program).followed.map((id) => `pending:${id}`))
  for (const { rule, goTo } of program.rules.values()) {
    if (rule.trigger.kind !== 'when' || goTo !== undefined) continue
    if (rule.actions.some((action) => changes(action, fields))) keys.push(`fired:${rule.id}`)
  }
  for (const [key, erased] of erasures) if (erased.some((field) => fields.has(field))) keys.push(`due:${key}`)
  const rules = [...program.rules.values()]
  if (rules.some(({ rule }) => rule.trigger.kind === 'cases done')) keys.push('began')
  return keys
}
