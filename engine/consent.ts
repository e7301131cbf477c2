import type { Evidence } from './case.ts'
import type { Action, Decided } from './definition.ts'
import type { Ground } from './ground.ts'
import { own } from './named.ts'
import { inReach } from './reach.ts'
import { cancelled, changed, erased, type Note, noted, type Turn, wanting } from './turn.ts'

/**
 * The turn in which the client decides on a purpose: the record with its evidence, and, where the decision is no, the erasure
 * of what was held for that purpose alone (GDPR Art. 17(1)(b)). Rules are told of it later in the turn.
 */
export function decided(
  ground: Ground,
  turn: Turn,
  purpose: string,
  decision: 'given' | 'refused',
  evidence: Evidence,
  note: Pick<Note, 'by' | 'rule'>,
): Turn {
  const before = own(turn.state.client.consents, purpose)
  const client = { ...turn.state.client, consents: { ...turn.state.client.consents, [purpose]: decision } }
  const entry = turn.log.length
  let next = noted(changed(turn, { client }), { ...note, type: 'consent', purpose, decision })
  next = wanting(next, { type: 'consent', purpose, decision, evidence })
  next = { ...next, news: [...next.news, { purpose, decision, entry }] }
  const mayHold = before === 'given' || before === 'expired'
  return decision === 'refused' && mayHold ? dropped(ground, next, purpose, decision) : next
}

/**
 * The turn with the values gone that `purpose` alone was the ground for, and the timers that serve it alone. The effect names all such fields, as the state may
 * not show a value that is already out of reach; a refusal that drops nothing known leaves no entry.
 */
export function dropped(ground: Ground, turn: Turn, purpose: string, decision: Decided): Turn {
  if (decision === 'given') return turn
  const { definition, process } = ground
  const { consents } = turn.state.client
  const next = cancelled(turn, timersFor(ground, purpose))
  const fields = Object.values(process.fields)
    .filter((field) => field.personal.includes(purpose) && !inReach(definition, field, consents))
    .map((field) => field.name)
  if (fields.length === 0) return next
  const held = fields.some((name) => own(next.state.values, name) !== undefined)
  if (decision === 'refused' && !held) return wanting(next, { type: 'erase', fields })
  return erased(next, fields, { because: `consent to ${purpose} is ${decision}` })
}

/** Timers that would do nothing but send letters and call webhooks for the purpose. */
function timersFor({ definition, process }: Ground, purpose: string): string[] {
  const serves = (action: Action) =>
    (action.kind === 'send' && own(definition.letters, action.letter)?.purpose === purpose) ||
    (action.kind === 'call' && own(definition.webhooks, action.webhook)?.purpose === purpose)
  const rules = [...process.rules, ...Object.values(process.stages).flatMap((stage) => stage.rules)]
  return rules
    .filter(({ trigger, actions }) => (trigger.kind === 'after' || trigger.kind === 'at') && actions.every(serves))
    .map(({ id }) => id)
}
