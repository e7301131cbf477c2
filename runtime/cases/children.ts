import type { Values } from '../../engine/case.ts'
import type { Accepted, Effect } from '../../engine/decision.ts'
import { newId } from '../ids.ts'
import type { CaseRow } from '../store/cases.ts'
import type { WriteSet } from '../store/write-set.ts'
import { withTrace } from '../trace.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import type { Lineage } from './lineage.ts'

type StartEffect = Extract<Effect, { type: 'start' }>

function startPlace(caseId: string, seq: number): string {
  return `start ${caseId} ${seq}`
}

interface Sealing {
  readonly vault: Vault
  /** Seals what belongs to no client. */
  fallback(): Holder
}

/**
 * Adds to the write a case that this one starts, under the id that it will have whoever starts it and however often that is
 * tried, with the job that does so. What it is to start with may be personal, so it waits in the vault.
 */
export function addChild(
  set: WriteSet,
  { row, holder }: LoadedCase,
  { process, values, seq }: StartEffect,
  { depth, width }: Lineage,
  { vault, fallback }: Sealing,
): void {
  const { caseId } = row
  set.children.push({
    case_id: caseId,
    seq,
    child_id: newId(),
    process,
    depth,
    width,
    client_id: holder?.clientId ?? null,
    sealed: vault.sealRecord(holder ?? fallback(), startPlace(caseId, seq), values).toString('base64'),
  })
  const job_key = `start ${caseId} ${seq}`
  set.jobs.push({ case_id: caseId, identifier: 'start', payload: withTrace({ caseId, seq }), run_at: null, job_key })
}

/** What a case is to start with. */
export function openStart(
  caseId: string,
  seq: number,
  start: { readonly clientId: string | null; readonly sealed: Buffer },
  holder: Holder | undefined,
  { vault, fallback }: Sealing,
): Values | undefined {
  const key = start.clientId === null ? fallback() : holder
  return key && (vault.openRecord(key, startPlace(caseId, seq), start.sealed) as Values)
}

/** Where a case has just ended that another has started: the job that lets the other know. */
export function addEnding(set: WriteSet, { row, state }: LoadedCase, ended: Accepted['state']['ended']): void {
  const { parent, caseId } = row
  if (!parent || state.ended !== 'no' || ended === 'no') return
  const payload = withTrace({ caseId: parent.caseId, seq: parent.seq })
  set.jobs.push({ case_id: caseId, identifier: 'ended', payload, run_at: null, job_key: `ended ${caseId}` })
}

/** How many started cases a case has been told the end of, once this decision stands. */
export function toldOf({ state, children }: CaseRow, { log }: Accepted): number | undefined {
  return log[0]?.type === 'cases done' ? children.length : state.told
}
