import { holderOf } from '../cases/assemble.ts'
import { decidedBy, openDocument, rendered, sealRendered } from '../cases/kept-document.ts'
import type { Versions } from '../cases/versions.ts'
import type { Log } from '../log.ts'
import { TemplateError } from '../mail/compose.ts'
import { reasonOf } from '../reasons.ts'
import { loadCases } from '../store/cases.ts'
import type { Database } from '../store/database.ts'
import { keepRendered, loadDocument, noteUnwritten } from '../store/documents.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import type { Job } from './worker.ts'

export interface DocumentParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly log: Log
  fallback(): Holder
}

/** Renders a document that a case has written and keeps it as it is from then on, unless it is gone meanwhile. */
export function documentJob(parts: DocumentParts): Job {
  const { db, vault, versions, log } = parts
  return async (payload) => {
    const { caseId, seq } = payload as { caseId: string; seq: number }
    const document = await loadDocument(db.pool, caseId, seq)
    const row = (await loadCases(db.pool, [caseId])).get(caseId)
    if (!document || !row) return
    const holder = holderOf(row.client, vault)
    const kept = openDocument(document, holder, parts)
    if (!kept || 'pdf' in kept) return
    try {
      const made = await rendered(kept, document, await decidedBy(kept, row, versions))
      await keepRendered(db.pool, caseId, seq, sealRendered(document, made, holder, parts))
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      log.error({ caseId, seq, template: error.message }, 'a document could not be written')
      await noteUnwritten(db.pool, caseId, seq, reasonOf('brokenTemplate'))
    }
  }
}
