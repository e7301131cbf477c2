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
import { type Reasoning, type Why, whyInWords } from '../mail/why.ts'
import { reasonOf } from '../reasons.ts'
import { Refusal } from '../refusal.ts'
import { loadCases } from '../store/cases.ts'
import { loadClient } from '../store/clients.ts'
import {
  countedSince,
  loadLetter,
  loadMessage,
  type StoredLetter,
  type StoredMessage,
  settleMessage,
} from '../store/correspondence.ts'
import type { Database } from '../store/database.ts'
import type { Holder, Vault } from '../vault/vault.ts'
import { Waits } from './failure.ts'
import { noteReport, type ReportParts } from './report.ts'
import type { Job } from './worker.ts'

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

/** Judges one message that was taken in and, where it is the client's own answer, lets it happen to its case. */
export function messageJob(parts: MessageParts): Job {
  return async (payload, { last }) => {
    const key = Buffer.from((payload as { key: string }).key, 'base64')
    const message = await loadMessage(parts.db.pool, key)
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
}

async function settle(parts: MessageParts, message: StoredMessage, examined: Examined): Promise<void> {
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
  parts: MessageParts,
  message: StoredMessage,
  { verdict, incoming, sha256, authentication }: Examined,
  reference: { readonly caseId: string; readonly seq: number },
): Promise<void> {
  const letter = await loadLetter(parts.db.pool, reference.caseId, reference.seq)
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

async function openLetter(letter: StoredLetter, parts: MessageParts): Promise<KeptLetter | undefined> {
  if (!letter.sealed) return undefined
  const client = letter.clientId ? await loadClient(parts.db.pool, letter.clientId) : undefined
  const holder = letter.clientId ? holderOf(client ?? null, parts.vault) : parts.fallback()
  return holder && (parts.vault.openRecord(holder, letterPlace(letter.caseId, letter.seq), letter.sealed) as KeptLetter)
}

async function holderFor(message: StoredMessage, { db, vault, fallback }: MessageParts): Promise<Holder | undefined> {
  if (!message.clientId) return fallback()
  const client = await loadClient(db.pool, message.clientId)
  return holderOf(client ?? null, vault)
}

const hour = 3_600_000

/** Finds the letter a message answers, with every address that its client is known by. */
function sentLetters({ db, vault, versions, clock }: MessageParts): SentLetters {
  return {
    async find({ caseId, seq }) {
      const letter = await loadLetter(db.pool, caseId, seq)
      const row = (await loadCases(db.pool, [caseId])).get(caseId)
      if (!letter || !row) return undefined
      await versions.ensure([row.definitionHash])
      const { state, running, holder } = assemble(row, versions.of(row.definitionHash, row.process), vault)
      const addresses = [state.client.email, ...caseAddresses(state, running), sentTo(letter, holder, vault)]
      const answers = await countedSince(db.pool, caseId, new Date(Date.parse(clock.now()) - hour))
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
