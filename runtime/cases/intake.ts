import type { Clock } from '../clock.ts'
import { identityOf } from '../mail/examine.ts'
import { most, parse } from '../mail/parse.ts'
import { findReference } from '../mail/reference.ts'
import { type CaseRow, loadCases } from '../store/cases.ts'
import { type ArrivedMessage, keepMessages } from '../store/correspondence.ts'
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

/** A message as the mailbox gives it. */
export interface Arrived {
  readonly raw: Buffer
  readonly uidValidity: string | null
  readonly uid: number | null
}

/**
 * Takes messages in, each once, whatever it is: sealed under the key of the client whose letter it answers, or among those of
 * nobody. All are kept or none. What to make of them is judged afterwards, from the vault.
 */
export async function takeIn(messages: readonly Arrived[], parts: IntakeParts): Promise<void> {
  const { db, vault } = parts
  const read = await Promise.all(messages.map(async (message) => ({ message, incoming: await parse(message.raw) })))
  const referred = read.map(({ message, incoming }) => ({
    message,
    key: Buffer.from(identityOf(incoming, message.raw), 'hex'),
    caseId: incoming.malformed ? undefined : findReference(incoming, vault.master.letters).reference?.caseId,
  }))
  const ids = new Set(referred.flatMap(({ caseId }) => caseId ?? []))
  const cases = ids.size > 0 ? await loadCases(db.pool, [...ids]) : new Map<string, CaseRow>()
  const rows = referred.map(({ message, key, caseId }) => sealed(message, key, cases.get(caseId ?? ''), parts))
  await keepMessages(db.pool, onceEach(rows))
}

function sealed(
  message: Arrived,
  key: Buffer,
  row: CaseRow | undefined,
  { vault, clock, fallback }: IntakeParts,
): ArrivedMessage {
  const client = row?.client?.wrapped ? row.client : null
  const holder = holderOf(client, vault) ?? fallback()
  return {
    key,
    caseId: row?.caseId ?? null,
    clientId: holder.clientId === nobody ? null : holder.clientId,
    at: clock.now(),
    sealed: vault.sealRecord(holder, messagePlace(key), keptOf(message.raw)),
    uidValidity: message.uidValidity,
    uid: message.uid,
    trace: carried(),
  }
}

/** The same message may lie in the mailbox twice. */
function onceEach(rows: readonly ArrivedMessage[]): ArrivedMessage[] {
  const byKey = new Map<string, ArrivedMessage>()
  for (const row of rows) if (!byKey.has(row.key.toString('hex'))) byKey.set(row.key.toString('hex'), row)
  return [...byKey.values()]
}

/** Bytes kept of a message that is too large to be read: enough to see whose it is. The mailbox has the rest. */
const beginning = 64 * 1024

function keptOf(raw: Buffer): KeptMessage {
  if (raw.length <= most.bytes) return { raw: raw.toString('base64') }
  return { raw: raw.toString('base64', 0, beginning), cut: true }
}
