import type { CaseState, ClientState, Event, Evidence, Value, Values } from './case.ts'
import { decided, dropped } from './consent.ts'
import type { Accepted, Decision, Refused } from './decision.ts'
import { compileExpression } from './expression.ts'
import { type Answers, checkFilling, checkForm, type Filling } from './filling.ts'
import { anything, beforeStart, type Machine } from './machine.ts'
import { checkMove, endedCase } from './moves.ts'
import { own, without } from './named.ts'
import { inReach } from './reach.ts'
import { refuse } from './refuse.ts'
import { hasRight, rolesWith } from './rights.ts'
import { settled } from './steps.ts'
import { begin, changed, erased, filled, type Note, TooManySteps, type Turn, wanting } from './turn.ts'
import { parseValue } from './value.ts'
import { placeInWords } from './wording.ts'

/** The moment of an event: RFC 3339, UTC. The engine has no other clock. */
export interface Clock {
  readonly now: string
}

/** A case about to start. `client.consents` are those that stood before; a form's own are in `form`. */
export interface NewCase {
  readonly id: string
  readonly number: string
  readonly client: ClientState
  readonly assignee?: string
  /** The form that the client starts the case with; the event's values are its answers. */
  readonly form?: {
    readonly name: string
    readonly consents: Readonly<Record<string, 'given' | 'refused'>>
    readonly evidence: Evidence
  }
}

type EventOf<T extends Event['type']> = Extract<Event, { type: T }>

/** A turn under way and the event that our machine is to be told of. */
export interface Ready {
  readonly turn: Turn
  readonly tell: string
}

/**
 * What becomes of a case when something happens: one macrostep of its machine, with all that rules set off in it. Pure: the same
 * state, event and clock always give the same decision, and nothing has happened until the caller carries it out.
 */
export function decide(machine: Machine, state: CaseState, event: Event, clock: Clock): Decision {
  const ready = prepare(machine, state, event, clock.now)
  return 'outcome' in ready ? ready : carryOut(machine, state, ready)
}

/**
 * The first decision of a case: values checked (a person's must be editable in the first stage, a form's asked by it), defaults
 * filled in, the first stage entered. Consents of the form are recorded before that stage's `on enter`.
 */
export function start(machine: Machine, newCase: NewCase, event: EventOf<'start'>, clock: Clock): Decision {
  const before = emptyCase(machine, newCase, clock.now)
  const ready = prepareStart(machine, before, newCase, event)
  return 'outcome' in ready ? ready : carryOut(machine, before, ready)
}

/** Runs a prepared turn through the machine, to the end of its macrostep. */
export function carryOut(machine: Machine, before: CaseState, { turn, tell }: Ready): Decision {
  try {
    return accepted(settled(machine, before, run(machine, before, turn, tell)))
  } catch (error) {
    if (error instanceof TooManySteps) return endless(machine, error)
    throw error
  }
}

function accepted({ state, effects, log }: Turn): Accepted {
  return { outcome: 'accepted', state, effects, log }
}

/** One macrostep; then the case's rules are told of each consent that was decided in it, and of what follows from that. */
function run(machine: Machine, before: CaseState, turn: Turn, tell: string): Turn {
  let snapshot = { ...machine.rest(before.visited.length === 0 ? beforeStart : before.stage), context: { turn } }
  let event = tell
  for (;;) {
    const told = machine.react(snapshot, event)
    const [news, ...rest] = told.context.turn.news
    if (!news) return told.context.turn
    event = `consent.${news.purpose}.${news.decision}`
    snapshot = { ...told, context: { turn: { ...told.context.turn, news: rest, cause: news.entry } } }
  }
}

function endless({ process, rules }: Machine, { rules: names }: TooManySteps): Refused {
  const first = rules.get(names[0] ?? '')?.rule.at ?? process.at
  const places = names.flatMap((name) => {
    const rule = rules.get(name)?.rule
    return rule ? [placeInWords(rule.at)] : []
  })
  const which = places.length > 0 ? `: ${places.join(', ')}` : ` (${placeInWords(process.at)})`
  const because = `rules of process \`${process.name}\` fire each other without end${which}; give one of them a condition that becomes false`
  return refuse('too-many-steps', because, first)
}

function prepare(machine: Machine, state: CaseState, event: Event, now: string): Ready | Refused {
  if (!machine.stages.has(state.stage)) {
    throw new Error(
      `case ${state.id} is in stage \`${state.stage}\`, which process \`${machine.process.name}\` does not have`,
    )
  }
  switch (event.type) {
    case 'consent':
      return prepareConsent(machine, state, event, now)
    case 'erase':
      return prepareErase(machine, state, event, now)
    case 'timer':
      return prepareTimer(machine, state, event, now)
    case 'move':
      return (
        checkMove(machine, state, event.by, event.to, now) ?? {
          turn: begin(state, event, now, { type: 'move' }),
          tell: `move.${event.to}`,
        }
      )
    default:
      return state.ended === 'no' ? prepareOpen(machine, state, event, now) : endedCase(machine, state)
  }
}

/** Events that only a case that has not ended takes. */
function prepareOpen(
  machine: Machine,
  state: CaseState,
  event: EventOf<'start' | 'fill' | 'reply' | 'form' | 'signal' | 'cases done'>,
  now: string,
): Ready | Refused {
  switch (event.type) {
    case 'start':
      return refuse('nothing-to-do', 'the case has started already', machine.process.at)
    case 'fill': {
      const filling = checkFilling(machine, state, event.by, event.values)
      if ('outcome' in filling) return filling
      const turn = begin(state, event, now, { type: 'fill', fields: Object.keys(event.values) })
      return { turn: withFilling(turn, filling), tell: anything }
    }
    case 'reply': {
      const because = event.because === undefined ? {} : { because: event.because }
      const turn = begin(state, event, now, { type: 'reply', letter: event.letter, ...because }, event.evidence)
      return { turn, tell: 'reply' }
    }
    case 'form':
      return prepareForm(machine, state, event, now)
    case 'signal':
      return prepareSignal(machine, state, event, now)
    case 'cases done': {
      const waits = hasRule(machine, state, (trigger) => trigger.kind === 'cases done')
      if (waits) return { turn: begin(state, event, now, { type: 'cases done' }), tell: 'cases done' }
      return nothingWaits(machine, state, 'the end of the cases it started')
    }
  }
}

type Trigger = Parameters<Parameters<typeof hasRule>[2]>[0]

function hasRule(
  machine: Machine,
  state: CaseState,
  test: (trigger: Machine['process']['rules'][number]['trigger']) => boolean,
): boolean {
  return machine.stages.get(state.stage)?.rules.some(({ rule }) => test(rule.trigger)) ?? false
}

function nothingWaits({ stages }: Machine, state: CaseState, what: string): Refused {
  const at = stages.get(state.stage)?.stage.at
  const where = at ? ` (${placeInWords(at)})` : ''
  return refuse('nothing-to-do', `no rule at stage \`${state.stage}\`${where} waits for ${what}`, at)
}

function prepareSignal(machine: Machine, state: CaseState, event: EventOf<'signal'>, now: string): Ready | Refused {
  const isIt = (trigger: Trigger) => trigger.kind === 'signal' && trigger.signal === event.signal
  if (hasRule(machine, state, isIt)) {
    return { turn: begin(state, event, now, { type: 'signal' }), tell: `signal.${event.signal}` }
  }
  const { process, rules } = machine
  if ([...rules.values()].some(({ rule }) => isIt(rule.trigger))) {
    return nothingWaits(machine, state, `signal \`${event.signal}\``)
  }
  return refuse(
    'not-declared',
    `process \`${process.name}\` has no rule for such a signal (${placeInWords(process.at)})`,
    process.at,
  )
}

function prepareForm(machine: Machine, state: CaseState, event: EventOf<'form'>, now: string): Ready | Refused {
  const { definition, process } = machine
  const form = own(definition.forms, event.form)
  if (form?.fills !== process.name) {
    return refuse(
      'not-declared',
      `no such form fills process \`${process.name}\` (${placeInWords(process.at)})`,
      form?.at,
    )
  }
  const answers = checkForm(machine, state, form, event, now)
  if ('outcome' in answers) return answers
  const turn = begin(state, event, now, { type: 'form', fields: Object.keys(answers.values) }, event.evidence)
  return { turn: withAnswers(machine, turn, answers, event.evidence), tell: `form.${form.name}` }
}

function withFilling(turn: Turn, { values, cleared }: Filling): Turn {
  return changed(turn, { values: without({ ...turn.state.values, ...values }, cleared) })
}

function withAnswers(machine: Machine, turn: Turn, { consents, values }: Answers, evidence: Evidence): Turn {
  const consented = Object.entries(consents).reduce(
    (next, [purpose, decision]) => decided(machine, next, purpose, decision, evidence, { by: turn.event.by }),
    turn,
  )
  return filled(consented, values)
}

/** What a withdrawal puts out of reach goes before any rule looks at the case, in a case that has ended too. */
function prepareConsent(machine: Machine, state: CaseState, event: EventOf<'consent'>, now: string): Ready | Refused {
  const { purpose, decision } = event
  if (!own(machine.definition.purposes, purpose)) {
    return refuse('not-declared', 'the workspace has no such purpose', machine.process.at)
  }
  const turn = dropped(machine, begin(state, event, now, { type: 'consent', purpose, decision }), purpose, decision)
  return { turn, tell: `consent.${purpose}.${decision}` }
}

function prepareErase(machine: Machine, state: CaseState, event: EventOf<'erase'>, now: string): Ready | Refused {
  const { process } = machine
  const { by, fields, because } = event
  const may = by.kind === 'staff' ? hasRight(process, by.roles, 'erase') : by.kind !== 'client'
  if (!may) {
    const who =
      rolesWith(process, 'erase')
        .map((role) => `\`${role}\``)
        .join(' or ') || 'that no role has'
    return refuse(
      'role-missing',
      `erasing data of a case needs the role ${who} (${placeInWords(process.at)})`,
      process.at,
    )
  }
  const known = fields.filter((name) => own(process.fields, name))
  if (known.length < fields.length) {
    return refuse(
      'not-declared',
      `process \`${process.name}\` lacks some of these fields (${placeInWords(process.at)})`,
      process.at,
    )
  }
  if (fields.length === 0) return refuse('nothing-to-do', 'no field to erase is named', process.at)
  const noted = begin(state, event, now, { type: 'erase', fields, ...(because === undefined ? {} : { because }) })
  const turn = wanting(changed(noted, { values: without(state.values, fields) }), { type: 'erase', fields })
  return { turn, tell: anything }
}

const minute = 60_000

/** A fired timer is gone. A job that was planned anew after it had begun to run comes too early and counts for nothing. */
function prepareTimer(machine: Machine, state: CaseState, event: EventOf<'timer'>, now: string): Ready | Refused {
  const { key } = event
  const due = own(state.timers, key)
  if (due === undefined)
    return refuse('nothing-to-do', 'this timer is not pending: its stage was left, or it has fired')
  if (Date.parse(due) - Date.parse(now) > minute) return refuse('nothing-to-do', `this timer is not due before ${due}`)
  const at: CaseState = { ...state, timers: without(state.timers, [key]) }
  const fields = machine.erasures.get(key)
  if (fields) {
    const rule = key.slice('erase:'.length)
    const turn = erased(begin(at, event, now, { type: 'timer', rule }), fields, { rule })
    return { turn, tell: anything }
  }
  if (state.ended !== 'no') return endedCase(machine, state)
  return { turn: begin(at, event, now, { type: 'timer', rule: key }), tell: `timer.${key}` }
}

/** A case before anything has happened to it. */
export function emptyCase({ first }: Machine, { id, number, client, assignee }: NewCase, now: string): CaseState {
  return {
    id,
    number,
    createdAt: now,
    stage: first,
    enteredAt: now,
    visited: [],
    ended: 'no',
    ...(assignee !== undefined && { assignee }),
    values: {},
    timers: {},
    fired: [],
    seq: 0,
    client,
  }
}

function prepareStart(machine: Machine, empty: CaseState, { form }: NewCase, event: EventOf<'start'>): Ready | Refused {
  const now = empty.createdAt
  const refused = form ? undefined : checkStarter(machine, event)
  if (refused) return refused
  const note = (values: Values): Note => ({ type: 'started', fields: Object.keys(values) })
  if (form) {
    const declared = own(machine.definition.forms, form.name)
    if (declared?.starts !== machine.process.name) {
      const { name, at } = machine.process
      return refuse('not-declared', `no such form starts process \`${name}\` (${placeInWords(at)})`, at)
    }
    const answers = checkForm(machine, withDefaults(machine, empty), declared, { ...form, values: event.values }, now)
    if ('outcome' in answers) return answers
    const turn = withAnswers(
      machine,
      begin(empty, event, now, note(answers.values), form.evidence),
      answers,
      form.evidence,
    )
    return { turn: { ...turn, state: withDefaults(machine, turn.state) }, tell: 'start' }
  }
  const filling = checkFilling(machine, empty, event.by, event.values, { starting: true })
  if ('outcome' in filling) return filling
  const turn = filled(begin(empty, event, now, note(filling.values)), filling.values)
  return { turn: { ...turn, state: withDefaults(machine, turn.state) }, tell: 'start' }
}

function checkStarter({ process }: Machine, { by }: EventOf<'start'>): Refused | undefined {
  const where = `(${placeInWords(process.at)})`
  if (by.kind === 'staff' && !hasRight(process, by.roles, 'move')) {
    const who =
      rolesWith(process, 'move')
        .map((role) => `\`${role}\``)
        .join(' or ') || 'that no role has'
    return refuse('role-missing', `starting a case of \`${process.name}\` needs the role ${who} ${where}`, process.at)
  }
  if (by.kind === 'client' && !process.portal) {
    const because = `clients do not start \`${process.name}\` themselves: it is not shown in the portal ${where}`
    return refuse('role-missing', because, process.at)
  }
  return undefined
}

/** Defaults of the fields that are still empty and in reach, in the order of declaration. */
function withDefaults(machine: Machine, state: CaseState): CaseState {
  return { ...state, values: { ...state.values, ...defaultsOf(machine, state, Object.keys(machine.process.fields)) } }
}

/** The default values of some fields, of those that are empty and in reach. */
export function defaultsOf(
  machine: Machine,
  state: CaseState,
  fields: readonly string[],
  now: string = state.createdAt,
): Values {
  let found: Values = {}
  for (const name of fields) {
    const field = own(machine.process.fields, name)
    if (!field?.default || own(state.values, name) !== undefined) continue
    if (!inReach(machine.definition, field, state.client.consents)) continue
    const known = { ...state, values: { ...state.values, ...found } }
    const value: Value | undefined = compileExpression(field.default, machine)(known, now)
    const parsed = value === undefined ? undefined : parseValue(field.type, value)
    if (parsed && 'value' in parsed) found = { ...found, [name]: parsed.value }
  }
  return found
}
