import {
  type Actor,
  type CaseState,
  type ConsentStatus,
  type Definition,
  type Event,
  type Form,
  hasRight,
  type Machine,
  type NewCase,
  type Process,
  possibleMoves,
  type Rule,
  restsOnConsent,
  type Trigger,
  type Value,
  visibleFields,
} from '../../../engine/index.ts'
import { actionsIn, formsOf } from './expressions.ts'
import { fieldsThatMatter, type Representatives, representativesOf } from './representatives.ts'

export const now = '2026-05-04T12:00:00.000Z'
export const neutral = 'something else'
/** The letter that a client answers who writes by hand. */
export const byHand = ''
const client: Actor = { kind: 'client' }
const system: Actor = { kind: 'system' }
const evidence = { shown: 'yes' }

type Answer = Value | null
type Consents = Readonly<Record<string, ConsentStatus>>

/** Whose cases are looked at: everybody's, or those of clients whom no letter or call reaches. */
export type Reach = 'reachable' | 'unreachable'

/** What may happen in cases of one process, and with which values. */
export interface World {
  readonly definition: Definition
  readonly process: Process
  readonly reach: Reach
  readonly values: Representatives
  /** Fields that make a difference. */
  readonly fields: readonly string[]
  /** Purposes that rest on consent and make a difference to the process. */
  readonly purposes: readonly string[]
  /** Those of them that something in the workspace asks for; and that something outside this process asks for. */
  readonly asked: ReadonlySet<string>
  readonly askedElsewhere: ReadonlySet<string>
  /** Letters that some rule waits for an answer to. */
  readonly letters: readonly string[]
  /** Groups of staff who act together, the whole staff last. */
  readonly crews: readonly (readonly string[])[]
  readonly fills: readonly Form[]
  readonly starts: readonly Form[]
}

/** A case at rest, and what its client has from it. */
export interface Rest {
  readonly state: CaseState
  readonly sent: readonly string[]
  readonly startedOthers: boolean
}

/** Something that may happen to a case at rest: the event, and the case as it then is. */
export interface Happening {
  readonly event: Exclude<Event, { type: 'start' }>
  readonly before: CaseState
}

export interface Beginning {
  readonly newCase: NewCase
  readonly event: Extract<Event, { type: 'start' }>
}

/** A workspace in which everybody may do everything with processes that name no access. */
export function withAccess(definition: Definition): Definition {
  const processes = Object.values(definition.processes).map((process) => {
    if (Object.keys(process.access).length > 0) return [process.name, process]
    const roles = [...Object.keys(definition.roles), 'anybody']
    const access = Object.fromEntries(roles.map((role) => [role, ['see', 'move', 'edit', 'erase']]))
    return [process.name, { ...process, access }]
  })
  return { ...definition, processes: Object.fromEntries(processes) }
}

export function worldOf(definition: Definition, process: Process, reach: Reach): World {
  const forms = formsOf(definition, process.name)
  const triggers = triggersOf(process)
  const mentioned = JSON.stringify([process, forms, definition.letters, definition.documents, definition.webhooks])
  const purposes = Object.values(definition.purposes)
    .filter((purpose) => restsOnConsent(purpose) && mentioned.includes(`"${purpose.name}"`))
    .map(({ name }) => name)
  const roles = Object.keys(process.access)
  return {
    definition,
    process,
    reach,
    values: representativesOf(definition, process),
    fields: fieldsThatMatter(definition, process),
    purposes,
    asked: new Set([...askedBy(definition, () => true)]),
    askedElsewhere: new Set(askedBy(definition, (name) => name !== process.name)),
    letters: [...new Set(triggers.flatMap((each) => (each.kind === 'reply' && each.letter ? [each.letter] : [])))],
    crews: roles.length <= 3 ? subsets(roles) : [...roles.map((role) => [role]), roles],
    fills: forms.filter(({ fills }) => fills === process.name),
    starts: forms.filter(({ starts }) => starts === process.name),
  }
}

function triggersOf(process: Process): readonly Trigger[] {
  return [...Object.values(process.stages).flatMap(({ rules }) => rules), ...process.rules].map(
    ({ trigger }) => trigger,
  )
}

/** Purposes that forms ask for or rules record, of those processes. */
function askedBy({ forms, processes }: Definition, isMeant: (process: string) => boolean): readonly string[] {
  const asking = Object.values(forms).filter(({ starts, fills }) => isMeant(starts ?? fills ?? ''))
  const recording = Object.values(processes).filter(({ name }) => isMeant(name))
  return [
    ...asking.flatMap(({ questions }) => questions.flatMap(({ ask }) => ('consent' in ask ? [ask.consent] : []))),
    ...recording
      .flatMap(actionsIn)
      .flatMap(({ actions }) => actions)
      .flatMap((each) => (each.kind === 'record consent' && each.decision === 'given' ? [each.purpose] : [])),
  ]
}

function subsets(roles: readonly string[]): readonly (readonly string[])[] {
  const sets: (readonly string[])[] = [[]]
  for (const role of roles) sets.push(...sets.map((set) => [...set, role]))
  return sets.slice(1)
}

/** Every way to give each name one of its answers, or none. */
function combinations<T>(
  answers: readonly (readonly [string, readonly T[]])[],
): readonly Readonly<Record<string, T>>[] {
  return answers.reduce<readonly Readonly<Record<string, T>>[]>(
    (some, [name, values]) => some.flatMap((each) => [each, ...values.map((value) => ({ ...each, [name]: value }))]),
    [{}],
  )
}

const staff = (roles: readonly string[]): Actor => ({ kind: 'staff', id: 'ada', roles })

/** The values somebody may enter in a field; none in those for reaching a client who can't be reached. */
function valuesFor({ values, process, reach }: World, field: string): readonly Value[] {
  const isContact = ['client email', 'client phone'].includes(process.fields[field]?.type.kind ?? '')
  return reach === 'unreachable' && isContact ? [] : (values[field] ?? [])
}

/** Every beginning of a case: by staff or by a form, whatever its client has answered before. */
export function beginnings(world: World, machine: Machine): readonly Beginning[] {
  const before = world.purposes.map((purpose): [string, readonly ConsentStatus[]] => [
    purpose,
    world.asked.has(purpose) ? ['given', 'refused', 'withdrawn'] : ['refused'],
  ])
  return combinations(before).flatMap((consents) => [
    ...staffBeginnings(world, machine, consents),
    ...formBeginnings(world, consents),
  ])
}

function newCaseOf({ reach }: World, consents: Consents): NewCase {
  const email = reach === 'reachable' ? { email: 'client@client.example' } : {}
  return { id: '1', number: '1', client: { ...email, consents } }
}

function staffBeginnings(world: World, machine: Machine, consents: Consents): readonly Beginning[] {
  const all = world.crews.at(-1) ?? []
  if (!hasRight(world.process, all, 'move')) return []
  const newCase = newCaseOf(world, consents)
  const at = emptyAt(machine, newCase)
  const mayEdit = hasRight(world.process, all, 'edit')
  const fields = [...visibleFields(machine, at, { kind: 'staff', roles: all })].flatMap(([name, how]) =>
    (how === 'edit' || mayEdit) && world.fields.includes(name) ? [name] : [],
  )
  return combinations(fields.map((name) => [name, valuesFor(world, name)] as const)).map((values) => ({
    newCase,
    event: { type: 'start', by: staff(all), values },
  }))
}

function emptyAt({ first }: Machine, { id, number, client: who }: NewCase): CaseState {
  const stage = { stage: first, enteredAt: now, visited: [], ended: 'no' as const }
  return { id, number, createdAt: now, ...stage, values: {}, timers: {}, fired: [], seq: 0, client: who }
}

function formBeginnings(world: World, consents: Consents): readonly Beginning[] {
  return world.starts.flatMap((form) =>
    answersTo(world, form).map((answers) => ({
      newCase: { ...newCaseOf(world, consents), form: { name: form.name, consents: answers.consents, evidence } },
      event: { type: 'start', by: client, values: answers.values },
    })),
  )
}

interface Answers {
  readonly values: Readonly<Record<string, Value>>
  readonly consents: Readonly<Record<string, 'given' | 'refused'>>
}

function answersTo(world: World, { questions }: Form): readonly Answers[] {
  const fields = questions.flatMap(({ ask }) =>
    'field' in ask ? [[ask.field, valuesFor(world, ask.field)] as const] : [],
  )
  const purposes = questions.flatMap(({ ask }) =>
    'consent' in ask ? [[ask.consent, ['given', 'refused']] as const] : [],
  )
  const consents = combinations<'given' | 'refused'>(purposes)
  return combinations(fields).flatMap((values) => consents.map((each) => ({ values, consents: each })))
}

/** Everything that may happen next to a case at rest. */
export function happenings(world: World, machine: Machine, rest: Rest): readonly Happening[] {
  const { state } = rest
  const decided = outsideDecisions(world, state)
  const timers = dueNext(world, state).map(
    (key): Happening => ({ before: state, event: { type: 'timer', by: system, key } }),
  )
  if (state.ended !== 'no') return [...decided, ...timers]
  const rules = machine.stages.get(state.stage)?.rules.map(({ rule }) => rule) ?? []
  const events: Happening['event'][] = [
    ...moves(world, machine, state),
    ...fillings(world, machine, state),
    ...replies(world, rest, rules),
    ...world.fills.flatMap((form) =>
      answersTo(world, form).map((answers) => ({
        type: 'form' as const,
        by: client,
        form: form.name,
        ...answers,
        evidence,
      })),
    ),
    ...signals(rules),
    ...(rest.startedOthers ? [{ type: 'cases done' as const, by: system }] : []),
  ]
  return [...events.map((event) => ({ before: state, event })), ...decided, ...timers]
}

function moves({ crews }: World, machine: Machine, state: CaseState): readonly Happening['event'][] {
  return crews.flatMap((roles) =>
    possibleMoves(machine, state, staff(roles), { now }).flatMap(({ to, allowed }) =>
      allowed ? [{ type: 'move' as const, by: staff(roles), to }] : [],
    ),
  )
}

function fillings(world: World, machine: Machine, state: CaseState): readonly Happening['event'][] {
  const all = world.crews.at(-1) ?? []
  const fields = [...visibleFields(machine, state, { kind: 'staff', roles: all })].flatMap(([name, how]) =>
    how === 'edit' && world.fields.includes(name) ? [name] : [],
  )
  const answers = fields.map((name): [string, readonly Answer[]] => [name, [...valuesFor(world, name), null]])
  return combinations(answers)
    .filter((values) => Object.keys(values).length > 0)
    .map((values) => ({ type: 'fill', by: staff(all), values }))
}

function replies({ reach }: World, { sent }: Rest, rules: readonly Rule[]): readonly Happening['event'][] {
  const waiting = rules.flatMap(({ trigger }) => (trigger.kind === 'reply' ? [trigger] : []))
  if (waiting.length === 0 || reach === 'unreachable') return []
  const phrases = [...new Set([neutral, ...waiting.flatMap(({ saying }) => saying)])]
  return [byHand, ...sent].flatMap((letter) =>
    phrases.map((phrase) => ({ type: 'reply' as const, by: client, letter, lines: [phrase], evidence })),
  )
}

function signals(rules: readonly Rule[]): readonly Happening['event'][] {
  const names = new Set(rules.flatMap(({ trigger }) => (trigger.kind === 'signal' ? [trigger.signal] : [])))
  return [...names].map((signal) => ({ type: 'signal', by: system, signal }))
}

function outsideDecisions({ purposes, asked }: World, state: CaseState): readonly Happening[] {
  return purposes.flatMap((purpose) => {
    const isGiven = state.client.consents[purpose] === 'given'
    const decisions = [
      'refused' as const,
      ...(asked.has(purpose) ? ['given' as const] : []),
      ...(isGiven ? ['withdrawn' as const] : []),
    ]
    return decisions.map((decision): Happening => {
      const consents = { ...state.client.consents, [purpose]: decision }
      const before = { ...state, client: { ...state.client, consents } }
      return { before, event: { type: 'consent', by: client, purpose, decision } }
    })
  })
}

/**
 * The timers of which one comes next. Those that began together come by their delays, the shortest first; nothing is certain of
 * timers that began apart, nor of `at` rules and erasures.
 */
function dueNext({ process }: World, { stage, timers }: CaseState): readonly string[] {
  const pending = Object.keys(timers)
  const groups = [process.stages[stage]?.rules ?? [], process.rules].map((rules) =>
    rules.flatMap(({ id, trigger }) =>
      trigger.kind === 'after' && pending.includes(id) ? [{ id, minutes: minutesIn(trigger.delay) }] : [],
    ),
  )
  const delayed = groups.flat().map(({ id }) => id)
  const shortest = groups.flatMap((group) => {
    const least = Math.min(...group.map(({ minutes }) => minutes))
    return group.filter(({ minutes }) => minutes === least).map(({ id }) => id)
  })
  return [...shortest, ...pending.filter((key) => !delayed.includes(key))]
}

const minutesOf = { minute: 1, hour: 60, day: 1440, week: 10_080, month: 43_200, year: 525_600 }

function minutesIn({ amount, unit }: Extract<Trigger, { kind: 'after' }>['delay']): number {
  return amount * minutesOf[unit]
}
