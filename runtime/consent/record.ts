import { createHash } from 'node:crypto'
import type { Actor, Evidence } from '../../engine/case.ts'
import type { Decided, Definition, Text } from '../../engine/definition.ts'
import type { ConsentRow } from '../store/clients.ts'
import type { Holder, Vault } from '../vault/vault.ts'

/** A client's decision about one purpose, with all that will show it later (GDPR Art. 7(1)). */
export interface ConsentDecision {
  readonly purpose: string
  readonly decision: Decided
  readonly by: Actor
  /** How it reached us: `letter`, `form`, `portal`, `paper`, … */
  readonly channel: string
  readonly evidence: Evidence
  readonly caseId?: string
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
  },
  vault: Vault,
): ConsentRow {
  const purpose = place.definition.purposes[what.purpose]
  const shown: Text = purpose?.text ?? purpose?.title ?? {}
  return {
    seq: place.seq,
    purpose: what.purpose,
    decision: what.decision,
    purposeVersion: purpose?.version ?? 1,
    at: place.at,
    actor: actorKey(what.by),
    channel: what.channel,
    caseId: what.caseId ?? null,
    shown,
    shownHash: createHash('sha256').update(JSON.stringify(shown)).digest('hex'),
    evidence: place.holder ? vault.sealRecord(place.holder, evidencePlace(place.seq), what.evidence) : null,
  }
}

function actorKey(by: Actor): string {
  return by.kind === 'staff' ? `staff:${by.id}` : by.kind
}
