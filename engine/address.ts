import type { CaseState } from './case.ts'
import type { Recipient } from './definition.ts'
import type { Ground } from './ground.ts'
import { own } from './named.ts'
import { inReach } from './reach.ts'
import { assignedToNobody } from './skipped-letter.ts'

/**
 * The e-mail address that a letter `to` this recipient goes to, or undefined where there is none. The client's: the case's own
 * `client email` before the card's. Staff's addresses are not the engine's to know: undefined for a role or the assignee.
 */
export function addressOf(ground: Ground, state: CaseState, to: Recipient): string | undefined {
  if (to.kind === 'client') return ownAddress(ground, state) ?? state.client.email
  return to.kind === 'field' ? addressIn(ground, state, to.field) : undefined
}

/** Why a letter can't go to this recipient, or undefined where it can. */
export function unreachable(ground: Ground, state: CaseState, to: Recipient): string | undefined {
  switch (to.kind) {
    case 'client':
      return addressOf(ground, state, to) ? undefined : 'the client has no e-mail address'
    case 'field':
      return addressOf(ground, state, to) ? undefined : `\`${to.field}\` holds no e-mail address that may be used`
    case 'assignee':
      return state.assignee ? undefined : assignedToNobody
    case 'role':
      return undefined
  }
}

function ownAddress(ground: Ground, state: CaseState): string | undefined {
  for (const field of Object.values(ground.process.fields)) {
    if (field.type.kind !== 'client email') continue
    const address = addressIn(ground, state, field.name)
    if (address) return address
  }
  return undefined
}

function addressIn({ definition, process }: Ground, state: CaseState, name: string): string | undefined {
  const field = own(process.fields, name)
  if (!field || !inReach(definition, field, state.client.consents)) return undefined
  const value = own(state.values, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}
