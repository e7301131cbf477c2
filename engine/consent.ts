import type { Evidence } from './case.ts'
import type { Decided } from './definition.ts'
import type { Ground } from './ground.ts'
import { own } from './named.ts'
import { inReach } from './reach.ts'
import { changed, erased, type Note, noted, type Turn, wanting } from './turn.ts'

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
 * The turn with the values gone that `purpose` alone was the ground for. The effect names all such fields, as the state may
 * not show a value that is already out of reach; a refusal that drops nothing known leaves no entry.
 */
export function dropped({ definition, process }: Ground, turn: Turn, purpose: string, decision: Decided): Turn {
  if (decision === 'given') return turn
  const { consents } = turn.state.client
  const fields = Object.values(process.fields)
    .filter((field) => field.personal.includes(purpose) && !inReach(definition, field, consents))
    .map((field) => field.name)
  if (fields.length === 0) return turn
  const held = fields.some((name) => own(turn.state.values, name) !== undefined)
  if (decision === 'refused' && !held) return wanting(turn, { type: 'erase', fields })
  return erased(turn, fields, { because: `consent to ${purpose} is ${decision}` })
}
