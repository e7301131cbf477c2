import type { CaseState } from '../../engine/case.ts'
import { decide } from '../../engine/index.ts'
import { assemble, holderOf } from '../cases/assemble.ts'
import { type KeptMessage, messagePlace } from '../cases/correspondence.ts'
import { type KeptLetter, letterPlace } from '../cases/postman.ts'
import type { Road } from '../cases/road.ts'
import type { RunningProcess, Versions } from '../cases/versions.ts'
import type { Resolver } from '../mail/authenticate.ts'
import { type Examined, examine, type SentLetters } from '../mail/examine.ts'
import type { Reference } from '../mail/reference.ts'
import { Refusal } from '../refusal.ts'
import { type CaseRow, type ClientRow, loadCases } from '../store/cases.ts'
import { loadClients } from '../store/clients.ts'
import {
  loadLettersAt,
  loadMessagesOf,
  type StoredLetter,
  type StoredMessage,
  settleMessage,
} from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import { gather } from '../store/gather.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { Waits } from './failure.ts'
import type { Attempt, Job } from './worker.ts'

export interface MessageParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly road: Road
  readonly mailbox: string
  readonly trustedAuthserv: string | undefined
  /** Looks senders' domains up; the system's own where absent. */
  readonly resolver?: Resolver | undefined
  /** Told the class of a message once it is judged, for the figures. */
  judged?(kind: string): void
  fallback(): Holder
}

/** What the judging of a message reads; of messages judged at once, all together. */
interface Loads {
  message(key: Buffer): Promise<StoredMessage | undefined>
  client(id: string): Promise<ClientRow | undefined>
  letter(reference: Reference): Promise<StoredLetter | undefined>
  case(id: string): Promise<CaseRow | undefined>
}

function loadsOf({ pool }: Database): Loads {
  const same = (text: string) => text
  const place = ({ caseId, seq }: Reference) => `${caseId} ${seq}`
  return {
    message: gather((keys: readonly Buffer[]) => loadMessagesOf(pool, keys), {
      key: (key) => key.toString('hex'),
      value: ({ key }) => key.toString('hex'),
    }),
    client: gather((ids: readonly string[]) => loadClients(pool, ids), {
      key: same,
      value: ({ clientId }) => clientId,
    }),
    letter: gather<Reference, StoredLetter>((places) => loadLettersAt(pool, places), { key: place, value: place }),
    case: gather(async (ids: readonly string[]) => [...(await loadCases(pool, ids)).values()], {
      key: same,
      value: ({ caseId }) => caseId,
    }),
  }
}

type Parts = MessageParts & { readonly loads: Loads }

/** Judges messages that were taken in; those that are the client's own answers happen to their cases. */
export function messagesJob(parts: MessageParts): Job {
  const withLoads = { ...parts, loads: loadsOf(parts.db) }
  return (payload, attempt) =>
    (payload as readonly { key: string }[]).map(({ key }) => judgeOne(Buffer.from(key, 'base64'), attempt, withLoads))
}

/** The same for one message: as an earlier version has queued it. */
export function messageJob(parts: MessageParts): Job {
  const withLoads = { ...parts, loads: loadsOf(parts.db) }
  return (payload, attempt) => judgeOne(Buffer.from((payload as { key: string }).key, 'base64'), attempt, withLoads)
}

async function judgeOne(key: Buffer, { last }: Attempt, parts: Parts): Promise<void> {
  const message = await parts.loads.message(key)
  if (message?.status !== 'new' || !message.sealed) return
  const holder = await holderFor(message, parts)
  if (!holder) return settleMessage(parts.db.pool, key, { class: 'new', because: 'the client was erased' })
  const kept = parts.vault.openRecord(holder, messagePlace(key), message.sealed) as KeptMessage
  const { trustedAuthserv, resolver, mailbox, vault } = parts
  const examined = await examine(Buffer.from(kept.raw, 'base64'), {
    key: vault.master.letters,
    letters: sentLetters(parts),
    mailbox,
    ...(trustedAuthserv ? { trustedAuthserv } : {}),
    ...(resolver ? { resolver } : {}),
  })
  if (examined.authentication?.temporary && !last)
    throw new Waits('the sender’s domain could not be looked up: the message waits')
  await settle(parts, message, examined)
  parts.judged?.(examined.verdict.class)
}

async function settle(parts: Parts, message: StoredMessage, examined: Examined): Promise<void> {
  const { verdict } = examined
  if (!verdict.counts || !verdict.letter) {
    return settleMessage(parts.db.pool, message.key, { class: verdict.class, because: verdict.because })
  }
  try {
    await count(parts, message, examined, verdict.letter)
  } catch (error) {
    if (!(error instanceof Refusal) || passing.has(error.code)) throw error
    await settleMessage(parts.db.pool, message.key, {
      class: verdict.class,
      because: `it changes nothing: ${error.because}`,
    })
  }
}

/** Refusals that are over when it is tried again. */
const passing = new Set(['conflict', 'unavailable'])

async function count(
  parts: Parts,
  message: StoredMessage,
  { verdict, incoming, sha256, authentication }: Examined,
  reference: { readonly caseId: string; readonly seq: number },
): Promise<void> {
  const letter = await parts.loads.letter(reference)
  if (!letter) throw new Refusal('not-found', 'the letter it answers is not held')
  const evidence = {
    channel: 'letter',
    letter: letter.letter,
    letterSeq: letter.seq,
    messageId: incoming.messageId ?? null,
    sha256,
    authentication: authentication?.because ?? null,
    words: verdict.lines,
  }
  await parts.road.happen({
    caseId: reference.caseId,
    decide: (loaded, now) =>
      decide(
        loaded.running.machine,
        loaded.state,
        { type: 'reply', by: { kind: 'client' }, letter: letter.letter, lines: verdict.lines, evidence },
        { now },
      ),
    also: (set) =>
      set.settled.push({
        case_id: reference.caseId,
        message_key: message.key.toString('base64'),
        class: verdict.class,
        status: 'counted',
        because: verdict.because,
      }),
  })
}

async function holderFor(message: StoredMessage, { loads, vault, fallback }: Parts): Promise<Holder | undefined> {
  if (!message.clientId) return fallback()
  const client = await loads.client(message.clientId)
  return holderOf(client ?? null, vault)
}

/** Finds the letter a message answers, with every address that its client is known by. */
function sentLetters({ loads, vault, versions }: Parts): SentLetters {
  return {
    async find(reference) {
      const [letter, row] = await Promise.all([loads.letter(reference), loads.case(reference.caseId)])
      if (!letter || !row) return undefined
      await versions.ensure([row.definitionHash])
      const { state, running, holder } = assemble(row, versions.of(row.definitionHash, row.process), vault)
      const addresses = [state.client.email, ...caseAddresses(state, running), sentTo(letter, holder, vault)]
      return { name: letter.letter, addresses: addresses.filter((address) => address !== undefined) }
    },
  }
}

function caseAddresses(state: CaseState, { process }: RunningProcess): (string | undefined)[] {
  return Object.values(process.fields)
    .filter((field) => field.type.kind === 'client email')
    .map((field) => state.values[field.name])
    .map((value) => (typeof value === 'string' ? value : undefined))
}

function sentTo(
  letter: { readonly caseId: string; readonly seq: number; readonly sealed: Buffer | null },
  holder: Holder | undefined,
  vault: Vault,
): string | undefined {
  if (!letter.sealed || !holder) return undefined
  return (vault.openRecord(holder, letterPlace(letter.caseId, letter.seq), letter.sealed) as KeptLetter).to
}
