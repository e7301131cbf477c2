import type { CaseState } from '../../engine/case.ts'
import type { Decision } from '../../engine/decision.ts'
import { decide } from '../../engine/index.ts'
import { assemble, holderOf } from '../cases/assemble.ts'
import { type KeptMessage, messagePlace, readKept } from '../cases/correspondence.ts'
import { countedOnce } from '../cases/counted-once.ts'
import { type KeptLetter, letterPlace } from '../cases/postman.ts'
import type { Road } from '../cases/road.ts'
import type { RunningProcess, Versions } from '../cases/versions.ts'
import type { Clock } from '../clock.ts'
import { sha256 as hashOf } from '../consent/notice.ts'
import type { AuthenticateOptions } from '../mail/authenticate.ts'
import { type Examined, examine, type SentLetters } from '../mail/examine.ts'
import { reasoningOf } from '../mail/judge.ts'
import type { Reference } from '../mail/reference.ts'
import { type Reasoning, type Why, whyInWords } from '../mail/why.ts'
import { reasonOf } from '../reasons.ts'
import { Refusal } from '../refusal.ts'
import { type CaseRow, type ClientRow, loadCases } from '../store/cases.ts'
import { loadClients } from '../store/clients.ts'
import {
  countedSince,
  loadLettersAt,
  loadMessagesByKey,
  type StoredLetter,
  type StoredMessage,
  settleMessage,
} from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import { gather } from '../store/gather.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { Waits } from './failure.ts'
import { noteReport, type ReportParts } from './report.ts'
import type { Attempt, Job } from './worker.ts'

export interface MessageParts extends ReportParts {
  readonly db: Database
  readonly vault: Vault
  readonly versions: Versions
  readonly road: Road
  readonly clock: Clock
  readonly mailbox: string
  readonly checks: AuthenticateOptions
  /** Told the class of a message once it is judged, for the figures and for pages that show it. */
  judged?(kind: string, caseId: string | null): void
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
    message: gather((keys: readonly Buffer[]) => loadMessagesByKey(pool, keys), {
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
  if (!holder) return settleMessage(parts.db.pool, key, outcome('new', { why: { code: 'erased' }, checks: [] }))
  const kept = parts.vault.openRecord(holder, messagePlace(key), message.sealed) as KeptMessage
  const { checks, mailbox, vault } = parts
  const examined = await examine(Buffer.from(kept.raw, 'base64'), {
    key: vault.master.letters,
    letters: sentLetters(parts),
    read: () => readKept(kept),
    mailbox,
    ...checks,
  })
  if (examined.authentication?.temporary && !last) throw new Waits(reasonOf('domainUnknown'))
  await settle(parts, message, examined)
  parts.judged?.(examined.verdict.class, message.caseId)
}

async function settle(parts: Parts, message: StoredMessage, examined: Examined): Promise<void> {
  const { verdict, incoming } = examined
  if (verdict.class === 'bounce' && verdict.letter && !incoming.malformed) {
    const kept = outcome(verdict.class, reasoningOf(verdict))
    return noteReport(parts, { key: message.key, message: incoming, kept }, verdict.letter)
  }
  if (!verdict.counts || !verdict.letter) {
    return settleMessage(parts.db.pool, message.key, outcome(verdict.class, reasoningOf(verdict)))
  }
  try {
    await count(parts, message, examined, verdict.letter)
  } catch (error) {
    if (!(error instanceof Refusal) || passing.has(error.code)) throw error
    const why: Why = { code: 'changesNothing', name: error.because }
    await settleMessage(parts.db.pool, message.key, outcome(verdict.class, { ...reasoningOf(verdict), why }))
  }
}

function outcome(kind: string, reasoning: Reasoning) {
  return { class: kind, because: whyInWords(reasoning.why, 'en'), reasoning }
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
  const kept = await openLetter(letter, parts)
  const evidence = {
    channel: 'letter',
    language: kept?.language ?? null,
    letterSha256: kept?.sent ? hashOf(`${kept.sent.subject}\n\n${kept.sent.markdown}`) : null,
    letter: letter.letter,
    letterSeq: letter.seq,
    messageId: incoming.messageId ?? null,
    sha256,
    authentication: authentication?.because ?? null,
    checks: verdict.checks,
    words: verdict.lines,
  }
  let entries: { entry?: number | undefined; last_entry?: number | undefined } = {}
  await parts.road.happen({
    caseId: reference.caseId,
    event: 'reply',
    decide: (loaded, now) => {
      const decision = decide(
        loaded.running.machine,
        loaded.state,
        { type: 'reply', by: { kind: 'client' }, letter: letter.letter, lines: verdict.lines, evidence },
        { now },
      )
      checkAsked(decision, loaded.running, kept)
      if (decision.outcome === 'accepted')
        entries = { entry: decision.log[0]?.seq, last_entry: decision.log.at(-1)?.seq }
      return decision
    },
    also: (set) => {
      set.settled.push({
        case_id: reference.caseId,
        message_key: message.key.toString('base64'),
        class: verdict.class,
        status: 'counted',
        because: verdict.because,
        ...entries,
        reasoning: reasoningOf(verdict),
      })
      set.requests.push(countedOnce(reference.caseId, message.key, parts.clock.now()))
    },
  })
}

/** Who agrees to a letter agrees to the words in it: not to those of a version of the purpose that came after it (GDPR Art. 7). */
function checkAsked(decision: Decision, { definition }: RunningProcess, kept: KeptLetter | undefined): void {
  if (decision.outcome !== 'accepted') return
  for (const effect of decision.effects) {
    if (effect.type !== 'consent' || effect.decision !== 'given') continue
    const asked = kept?.asks?.[effect.purpose]
    const now = definition.purposes[effect.purpose]?.version ?? 1
    if (asked === undefined || asked >= now) continue
    const because = `the letter it answers asked for consent to version ${asked} of \`${effect.purpose}\`, and now version ${now} counts: ask again`
    throw new Refusal('nothing-to-do', because)
  }
}

async function openLetter(letter: StoredLetter, parts: Parts): Promise<KeptLetter | undefined> {
  if (!letter.sealed) return undefined
  const client = letter.clientId ? await parts.loads.client(letter.clientId) : undefined
  const holder = letter.clientId ? holderOf(client ?? null, parts.vault) : parts.fallback()
  return holder && (parts.vault.openRecord(holder, letterPlace(letter.caseId, letter.seq), letter.sealed) as KeptLetter)
}

async function holderFor(message: StoredMessage, { loads, vault, fallback }: Parts): Promise<Holder | undefined> {
  if (!message.clientId) return fallback()
  const client = await loads.client(message.clientId)
  return holderOf(client ?? null, vault)
}

const hour = 3_600_000

/** Finds the letter a message answers, with every address that its client is known by. */
function sentLetters({ db, loads, vault, versions, clock }: Parts): SentLetters {
  return {
    async find(reference) {
      const [letter, row] = await Promise.all([loads.letter(reference), loads.case(reference.caseId)])
      if (!letter || !row) return undefined
      await versions.ensure([row.definitionHash])
      const { state, running, holder } = assemble(row, versions.of(row.definitionHash, row.process), vault)
      const addresses = [state.client.email, ...caseAddresses(state, running), sentTo(letter, holder, vault)]
      const answers = await countedSince(db.pool, reference.caseId, new Date(Date.parse(clock.now()) - hour))
      return { name: letter.letter, answers, addresses: addresses.filter((address) => address !== undefined) }
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
  const { to, toClient } = vault.openRecord(holder, letterPlace(letter.caseId, letter.seq), letter.sealed) as KeptLetter
  // To somebody else whom the case names, a referee say: their answer is not the client's.
  return toClient === false ? undefined : to
}
