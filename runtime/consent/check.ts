import type { Evidence } from '../../engine/case.ts'
import type { Decided, Definition, Text } from '../../engine/definition.ts'
import { normalSaying } from '../../engine/saying.ts'
import { inLanguage } from '../../engine/text.ts'
import { Refusal } from '../refusal.ts'

/**
 * Whether a decision may be recorded as it was brought. Saying no needs nothing. A yes needs a purpose that asks for
 * one, and an explicit one the client's own statement: typed by them, or on a paper that the evidence names (GDPR Art. 9(2)(a)).
 */
export function checkDecision(
  definition: Definition,
  what: {
    readonly purpose: string
    readonly decision: Decided
    readonly evidence?: Evidence
    readonly statement?: string
  },
  from: 'staff' | 'client',
): void {
  const purpose = Object.hasOwn(definition.purposes, what.purpose) ? definition.purposes[what.purpose] : undefined
  if (!purpose) throw new Refusal('invalid-value', `there is no purpose \`${what.purpose}\``, { fields: ['purpose'] })
  if (purpose.basis !== 'consent' && purpose.basis !== 'explicit consent') {
    const because = `purpose \`${purpose.name}\` rests on ${purpose.basis}, not on consent: there is nothing to give, refuse or withdraw`
    throw new Refusal('invalid-value', because, { fields: ['purpose'] })
  }
  if (what.decision !== 'given' || purpose.basis !== 'explicit consent') return
  if (from === 'client' && !statesConsent(what.statement)) {
    const because = `consent to \`${purpose.name}\` has to be explicit: type “${inLanguage(statementOfConsent, 'en')}” in your own hand`
    throw new Refusal('invalid-value', because, { fields: ['statement'] })
  }
  if (from === 'staff' && !shown(what.evidence)) {
    const because = `consent to \`${purpose.name}\` has to be explicit: say in \`evidence\` which written statement of the client shows it (\`note\`)`
    throw new Refusal('invalid-value', because, { fields: ['evidence'] })
  }
}

/** That a consent turned out to be none is for staff to say, and to say why. */
export function checkInvalidation(evidence: Evidence | undefined, from: 'staff' | 'client'): void {
  if (from === 'client') throw new Refusal('invalid-value', 'withdraw the consent: nothing more is needed to end it')
  if (shown(evidence)) return
  const because = 'say in `evidence` why the consent was none (`note`): who shows it later has to know'
  throw new Refusal('invalid-value', because, { fields: ['evidence'] })
}

/** By which way staff heard of a decision: a kind, not words of anyone, since it is kept beside the record and not in the vault. */
export function channelOf(evidence: Evidence | undefined): string {
  const channel = evidence?.channel ?? 'staff'
  if (typeof channel === 'string' && /^[a-z][a-z -]{0,39}$/.test(channel)) return channel
  const because =
    '`evidence.channel` is a kind of way, at most 40 small letters, such as `paper` or `phone`; what was said goes into `note`'
  throw new Refusal('invalid-value', because, { fields: ['evidence'] })
}

/** What pages tell a client to type for an explicit consent. */
export const statementOfConsent: Text = { en: 'I agree', pl: 'zgadzam się' }

const statements = new Set(
  [...Object.values(statementOfConsent), 'I consent', 'zgadzam sie', 'wyrażam zgodę', 'wyrazam zgode'].map(
    normalSaying,
  ),
)

/** Whether what a client typed states consent (GDPR Art. 9(2)(a)): typed, not only clicked. */
export function statesConsent(statement: string | undefined): boolean {
  return statements.has(normalSaying(statement ?? ''))
}

function shown(evidence: Evidence | undefined): boolean {
  return typeof evidence?.note === 'string' && evidence.note.trim() !== ''
}
