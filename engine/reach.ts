import type { ClientState } from './case.ts'
import type { Definition, Field, Purpose } from './definition.ts'
import { own } from './named.ts'

type Consents = ClientState['consents']

/** Whether a purpose rests on the client's consent (GDPR Art. 6(1)(a), 9(2)(a)) and on nothing else. */
export function restsOnConsent(purpose: Purpose): boolean {
  return purpose.basis === 'consent' || purpose.basis === 'explicit consent'
}

/** Whether data may be used for `purpose` now: always on another basis than consent, else while the consent is given. */
export function hasBasis(definition: Definition, purpose: string, consents: Consents): boolean {
  const declared = own(definition.purposes, purpose)
  if (!declared) return false
  return !restsOnConsent(declared) || own(consents, purpose) === 'given'
}

/**
 * The purposes of which any one, consented to, brings a field into reach; undefined where it is in reach whatever the client
 * says: it is not personal, or one of its purposes rests on something else.
 */
export function consentsToReach(definition: Definition, field: Field): readonly string[] | undefined {
  if (field.personal.length === 0) return undefined
  const resting = field.personal.filter((purpose) => !hasBasis(definition, purpose, {}))
  if (resting.length < field.personal.length) return undefined
  return resting.filter((purpose) => own(definition.purposes, purpose))
}

/**
 * Whether a field's value may be read, written or used at all: it is not personal, or one of its purposes has a basis.
 * Expressions, visibility, letters and the runtime's vault ask this one file (GDPR Art. 6, 7(3)).
 */
export function inReach(definition: Definition, field: Field, consents: Consents): boolean {
  return field.personal.length === 0 || field.personal.some((purpose) => hasBasis(definition, purpose, consents))
}
