import type { ConsentStatus, Decided } from '../../engine/definition.ts'

/** The states of a consent in the words of the W3C Data Privacy Vocabulary, https://w3id.org/dpv#consent-status. */
export const consentStates = [
  'ConsentRequested',
  'ConsentGiven',
  'RenewedConsentGiven',
  'ConsentRefused',
  'ConsentWithdrawn',
  'ConsentExpired',
  'ConsentInvalidated',
  'ConsentRevoked',
] as const

export type ConsentState = (typeof consentStates)[number]

/** What became of a consent by a record: a decision, or the end of one that nobody decided. */
export type Recorded = Decided | 'expired'

/**
 * The state that a decision leads to from `before`. A yes that follows a yes, or one that has expired, renews it. `invalid` ends a
 * consent that turned out to be none; whoever else than the client ends one revokes it.
 */
export function stateOf(
  decision: Recorded,
  { before, invalid = false, byClient = true }: { before: ConsentStatus; invalid?: boolean; byClient?: boolean },
): ConsentState {
  switch (decision) {
    case 'given':
      return before === 'given' || before === 'expired' ? 'RenewedConsentGiven' : 'ConsentGiven'
    case 'refused':
      return 'ConsentRefused'
    case 'expired':
      return 'ConsentExpired'
    case 'withdrawn':
      if (invalid) return 'ConsentInvalidated'
      return byClient ? 'ConsentWithdrawn' : 'ConsentRevoked'
  }
}
