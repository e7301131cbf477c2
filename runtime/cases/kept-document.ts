import type { CaseState } from '../../engine/case.ts'
import type { Effect } from '../../engine/decision.ts'
import type { Definition } from '../../engine/definition.ts'
import { inReach } from '../../engine/reach.ts'
import { composeDocument } from '../mail/compose.ts'
import { pdf } from '../mail/pdf.ts'
import type { CaseRow } from '../store/cases.ts'
import type { StoredDocument } from '../store/documents.ts'
import type { WriteSet } from '../store/write-set.ts'
import { withTrace } from '../trace.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import { type Matter, matterOf, stateOf } from './matter.ts'
import type { RunningProcess, Versions } from './versions.ts'

type WriteEffect = Extract<Effect, { type: 'write' }>

/** A document as it lies in the vault: what it is to say, settled when it was decided; then as it was rendered. */
export type KeptDocument = ToRender | RenderedDocument

interface ToRender {
  readonly language: string
  /** The hash of the definition that it was decided under. Absent of a document of before that was kept. */
  readonly definition?: string
  readonly about: Matter
}

export interface RenderedDocument {
  readonly title: string
  /** Base64. */
  readonly pdf: string
}

export interface Filing {
  readonly vault: Vault
  /** Seals what belongs to no client. */
  fallback(): Holder
  personName(id: string): string
}

function documentPlace(caseId: string, seq: number): string {
  return `document ${caseId} ${seq}`
}

/** Adds a document to the write, with the job that renders it. */
export function fileDocument(set: WriteSet, loaded: LoadedCase, effect: WriteEffect, at: string, filing: Filing): void {
  const { row, running, holder } = loaded
  const { document, seq, state } = effect
  const { caseId } = row
  const { definition, process } = running
  const uses = new Set(definition.documents[document]?.uses.map(({ name }) => name))
  const about = matterOf(state, process, uses, filing.personName)
  const kept: KeptDocument = { language: row.client?.language ?? 'en', definition: running.definitionHash, about }
  set.documents.push({
    case_id: caseId,
    seq,
    document,
    client_id: holder?.clientId ?? null,
    purpose: definition.documents[document]?.purpose ?? null,
    names: [...uses].filter((name) => isThere(name, about)),
    at,
    sealed: filing.vault.sealRecord(holder ?? filing.fallback(), documentPlace(caseId, seq), kept).toString('base64'),
  })
  set.jobs.push({
    case_id: caseId,
    identifier: 'document',
    payload: withTrace({ caseId, seq }),
    run_at: null,
    job_key: `document ${caseId} ${seq}`,
  })
}

function isThere(name: string, { values, client }: Matter): boolean {
  if (name in values) return true
  const [, card] = /^client\.(name|email|phone)$/.exec(name) ?? []
  return card !== undefined && client[card as 'name' | 'email' | 'phone'] !== undefined
}

/** The document as it lies in the vault; undefined where it is gone. */
export function openDocument(
  { caseId, seq, clientId, sealed }: StoredDocument,
  holder: Holder | undefined,
  { vault, fallback }: Pick<Filing, 'vault' | 'fallback'>,
): KeptDocument | undefined {
  const key = clientId === null ? fallback() : holder
  if (!sealed || !key) return undefined
  return vault.openRecord(key, documentPlace(caseId, seq), sealed) as KeptDocument
}

export function sealRendered(
  { caseId, seq, clientId }: StoredDocument,
  rendered: RenderedDocument,
  holder: Holder | undefined,
  { vault, fallback }: Pick<Filing, 'vault' | 'fallback'>,
): Buffer {
  const key = clientId === null ? fallback() : (holder as Holder)
  return vault.sealRecord(key, documentPlace(caseId, seq), rendered)
}

/** The process by which it is rendered, or was. */
export function decidedBy(kept: KeptDocument, row: CaseRow, versions: Versions): Promise<RunningProcess> {
  return versions.decidedBy('pdf' in kept ? undefined : kept.definition, row)
}

/** Its title, as it was rendered or as it will be. Throws `TemplateError`. */
export function titleOf(kept: KeptDocument, name: string, running: RunningProcess): string {
  return 'pdf' in kept ? kept.title : composed(kept, name, running).title
}

/** The document as PDF: as it was rendered, or rendered now. Throws `TemplateError`. */
export async function rendered(
  kept: KeptDocument,
  { document, at }: StoredDocument,
  running: RunningProcess,
): Promise<RenderedDocument> {
  if ('pdf' in kept) return kept
  const { title, markdown } = composed(kept, document, running)
  const bytes = await pdf({ title, markdown, language: kept.language, createdAt: at })
  return { title, pdf: bytes.toString('base64') }
}

function composed({ language, about }: ToRender, name: string, { definition, process }: RunningProcess) {
  return composeDocument(definition, name, { process, state: stateOf(about), language })
}

/** The fields that a decision against `purpose` has put out of reach: what names them may be kept no longer. */
export function outOfReach(
  { definition, process }: { definition: Definition; process: RunningProcess['process'] },
  state: CaseState,
  purpose: string,
): string[] {
  return Object.values(process.fields)
    .filter((field) => field.personal.includes(purpose) && !inReach(definition, field, state.client.consents))
    .map(({ name }) => name)
}
