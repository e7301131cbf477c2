import type { Actor, Evidence } from '../../engine/case.ts'
import type { ConsentStatus, Decided, Definition } from '../../engine/definition.ts'
import type { ConsentRow } from '../store/clients.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { noticeOf, sha256 } from './notice.ts'
import { stateOf } from './state.ts'

/** A client's decision about one purpose, with all that will show it later (GDPR Art. 7(1)). */
export interface ConsentDecision {
  readonly purpose: string
  readonly decision: Decided
  readonly by: Actor
  /** How it reached us: `letter`, `form`, `portal`, `paper`, `unsubscribe`, … */
  readonly channel: string
  readonly evidence: Evidence
  readonly caseId?: string
  /** Of the words the client was shown; the client's own where nobody said. */
  readonly language?: string
  /** A consent that turned out to be none: `withdrawn` for all that follows, and told apart in the record. */
  readonly invalid?: boolean
}

export function evidencePlace(seq: number): string {
  return `evidence ${seq}`
}

/** The record of a decision: who, when, how, and the exact text the client was shown. */
export function consentRow(
  what: ConsentDecision,
  place: {
    readonly seq: number
    readonly at: string
    readonly definition: Definition
    readonly holder: Holder | undefined
    readonly language: string
    readonly before: ConsentStatus
  },
  vault: Vault,
): ConsentRow {
  const { purpose, decision, by, channel, evidence, caseId } = what
  const noticed = noticeOf(place.definition, purpose, languageOf(what) ?? place.language)
  const text = noticed?.notice.text || noticed?.notice.title || ''
  const language = noticed?.notice.language ?? place.language
  return {
    seq: place.seq,
    purpose,
    decision,
    // Whoever of the staff notes it down notes the client's own decision; only an erasure ends a consent without one.
    state: stateOf(decision, {
      before: place.before,
      invalid: what.invalid ?? false,
      byClient: channel !== 'erasure' || by.kind === 'client',
    }),
    purposeVersion: noticed?.notice.version ?? 1,
    at: place.at,
    actor: actorKey(by),
    channel,
    caseId: caseId ?? null,
    language,
    shown: { [language]: text },
    shownHash: sha256(text),
    ...(noticed ? { noticed } : {}),
    evidence: place.holder ? vault.sealRecord(place.holder, evidencePlace(place.seq), evidence) : null,
  }
}

function languageOf({ language, evidence }: ConsentDecision): string | undefined {
  return language ?? (typeof evidence.language === 'string' ? evidence.language : undefined)
}

function actorKey(by: Actor): string {
  return by.kind === 'staff' ? `staff:${by.id}` : by.kind
}
