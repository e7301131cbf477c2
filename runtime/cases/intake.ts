import type { Clock } from '../clock.ts'
import { identityOf } from '../mail/examine.ts'
import { most, parse } from '../mail/parse.ts'
import { findReference } from '../mail/reference.ts'
import { loadCases } from '../store/cases.ts'
import { keepMessage } from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import { carried } from '../trace.ts'
import { type Holder, nobody, type Vault } from '../vault/vault.ts'
import { holderOf } from './assemble.ts'
import { type KeptMessage, messagePlace } from './correspondence.ts'

export interface IntakeParts {
  readonly db: Database
  readonly vault: Vault
  readonly clock: Clock
  fallback(): Holder
}

/**
 * Takes a message in, once, whatever it is: sealed under the key of the client whose letter it answers, or among those of
 * nobody. What to make of it is judged afterwards, from the vault.
 */
export async function takeIn(
  message: { readonly raw: Buffer; readonly uidValidity: string | null; readonly uid: number | null },
  { db, vault, clock, fallback }: IntakeParts,
): Promise<void> {
  const incoming = await parse(message.raw)
  const key = Buffer.from(identityOf(incoming, message.raw), 'hex')
  const { reference } = incoming.malformed ? {} : findReference(incoming, vault.master.letters)
  const row = reference && (await loadCases(db.pool, [reference.caseId])).get(reference.caseId)
  const client = row?.client?.wrapped ? row.client : null
  const holder = holderOf(client, vault) ?? fallback()
  await keepMessage(db.pool, {
    key,
    caseId: row?.caseId ?? null,
    clientId: holder.clientId === nobody ? null : holder.clientId,
    at: clock.now(),
    sealed: vault.sealRecord(holder, messagePlace(key), keptOf(message.raw)),
    uidValidity: message.uidValidity,
    uid: message.uid,
    trace: carried(),
  })
}

/** Bytes kept of a message that is too large to be read: enough to see whose it is. The mailbox has the rest. */
const beginning = 64 * 1024

function keptOf(raw: Buffer): KeptMessage {
  if (raw.length <= most.bytes) return { raw: raw.toString('base64') }
  return { raw: raw.toString('base64', 0, beginning), cut: true }
}
