import type { Evidence } from '../../engine/case.ts'
import type { Decided, Definition } from '../../engine/definition.ts'
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
  if (from === 'client' && !saysYes(what.statement)) {
    const because = `consent to \`${purpose.name}\` has to be explicit: type “I agree” in your own hand`
    throw new Refusal('invalid-value', because, { fields: ['statement'] })
  }
  if (from === 'staff' && !shown(what.evidence)) {
    const because = `consent to \`${purpose.name}\` has to be explicit: say in \`evidence\` which written statement of the client shows it (\`note\`)`
    throw new Refusal('invalid-value', because, { fields: ['evidence'] })
  }
}

const statements = ['i agree', 'i consent', 'zgadzam się', 'zgadzam sie', 'wyrażam zgodę', 'wyrazam zgode']

/** Whether what a client typed is a statement of consent. */
export function saysYes(statement: string | undefined): boolean {
  const text = (statement ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\p{P}\s]+|[\p{P}\s]+$/gu, '')
  return statements.includes(text)
}

function shown(evidence: Evidence | undefined): boolean {
  return typeof evidence?.note === 'string' && evidence.note.trim() !== ''
}
