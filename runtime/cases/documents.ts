import type { Definition } from '../../engine/definition.ts'
import { visibleFields } from '../../engine/index.ts'
import type { Caller, DocumentView, FileView } from '../http/ports.ts'
import { TemplateError } from '../mail/compose.ts'
import type { Database } from '../store/database.ts'
import { loadDocument, loadDocuments, type StoredDocument } from '../store/documents.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { LoadedCase } from './assemble.ts'
import { decidedBy, type KeptDocument, openDocument, rendered, titleOf } from './kept-document.ts'
import { actorOf, cardRights } from './rights.ts'
import type { RunningProcess, Versions } from './versions.ts'

interface Parts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  fallback(): Holder
}

interface Looking {
  readonly by: Caller
  readonly definition: Definition
}

/** The documents of a case in the order they were written; those that this caller can't open with the reason, and without what they say. */
export async function documentsOf(loaded: LoadedCase, looking: Looking, parts: Parts): Promise<DocumentView[]> {
  const stored = await loadDocuments(parts.db.pool, loaded.row.caseId)
  const views = await Promise.all(stored.map((one) => documentView(one, loaded, looking, parts)))
  return views.filter((view) => view !== undefined)
}

/** One of them as a file; undefined where there is none that this caller may open. */
export async function documentFile(
  loaded: LoadedCase,
  seq: number,
  looking: Looking,
  parts: Parts,
): Promise<FileView | undefined> {
  const stored = await loadDocument(parts.db.pool, loaded.row.caseId, seq)
  if (!stored || hiddenIn(stored, loaded, looking).length > 0) return undefined
  const kept = openDocument(stored, loaded.holder, parts)
  if (!kept) return undefined
  const { pdf } = await rendered(kept, stored, await decidedBy(kept, loaded.row, parts.versions))
  const name = `${stored.document}-${loaded.state.number}.pdf`
  return { name, type: 'application/pdf', content: Buffer.from(pdf, 'base64') }
}

async function documentView(
  stored: StoredDocument,
  loaded: LoadedCase,
  looking: Looking,
  parts: Parts,
): Promise<DocumentView | undefined> {
  const { seq, document, at, because } = stored
  if (because !== null) return { seq, document, title: document, at, because }
  const kept = openDocument(stored, loaded.holder, parts)
  const hidden = hiddenIn(stored, loaded, looking)
  if (kept && hidden.length > 0) {
    const names = hidden.map((name) => `\`${name}\``).join(', ')
    return { seq, document, title: document, at, because: `it names what you may not see at this stage: ${names}` }
  }
  if (!kept) return undefined
  return { seq, document, title: readableTitle(kept, document, await decidedBy(kept, loaded.row, parts.versions)), at }
}

/** A template that is broken says so where the document is rendered. */
function readableTitle(kept: KeptDocument, name: string, running: RunningProcess): string {
  try {
    return titleOf(kept, name, running)
  } catch (error) {
    if (error instanceof TemplateError) return name
    throw error
  }
}

/** What a document names and this caller may not see now, whatever they might when it was written. */
function hiddenIn(
  { names }: StoredDocument,
  { running, state }: LoadedCase,
  { by, definition }: Looking,
): readonly string[] {
  const viewer = actorOf(by, definition)
  const visible = visibleFields(running.machine, state, viewer.kind === 'staff' ? viewer : { kind: 'client' })
  const seesCards = by.kind === 'client' || cardRights(by, definition).has('see')
  return names.filter((name) => !(name.startsWith('client.') ? seesCards : visible.has(name)))
}
