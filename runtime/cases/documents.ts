import type { Definition } from '../../engine/definition.ts'
import { visibleFields } from '../../engine/index.ts'
import type { Caller, DocumentView, FileView } from '../http/ports.ts'
import { TemplateError } from '../mail/compose.ts'
import type { Database } from '../store/database.ts'
import { loadDocument, loadDocuments, type StoredDocument } from '../store/documents.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import { type KeptDocument, openDocument, rendered, titleOf } from './kept-document.ts'
import { actorOf, cardRights } from './rights.ts'

interface Parts {
  readonly db: Database
  readonly vault: Vault
  fallback(): Holder
}

interface Looking {
  readonly by: Caller
  readonly definition: Definition
}

/** The documents of a case that this caller may open, in the order they were written; those that could not be, with the reason. */
export async function documentsOf(loaded: LoadedCase, looking: Looking, parts: Parts): Promise<DocumentView[]> {
  const stored = await loadDocuments(parts.db.pool, loaded.row.caseId)
  return stored.filter((one) => mayOpen(one, loaded, looking)).flatMap((one) => documentView(one, loaded, parts) ?? [])
}

/** One of them as a file; undefined where there is none that this caller may open. */
export async function documentFile(
  loaded: LoadedCase,
  seq: number,
  looking: Looking,
  parts: Parts,
): Promise<FileView | undefined> {
  const stored = await loadDocument(parts.db.pool, loaded.row.caseId, seq)
  if (!stored || !mayOpen(stored, loaded, looking)) return undefined
  const kept = openDocument(stored, loaded.holder, parts)
  if (!kept) return undefined
  const { pdf } = await rendered(kept, stored, loaded.running)
  const name = `${stored.document}-${loaded.state.number}.pdf`
  return { name, type: 'application/pdf', content: Buffer.from(pdf, 'base64') }
}

function documentView(stored: StoredDocument, loaded: LoadedCase, parts: Parts): DocumentView | undefined {
  const { seq, document, at, because } = stored
  if (because !== null) return { seq, document, title: document, at, because }
  const kept = openDocument(stored, loaded.holder, parts)
  return kept && { seq, document, title: readableTitle(kept, document, loaded), at }
}

/** A template that is broken says so where the document is rendered. */
function readableTitle(kept: KeptDocument, name: string, { running }: LoadedCase): string {
  try {
    return titleOf(kept, name, running)
  } catch (error) {
    if (error instanceof TemplateError) return name
    throw error
  }
}

/** Whoever may not see now what a document says may not open it, whatever they might when it was written. */
function mayOpen({ names }: StoredDocument, { running, state }: LoadedCase, { by, definition }: Looking): boolean {
  if (names.length === 0) return true
  const viewer = actorOf(by, definition)
  const visible = visibleFields(running.machine, state, viewer.kind === 'staff' ? viewer : { kind: 'client' })
  const seesCards = by.kind === 'client' || cardRights(by, definition).has('see')
  return names.every((name) => (name.startsWith('client.') ? seesCards : visible.has(name)))
}
