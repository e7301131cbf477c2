import { unreachable } from './address.ts'
import { addDuration } from './calendar.ts'
import type { CaseState, Value } from './case.ts'
import { decided } from './consent.ts'
import type { Action, Named } from './definition.ts'
import { compileCondition, compileExpression, type Reader } from './expression.ts'
import type { Ground } from './ground.ts'
import { own, without } from './named.ts'
import { hasBasis, inReach } from './reach.ts'
import { noticeOfSkipped } from './skipped-letter.ts'
import { changed, erased, filled, noted, planned, type Turn, wanting } from './turn.ts'
import { parseValue } from './value.ts'

/** What an action or a list of them makes of a turn. */
export type Step = (turn: Turn) => Turn

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>

/** Compiles actions once to one step that does them in the order written, each against the case as changed so far. */
export function compileActions(actions: readonly Action[], rule: string, ground: Ground): Step {
  const steps = actions.map((action, index) => compileAction(action, rule, delayKey(rule, index), ground))
  const [only] = steps
  if (steps.length === 1 && only) return only
  return (turn) => steps.reduce((next, step) => step(next), turn)
}

/** The key of the timer of the delayed erasure that is the `index`th action (from 0) of a rule or of a stage's entry. */
export function delayKey(rule: string, index: number): string {
  return `erase:${rule}.${index + 1}`
}

function compileAction(action: Action, rule: string, key: string, ground: Ground): Step {
  const step = compileDeed(action, rule, key, ground)
  if (!action.when) return step
  const holds = compileCondition(action.when, ground)
  return (turn) => (holds(turn.state, turn.now) ? step(turn) : turn)
}

function compileDeed(action: Action, rule: string, key: string, ground: Ground): Step {
  switch (action.kind) {
    case 'send':
      return (turn) => send(turn, action, rule, ground)
    case 'notify':
      return (turn) => {
        const { to, text } = action
        const next = noted(turn, { type: 'notify', rule, target: to.kind === 'role' ? to.role : to.kind })
        return wanting(next, { type: 'notify', to, text, seq: next.state.seq })
      }
    case 'set':
      return compileSet(action, rule, ground)
    case 'erase':
      return compileErase(action, rule, key, ground)
    case 'erase client':
      return (turn) => eraseClient(turn, rule, ground)
    case 'record consent':
      return (turn) => recordConsent(turn, action, rule, ground)
    case 'assign':
      return compileAssign(action, rule, ground)
    case 'start':
      return compileStart(action, rule, ground)
    case 'write':
      return (turn) => write(turn, action, rule, ground)
    case 'call':
      return (turn) => call(turn, action, rule, ground)
    case 'go to':
      return (turn) => ({ ...turn, going: action.stage })
  }
}

function send(turn: Turn, { letter, to, attach }: Of<'send'>, rule: string, ground: Ground): Turn {
  const because = whyNotSent(turn, letter, to, ground)
  if (because) return letterSkipped(turn, letter, rule, because)
  const { state } = turn
  const next = noted(turn, { type: 'letter', letter, rule })
  return wanting(next, { type: 'letter', letter, to, attach, state, rule, seq: next.state.seq })
}

function whyNotSent(turn: Turn, letter: string, to: Of<'send'>['to'], ground: Ground): string | undefined {
  const purpose = own(ground.definition.letters, letter)?.purpose
  // Who an `assign` finds is known once the decision is: whoever carries it out skips the letter where that is nobody.
  const assigning = to.kind === 'assignee' && turn.effects.some(({ type }) => type === 'assign')
  return lackingBasis(turn.state, purpose, ground) ?? (assigning ? undefined : unreachable(ground, turn.state, to))
}

function lackingBasis(state: CaseState, purpose: string | undefined, { definition }: Ground): string | undefined {
  if (purpose === undefined || hasBasis(definition, purpose, state.client.consents)) return undefined
  return `consent to ${purpose} is ${own(state.client.consents, purpose) ?? 'none'}`
}

/** The history says why, and those who may move the case are told; neither names a value. */
function letterSkipped(turn: Turn, letter: string, rule: string, because: string): Turn {
  const next = noted(turn, { type: 'letter skipped', letter, rule, because })
  const { number, seq } = next.state
  return wanting(next, noticeOfSkipped(letter, number, seq, because))
}

function compileSet({ field: name, value }: Of<'set'>, rule: string, ground: Ground): Step {
  const field = own(ground.process.fields, name)
  if (!field) return (turn) => turn
  const read = compileExpression(value, ground)
  return (turn) => {
    const note = { type: 'set', rule, fields: [name] } as const
    if (!inReach(ground.definition, field, turn.state.client.consents)) {
      return noted(turn, { ...note, because: 'not set: no valid consent to its purposes' })
    }
    const raw = read(turn.state, turn.now)
    if (raw === undefined) return noted(changed(turn, { values: without(turn.state.values, [name]) }), note)
    const parsed = parseValue(field.type, field.type.kind === 'money' ? toCents(raw) : raw)
    if ('problem' in parsed) return noted(turn, { ...note, because: `not set: ${parsed.problem}` })
    return noted(filled(turn, { [name]: parsed.value }), note)
  }
}

function toCents(raw: Value): Value {
  return typeof raw === 'number' ? Math.round(raw * 100) / 100 : raw
}

function compileErase({ fields, after }: Of<'erase'>, rule: string, key: string, { definition }: Ground): Step {
  if (!after) return (turn) => erased(turn, fields, { rule })
  return (turn) => planned(turn, key, addDuration(turn.now, after, definition.hours))
}

function eraseClient(turn: Turn, rule: string, { process }: Ground): Turn {
  const personal = Object.values(process.fields).filter((field) => field.personal.length > 0)
  const names = personal.map((field) => field.name)
  const { consents } = turn.state.client
  const next = changed(turn, { values: without(turn.state.values, names), client: { consents } })
  return wanting(noted(next, { type: 'erase client', rule }), { type: 'erase client' })
}

/** Where nobody acted there is nothing to show for a consent, so there is none (GDPR Art. 4(11), 7(1)). */
function recordConsent(turn: Turn, { purpose, decision }: Of<'record consent'>, rule: string, ground: Ground): Turn {
  if (turn.evidence) return decided(ground, turn, purpose, decision, turn.evidence, { rule, by: turn.event.by })
  const because = 'not recorded: only the client’s reply or form shows a consent'
  return noted(turn, { type: 'consent', purpose, rule, because })
}

function compileAssign({ to }: Of<'assign'>, rule: string, ground: Ground): Step {
  if ('role' in to)
    return (turn) => wanting(noted(turn, { type: 'assign', rule, target: to.role }), { type: 'assign', to })
  const read = compileExpression(to.person, ground)
  return (turn) => {
    const person = read(turn.state, turn.now)
    if (typeof person !== 'string')
      return noted(turn, { type: 'assign', rule, because: 'not assigned: no person is named' })
    const next = noted(changed(turn, { assignee: person }), { type: 'assign', rule, target: person })
    return wanting(next, { type: 'assign', to: { person } })
  }
}

function compileStart({ process, with: given }: Of<'start'>, rule: string, ground: Ground): Step {
  const readers: Named<Reader> = Object.fromEntries(
    Object.entries(given).map(([field, value]) => [field, compileExpression(value, ground)]),
  )
  return (turn) => {
    const values: Record<string, Value> = {}
    for (const [field, read] of Object.entries(readers)) {
      const value = read(turn.state, turn.now)
      if (value !== undefined) values[field] = value
    }
    const next = noted(turn, { type: 'start', rule, target: process })
    return wanting(next, { type: 'start', process, values, seq: next.state.seq })
  }
}

function write(turn: Turn, { document }: Of<'write'>, rule: string, ground: Ground): Turn {
  const lacking = lackingBasis(turn.state, own(ground.definition.documents, document)?.purpose, ground)
  if (lacking) return noted(turn, { type: 'write', rule, target: document, because: `not written: ${lacking}` })
  const { state } = turn
  const next = noted(turn, { type: 'write', rule, target: document })
  return wanting(next, { type: 'write', document, state, seq: next.state.seq })
}

/** Only fields in reach leave the house. */
function call(turn: Turn, { webhook, with: names }: Of<'call'>, rule: string, ground: Ground): Turn {
  const lacking = lackingBasis(turn.state, own(ground.definition.webhooks, webhook)?.purpose, ground)
  if (lacking) return noted(turn, { type: 'call', rule, target: webhook, because: `not called: ${lacking}` })
  const { state } = turn
  const fields = names.filter((name) => {
    const field = own(ground.process.fields, name)
    return field !== undefined && inReach(ground.definition, field, state.client.consents)
  })
  const next = noted(turn, { type: 'call', rule, target: webhook, fields })
  return wanting(next, { type: 'call', webhook, fields, state, seq: next.state.seq })
}
