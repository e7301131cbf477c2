import type { FileView } from '../http/ports.ts'
import { isId, newId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import type { Database } from '../store/database.ts'
import { insertUpload, loadUnused, loadUploads, type StoredUpload } from '../store/uploads.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { fileKind, fileName } from './file-kind.ts'
import { type KeptFile, most, wrong } from './letter-by-hand.ts'

/** Files of a person's in one case that no letter has taken yet. */
const mostWaiting = 30

interface Parts {
  readonly db: Database
  readonly vault: Vault
}

interface SealedFile {
  readonly name: string
  readonly type: string
  /** Base64. */
  readonly content: string
}

function uploadPlace(caseId: string, id: string): string {
  return `upload ${caseId} ${id}`
}

/** Keeps a file to go with a letter: typed by its content, and of at most 10 MiB. */
export async function keepUpload(
  { name: claimed, content }: { readonly name: string; readonly content: Buffer },
  at: { readonly caseId: string; readonly personId: string; readonly holder: Holder; readonly now: string },
  { db, vault }: Parts,
): Promise<KeptFile> {
  if (content.length === 0) throw wrong('file', 'the file is empty')
  if (content.length > most.bytes) throw new Refusal('too-large', `the file is larger than ${most.bytes / 2 ** 20} MiB`)
  const kind = fileKind(content)
  const file = { id: newId(), name: fileName(claimed, kind), type: kind.type, size: content.length }
  const sealed = vault.sealRecord(at.holder, uploadPlace(at.caseId, file.id), {
    name: file.name,
    type: file.type,
    content: content.toString('base64'),
  } satisfies SealedFile)
  const row = {
    caseId: at.caseId,
    uploadId: file.id,
    clientId: at.holder.clientId,
    personId: at.personId,
    at: at.now,
    sealed,
  }
  if (await insertUpload(db.pool, row, mostWaiting)) return file
  throw new Refusal('conflict', `at most ${mostWaiting} files wait in a case for a letter: send or remove some of them`)
}

/** Those of a person's own files, by id, in the order asked for. Throws `Refusal` where one is not there or all are too large. */
export async function unusedFiles(
  caseId: string,
  personId: string,
  ids: readonly string[],
  holder: Holder,
  { db, vault }: Parts,
): Promise<KeptFile[]> {
  const wanted = [...new Set(ids)]
  if (wanted.some((id) => !isId(id))) throw noFile()
  const found = wanted.length === 0 ? [] : await loadUnused(db.pool, caseId, personId, wanted)
  return wanted.map((id) => {
    const stored = found.find(({ uploadId }) => uploadId === id)
    if (!stored) throw noFile()
    const { name, type, content } = opened(stored, holder, vault)
    return { id, name, type, size: content.length }
  })
}

function noFile(): Refusal {
  return wrong('files', 'a file to attach is no longer there: attach it again')
}

export function checkFiles(files: readonly KeptFile[]): void {
  if (files.length > most.files) throw wrong('files', `a letter takes at most ${most.files} files`)
  if (files.reduce((sum, { size }) => sum + size, 0) > most.bytes)
    throw wrong('files', `the files of a letter have more than ${most.bytes / 2 ** 20} MiB together`)
}

/** The files of a letter with their content; undefined where one is held no longer. */
export async function openFiles(
  caseId: string,
  files: readonly KeptFile[],
  holder: Holder,
  { db, vault }: Parts,
): Promise<FileView[] | undefined> {
  if (files.length === 0) return []
  const stored = await loadUploads(
    db.pool,
    caseId,
    files.map(({ id }) => id),
  )
  const found = files.flatMap(({ id }) => stored.find(({ uploadId }) => uploadId === id) ?? [])
  return found.length === files.length ? found.map((one) => opened(one, holder, vault)) : undefined
}

function opened({ caseId, uploadId, sealed }: StoredUpload, holder: Holder, vault: Vault): FileView {
  const { name, type, content } = vault.openRecord(holder, uploadPlace(caseId, uploadId), sealed) as SealedFile
  return { name, type, content: Buffer.from(content, 'base64') }
}
