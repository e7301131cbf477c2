import type { Value } from '../case.ts'
import type { Decided } from '../definition.ts'
import { own } from '../named.ts'
import { inLanguage } from '../text.ts'
import { durationInWords, expressionInWords, placeInWords } from '../wording.ts'
import { and, has, least, only } from './bits.ts'
import { sampleOf } from './classes.ts'
import type { WayStep } from './explore.ts'
import type { Facts } from './facts.ts'
import { after, before, type Operation } from './operation.ts'
import type { Space } from './space.ts'
import type { Happening, Step } from './step.ts'
import type { Edge, System } from './system.ts'
import { type Assumed, assumptionsFor, truthOf } from './truth.ts'
import { everyAction } from './workspace.ts'

/** A way as steps that a person reads, and that a case can be led through. */
export function storyOf(system: System, way: readonly WayStep[]): readonly Step[] {
  const steps: Step[] = []
  for (const part of macrosteps(way)) {
    const [first] = part
    if (!first?.edge.happening) continue
    const filling = fillingBefore(part, (name) => mayBeFilled(system, steps, name))
    const last = steps.at(-1)
    if (Object.keys(filling).length > 0 && last?.stage !== undefined) steps.push(fillStep(last.stage, filling))
    if (first.edge.happening.kind === 'decisions') steps.push(...decisionSteps(system, first))
    else steps.push(stepOf(system, part, first.edge.happening))
  }
  return steps
}

function macrosteps(way: readonly WayStep[]): readonly (readonly WayStep[])[] {
  const parts: WayStep[][] = []
  for (const step of way) {
    if (step.edge.happening) parts.push([step])
    else parts.at(-1)?.push(step)
  }
  return parts
}

function stepOf(system: System, part: readonly WayStep[], happening: Happening): Step {
  const chosen = part[0] ? chosenIn(system, part[0]) : { values: {}, consents: {} }
  const end = part.at(-1)?.edge.to.stage
  const stage = end === '' ? undefined : end
  const words = [part[0] ? happeningInWords(system, part[0].edge, chosen) : '', ...consequences(system, part)].join(
    '; ',
  )
  return { words, happening, ...chosen, ...(stage !== undefined && { stage }) }
}

/** Decisions that set nothing off, one by one. */
function decisionSteps(system: System, { edge, from, to }: WayStep): readonly Step[] {
  const { facts, stage } = edge.from
  return traced(edge, from, to).flatMap(({ operation, was, is, space }) => {
    if (operation.kind !== 'may put' || was === is) return []
    const purpose = space.variables[operation.variable]?.key.slice('consent:'.length) ?? ''
    const statuses = (point: number) =>
      facts.consents.get(purpose)?.statuses[space.valueIn(point, operation.variable)] ?? []
    const decisions = (['given', 'refused', 'withdrawn'] as const).filter((decision) => statuses(is).includes(decision))
    const needed: readonly Decided[] =
      decisions[0] === 'withdrawn' && !statuses(was).includes('given') ? ['given', 'withdrawn'] : decisions.slice(0, 1)
    return needed.map((decision): Step => {
      const happening: Happening = { kind: 'decision', purpose, decision }
      const words = happeningInWords(system, { ...edge, happening }, { values: {}, consents: {} })
      return { words, happening, values: {}, consents: {}, ...(stage !== '' && { stage }) }
    })
  })
}

type Chosen = Pick<Step, 'values' | 'consents'>

/** What the person or client chooses on a step where they fill in or answer. */
function chosenIn(system: System, { edge, from, to }: WayStep): Chosen {
  const values: Record<string, Value | null> = {}
  const consents: Record<string, 'given' | 'refused'> = {}
  const { kind } = edge.happening ?? {}
  if (kind !== 'start' && kind !== 'fill' && kind !== 'form') return { values, consents }
  const { fields, consents: facts } = system.facts
  const left: Record<string, Value> = {}
  for (const { operation, was, is, space } of traced(edge, from, to)) {
    if (operation.kind === 'may put' && was === is) noteLeft(system, left, space, is, operation.variable)
    for (const variable of chosenBy(operation, space, was, is)) {
      const key = space.variables[variable]?.key ?? ''
      const name = key.slice(key.indexOf(':') + 1)
      const value = space.valueIn(is, variable)
      if (key.startsWith('field:')) values[name] = fields.get(name)?.of[value] ?? null
      if (key.startsWith('held:')) values[name] ??= valueAt(system, space, is, name) ?? sampleFor(system, name)
      if (key.startsWith('consent:'))
        consents[name] = facts.get(name)?.statuses[value]?.includes('given') ? 'given' : 'refused'
    }
  }
  const form =
    kind === 'fill' ? undefined : edge.happening && 'form' in edge.happening ? edge.happening.form : undefined
  return form === undefined
    ? { values, consents: {} }
    : answeredInFull(system, form, { values: { ...left, ...values }, consents }, Object.keys(values))
}

/** The facts that a person has chosen with an operation. */
function chosenBy(operation: Operation, space: Space, was: number, is: number): readonly number[] {
  if (operation.kind === 'may put') return was === is ? [] : [operation.variable]
  if (operation.kind === 'put')
    return space.variables[operation.variable]?.key.startsWith('consent:') ? [operation.variable] : []
  if (operation.kind !== 'if' || !operation.chosen) return []
  const put = operation.otherwise?.[0]
  if (put?.kind === 'put') return [put.variable]
  return space.variables.flatMap((_, variable) =>
    space.valueIn(was, variable) === space.valueIn(is, variable) ? [] : [variable],
  )
}

/** What a form asks in any case is answered, whatever it is. */
function answeredInFull(system: System, name: string, { values, consents }: Chosen, chosen: readonly string[]): Chosen {
  const questions = own(system.facts.program.definition.forms, name)?.questions ?? []
  const isAsked = (purpose: string) => questions.some(({ ask }) => 'consent' in ask && ask.consent === purpose)
  const answers = Object.entries(consents).filter(([purpose]) => isAsked(purpose))
  const isGiven = (field: string) =>
    chosen.includes(field) || questions.some(({ ask, required }) => required && 'field' in ask && ask.field === field)
  const given = Object.entries(values).filter(([field]) => isGiven(field))
  const all = { values: Object.fromEntries(given), consents: Object.fromEntries(answers) }
  for (const { ask, required, when } of questions) {
    if (!required || when) continue
    if ('consent' in ask) all.consents[ask.consent] ??= 'refused'
    else all.values[ask.field] ??= sampleFor(system, ask.field)
  }
  return all
}

/** What a field holds already, which a form may be answered with again. */
function noteLeft(system: System, left: Record<string, Value>, space: Space, point: number, variable: number): void {
  const key = space.variables[variable]?.key ?? ''
  const name = key.slice('field:'.length)
  const value = key.startsWith('field:') ? valueAt(system, space, point, name) : undefined
  if (value !== undefined) left[name] = value
}

function valueAt({ facts }: System, space: Space, point: number, name: string): Value | undefined {
  const variable = space.indexOf(`field:${name}`)
  return variable === undefined ? undefined : facts.fields.get(name)?.of[space.valueIn(point, variable)]
}

function sampleFor({ facts }: System, name: string): Value {
  const field = own(facts.program.process.fields, name)
  return field ? sampleOf(field) : ''
}

interface Traced {
  readonly operation: Operation
  readonly was: number
  readonly is: number
  /** What is told apart before the operation. */
  readonly space: Space
}

/** The points that a way over a step goes by, one after each operation. */
function traced({ from: { facts }, operations }: Edge, from: number, to: number): readonly Traced[] {
  const spaces = [facts.space]
  const sets = [only(facts.space.words, from)]
  for (const operation of operations) {
    const space = spaces.at(-1) ?? facts.space
    sets.push(after(space, [operation], sets.at(-1) ?? space.nothing))
    spaces.push(operation.kind === 'recast' ? operation.recast.to : space)
  }
  const found: Traced[] = []
  let is = to
  for (let index = operations.length - 1; index >= 0; index--) {
    const operation = operations[index] as Operation
    const space = spaces[index] ?? facts.space
    const goal = only((spaces[index + 1] ?? space).words, is)
    const sources = and(before(space, [operation], goal), sets[index] ?? space.nothing)
    const was = operation.kind !== 'recast' && has(sources, is) ? is : least(sources)
    found.unshift({ operation, was, is, space })
    is = was
  }
  return found
}

/** Whether a field that is not followed may hold a value by now: somebody or a rule has filled it in. */
function mayBeFilled({ facts }: System, steps: readonly Step[], name: string): boolean {
  const { process } = facts.program
  if (own(process.fields, name)?.default || steps.some(({ values }) => Object.hasOwn(values, name))) return true
  return everyAction(process).some((action) => action.kind === 'set' && action.field === name)
}

/** What has to be filled in first of what is not followed, for rules to answer or a person to move the case on. */
function fillingBefore(
  part: readonly WayStep[],
  mayHoldOne: (field: string) => boolean,
): Readonly<Record<string, Value | null>> {
  const values: Record<string, Value | null> = {}
  const stage = part[0]?.edge.from.stage
  for (const { edge, from, to } of part) {
    if (edge.from.stage !== stage || !edge.conditions) continue
    const { facts } = edge.from
    const point = pointAtRule(edge, from, to) ?? from
    const fitting = assumptionsFor(facts, [edge.possible, ...edge.conditions]).find(
      (assumed) => isLike(facts, assumed, values) && mayGoSo(edge, assumed, point),
    )
    for (const [name, value] of fitting ? fieldsAssumed(facts, fitting) : []) {
      if (value !== undefined) values[name] = value
      else if (mayHoldOne(name)) values[name] = null
    }
  }
  return values
}

function fieldsAssumed(facts: Facts, assumed: Assumed): readonly (readonly [string, Value | undefined])[] {
  return [...assumed].flatMap(([key, index]) => {
    if (!key.startsWith('field:')) return []
    const name = key.slice('field:'.length)
    return [[name, facts.fields.get(name)?.of[index]] as const]
  })
}

/** Whether what is assumed goes with what is filled in already. */
function isLike(facts: Facts, assumed: Assumed, values: Readonly<Record<string, Value | null>>): boolean {
  return fieldsAssumed(facts, assumed).every(
    ([name, value]) => !Object.hasOwn(values, name) || values[name] === (value ?? null),
  )
}

function pointAtRule(edge: Edge, from: number, to: number): number | undefined {
  return traced(edge, from, to).find(({ operation }) => operation.kind === 'only')?.is
}

/** Whether the last of a step's conditions may be the first that holds; where no rule answers, whether none may. */
function mayGoSo({ conditions = [], possible, rule, from: { facts } }: Edge, assumed: Assumed, point: number): boolean {
  if (!has(truthOf(facts, possible, assumed).may, point)) return false
  return conditions.every((condition, index) => {
    const { may, must } = truthOf(facts, condition, assumed)
    return rule !== undefined && index === conditions.length - 1 ? has(may, point) : !has(must, point)
  })
}

function fillStep(stage: string, values: Step['values']): Step {
  const happening: Happening = { kind: 'fill' }
  return { words: `somebody fills in ${valuesInWords(values)}`, happening, values, consents: {}, stage }
}

// Words.

function happeningInWords(system: System, { happening, rule }: Edge, { values, consents }: Chosen): string {
  if (!happening) return ''
  const { program } = system.facts
  const filled = Object.keys(values).length > 0 ? `, with ${valuesInWords(values)} filled in` : ''
  switch (happening.kind) {
    case 'start':
      return happening.form === undefined
        ? `the case starts${filled}`
        : `the client starts the case with the form \`${happening.form}\`${answersInWords(consents)}${filled}`
    case 'decision':
      return `the client ${decisionInWords(happening.decision)} consent to \`${happening.purpose}\``
    case 'decisions':
      return ''
    case 'expiry':
      return `the consent to \`${happening.purpose}\` runs out`
    case 'move':
      return `${happening.by === undefined ? 'somebody' : `somebody of role \`${happening.by}\``} moves it to ${titleOf(system, happening.to)}${placeOf(system, rule)}`
    case 'fill':
      return `somebody fills in ${valuesInWords(values)}`
    case 'reply': {
      const letter = happening.letter === undefined ? '' : ` to \`${happening.letter}\``
      return happening.saying === undefined
        ? `the client replies${letter} in other words`
        : `the client replies${letter}, saying “${happening.saying}”`
    }
    case 'form':
      return `the client sends the form \`${happening.form}\`${answersInWords(consents)}${filled}`
    case 'signal':
      return `the signal \`${happening.signal}\` comes`
    case 'timer': {
      const trigger = program.rules.get(happening.rule)?.rule.trigger
      if (trigger?.kind === 'after') return `after ${durationInWords(trigger.delay)}`
      return trigger?.kind === 'at' ? `at \`${expressionInWords(trigger.time)}\`` : 'time passes'
    }
    case 'erasure':
      return `what was to be erased later is erased`
    case 'cases done':
      return 'the cases it has started are done'
  }
}

function placeOf({ facts }: System, rule: string | undefined): string {
  const found = rule === undefined ? undefined : facts.program.rules.get(rule)?.rule
  return found ? ` (${placeInWords(found.at)})` : ''
}

function decisionInWords(decision: 'given' | 'refused' | 'withdrawn'): string {
  return decision === 'given' ? 'gives' : decision === 'refused' ? 'refuses' : 'withdraws'
}

function answersInWords(consents: Readonly<Record<string, 'given' | 'refused'>>): string {
  const parts = Object.entries(consents).map(
    ([purpose, answer]) => `${answer === 'given' ? 'yes' : 'no'} to \`${purpose}\``,
  )
  return parts.length > 0 ? `, answering ${parts.join(' and ')}` : ''
}

function valuesInWords(values: Readonly<Record<string, Value | null>>): string {
  const parts = Object.entries(values).map(([name, value]) =>
    value === null
      ? `\`${name}\` (emptied)`
      : typeof value === 'boolean'
        ? `\`${name}\` (${value ? 'yes' : 'no'})`
        : `\`${name}\` (${value})`,
  )
  return parts.length > 0 ? parts.join(' and ') : 'something'
}

/** What follows by itself: which rules answer, and where the case goes. */
function consequences(system: System, part: readonly WayStep[]): readonly string[] {
  const said: string[] = []
  let now = part[0]?.edge.from.stage ?? ''
  for (const { edge } of part) {
    const rule = edge.rule === undefined ? undefined : system.facts.program.rules.get(edge.rule)?.rule
    const where = rule ? ` (${placeInWords(rule.at)})` : ''
    const needs = edge.needs === undefined ? '' : `, for it needs consent to \`${edge.needs}\``
    const then = edge.to.stage
    if (then !== now && edge.to.kind !== 'gate') {
      if (edge.happening?.kind !== 'move' || edge.happening.to !== then)
        said.push(`${now === '' ? 'it is in' : 'it goes to'} ${titleOf(system, then)}${needs}${where}`)
      now = then
    } else if (rule && edge.to.kind !== 'gate') said.push(`a rule answers${where}`)
  }
  return said
}

export function titleOf({ facts }: System, stage: string): string {
  const found = own(facts.program.process.stages, stage)
  return `“${(found && inLanguage(found.title, 'en')) || stage}”`
}
